"""All sources of a recipe, one after the other, as batches of raw records."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from harness.core.errors import HarnessError, InputError, raise_all
from harness.core.recipe import SourceKind, SourceSettings
from harness.curation.raw_parts import RawPart
from harness.sources.files import FilesSource
from harness.sources.parallel_lines import ParallelLinesSource
from harness.sources.raw_file import Limits
from harness.sources.remembering import Asked, Memory
from harness.sources.standard_input import STANDARD_INPUT

_PATTERN_SIGN = re.compile(r"[*?\[]")
_NOT_IN_A_NAME = re.compile(r"[^a-z0-9]+")


class _Source(Protocol):
    """A source that was found to be there."""

    def read(self, asked: Asked) -> Iterator[RawPart]:
        """Give its records in canonical order."""


# A new kind is one module and one entry here.
_KINDS: dict[SourceKind, Callable[[SourceSettings, Path], _Source]] = {
    "files": FilesSource.find,
    "parallel-lines": ParallelLinesSource.find,
}


def read_raw(
    sources: Sequence[SourceSettings], root: Path, limits: Limits | None = None
) -> Iterator[pa.RecordBatch]:
    """Read the raw records of all sources.

    Args:
        sources: The recipe's sources.
        root: Folder that their paths are relative to.
        limits: How much they may ask of the machine; None for the usual.

    Returns:
        Batches of schema RAW, of about 8 MB of payload each. None where there is no record.

    Raises:
        InputError: See `read_parts`.
        ConfigurationError: See `read_parts`.
    """
    parts = read_parts(sources, root, limits=limits)
    return (batch for part in parts for batch in part.records.combine_chunks().to_batches())


def read_parts(
    sources: Sequence[SourceSettings],
    root: Path,
    *,
    memory: Memory | None = None,
    limits: Limits | None = None,
) -> Iterator[RawPart]:
    """Read the raw records of all sources, part by part; of what is remembered only the bytes are compared.

    They come in canonical order: sources as the recipe lists them, files in natural order of their paths
    (`a2` before `a10`), members of an archive likewise, lines and list elements as they stand. What cannot
    be read is a row with an error; hidden files are left out (see `harness.sources.naming`).

    Args:
        sources: The recipe's sources.
        root: Folder that their paths are relative to.
        memory: Of segments of files of lines, if there is one.
        limits: How much they may ask of the machine; None for the usual.

    Returns:
        Parts with records, of some megabytes each. None where there is no record.

    Raises:
        InputError: A source's place, its metadata or its alignment is wrong; several mistakes come together.
            Most are raised by the call, those of members and lines by the iteration.
        ConfigurationError: A pattern for file names is none.
    """
    found: list[_Source] = []
    errors: list[HarnessError] = []
    for settings in sources:
        try:
            found.append(_KINDS[settings.kind](settings, root))
        except HarnessError as error:
            errors.append(error)
    raise_all(errors)
    asked = Asked(limits or Limits(), 0, memory)
    return (
        part for number, source in enumerate(found) for part in source.read(replace(asked, number=number))
    )


def settings_for(path: Path) -> SourceSettings:
    """Describe a folder or a file as a source, for building it without a recipe.

    The source's path is relative to the folder itself, or to the folder that the file is in: no place on
    this machine enters the recipe.

    Raises:
        InputError: There is neither.
    """
    if not path.exists():
        raise InputError("there is no such file or folder", where=str(path), remedy="check the path")
    if not path.is_file() and not path.is_dir():
        raise InputError(
            "this is a pipe, a socket or a device",
            where=str(path),
            remedy="save what it gives to a file; articles are read more than once",
        )
    name = path.stem if path.is_file() else path.resolve().name
    return SourceSettings(name=_name_from(name), path=path.name if path.is_file() else ".")


def settings_for_pattern(pattern: str) -> tuple[SourceSettings, Path] | None:
    """Describe the files that a pattern names (`raw/**/*.jsonl`) as a source, with the folder that it is relative to.

    The folder is what stands before the first part with a sign; None where there is no sign, or no such folder.
    """
    parts = Path(pattern).parts
    first = next((place for place, part in enumerate(parts) if _PATTERN_SIGN.search(part)), None)
    folder = Path(*parts[:first])
    if first is None or not folder.is_dir():
        return None
    settings = settings_for(folder)
    return settings.model_copy(update={"include": ("/".join(parts[first:]),)}), folder.resolve()


def settings_for_address(address: str) -> SourceSettings:
    """Describe standard input (`-`) or what lies at an address as a source, without reaching for it."""
    name = address.rstrip("/").rpartition("/")[2].partition(".")[0]
    return SourceSettings(name="stdin" if address == STANDARD_INPUT else _name_from(name), path=address)


def _name_from(name: str) -> str:
    return _NOT_IN_A_NAME.sub("-", name.lower()).strip("-")[:96].rstrip("-") or "articles"
