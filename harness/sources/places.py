"""Where the files of a source are: a folder or file of this machine, standard input, or an address."""

import os
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import unquote

from harness.core.errors import InputError
from harness.core.recipe import SourceSettings
from harness.sources.listing import Listed, list_files
from harness.sources.remote import RemotePlace
from harness.sources.standard_input import STANDARD_INPUT, StandardInput

_FILE = "file://"


class Place(Protocol):
    """A place that was found to be there."""

    @property
    def listed(self) -> list[Listed]:
        """All files, in natural order."""

    @property
    def is_single(self) -> bool:
        """Whether the place is one file, which no pattern has to choose."""

    def open(self, path: str) -> AbstractContextManager[BinaryIO]:
        """Open a file by the path that it is listed with, or that `path_of` gives."""

    def path_of(self, name: str) -> str:
        """Give the path of a file by its name from the source's folder, whether it is listed or not."""

    def is_same(self, path: str, other: str) -> bool:
        """Tell whether two paths are of one file."""


def is_address(path: str) -> bool:
    """Tell whether a source's path is no path of this machine: `s3://…`, `hf://…`, or `-` for standard input."""
    return path == STANDARD_INPUT or "://" in path


def shown_place(settings: SourceSettings, root: Path) -> str:
    """Write a source's place for people."""
    return settings.path if is_address(settings.path) else str(root / settings.path)


def find_place(settings: SourceSettings, root: Path) -> Place:
    """Look at a source's place and list what it offers.

    Raises:
        InputError: There is nothing there, or it cannot be reached.
        ConfigurationError: Nothing that is installed reads such an address.
    """
    if settings.path == STANDARD_INPUT:
        return StandardInput.read()
    if settings.path.startswith(_FILE):
        return LocalPlace.find(settings, Path(unquote(settings.path.removeprefix(_FILE))))
    if is_address(settings.path):
        return RemotePlace.find(settings)
    return LocalPlace.find(settings, root / settings.path)


@dataclass(frozen=True)
class LocalPlace:
    """A folder of this machine, or one file in it."""

    folder: Path
    listed: list[Listed]
    is_single: bool

    @classmethod
    def find(cls, settings: SourceSettings, place: Path) -> "LocalPlace":
        """List a folder, or take the one file.

        Raises:
            InputError: There is neither.
        """
        if place.is_file():
            return cls(place.parent, [Listed(place.name, str(place))], is_single=True)
        if not place.is_dir():
            raise InputError(
                f"source '{settings.name}' has no such file or folder",
                where=str(place),
                remedy="check the source's 'path', which is relative to the recipe's folder",
            )
        return cls(place, list_files(str(place)), is_single=False)

    def open(self, path: str) -> BinaryIO:
        """Open a file; its name need not be UTF-8."""
        return open(path, "rb")  # noqa: PTH123 - see above; the reader closes it

    def path_of(self, name: str) -> str:
        """Join a name to the folder."""
        return str(self.folder / name)

    def is_same(self, path: str, other: str) -> bool:
        """Compare what paths lead to, links followed."""
        return os.path.realpath(path) == os.path.realpath(other)
