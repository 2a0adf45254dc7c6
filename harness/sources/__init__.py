"""Raw records in: from files and folders to Arrow batches of schema RAW."""

from harness.sources.files import offers
from harness.sources.places import is_address, shown_place
from harness.sources.reading import (
    read_parts,
    read_raw,
    settings_for,
    settings_for_address,
    settings_for_pattern,
)

__all__ = [
    "is_address",
    "offers",
    "read_parts",
    "read_raw",
    "settings_for",
    "settings_for_address",
    "settings_for_pattern",
    "shown_place",
]
