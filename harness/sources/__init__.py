"""Raw records in: from files and folders to Arrow batches of schema RAW."""

from harness.sources.reading import read_raw, settings_for

__all__ = ["read_raw", "settings_for"]
