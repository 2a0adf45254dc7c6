"""Raw records in: from files and folders to Arrow batches of schema RAW."""

from harness.sources.files import offers
from harness.sources.reading import read_raw, settings_for

__all__ = ["offers", "read_raw", "settings_for"]
