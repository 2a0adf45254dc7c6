"""What is known of records besides their text: a file of metadata beside them, and a source's defaults."""

import json
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from harness.core.errors import HarnessError, InputError, raise_all
from harness.core.recipe import SourceSettings
from harness.core.schema import METADATA_COLUMNS, RAW
from harness.sources.json_values import DECODER, as_text

_KEY = "file"


@dataclass(frozen=True)
class Sidecar:
    """A file of metadata: for each locator that it names, the line that does and what it says."""

    where: str
    lines: dict[str, int]
    said: dict[str, dict[str, str | None]]

    def refuse_unknown(self, named: Iterable[str]) -> None:
        """Refuse lines whose locators were found to belong to nothing.

        Raises:
            InputError: There are some; they come together.
        """
        raise_all(
            [
                InputError(
                    f"metadata for '{locator}', which is not there",
                    where=f"{self.where}: line {self.lines[locator]}",
                    remedy="'file' is the path from the source's folder, such as a/b.txt, x.zip!b.txt or f.jsonl#L12",
                )
                for locator in named
            ]
        )


NO_SIDECAR = Sidecar("", {}, {})


def read_sidecar(opened: Callable[[], AbstractContextManager[BinaryIO]], where: str) -> Sidecar:
    """Read a JSONL file of metadata; keys that are no columns are ignored.

    Args:
        opened: Opens the file.
        where: Its name in errors.

    Raises:
        InputError: It cannot be read, a line is broken or names no file, or two name the same. Several
            mistakes come together.
    """
    lines: dict[str, int] = {}
    said: dict[str, dict[str, str | None]] = {}
    errors: list[HarnessError] = []
    for number, line in enumerate(_text_of(opened, where).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            entry = _entry(line)
            locator = str(entry[_KEY])
            if locator in lines:
                raise ValueError(f"'{locator}' has metadata in line {lines[locator]} already")  # noqa: TRY301 - all mistakes take one way
        except ValueError as error:
            errors.append(InputError(str(error), where=f"{where}: line {number}", remedy="mend the line"))
            continue
        lines[locator] = number
        said[locator] = {name: as_text(entry.get(name)) for name in METADATA_COLUMNS}
    raise_all(errors)
    return Sidecar(where, lines, said)


def with_metadata(batch: pa.Table, sidecar: Sidecar, settings: SourceSettings) -> pa.Table:
    """Fill what a record does not say of itself from the sidecar, then from the source's defaults.

    Blank values count as not said. A record without a licence has the source's.
    """
    beside = [sidecar.said.get(locator) for locator in batch["locator"].to_pylist()] if sidecar.said else []
    for name in METADATA_COLUMNS:
        values = _blank_to_null(batch[name])
        if beside:
            found = [entry[name] if entry else None for entry in beside]
            values = pc.coalesce(values, _blank_to_null(pa.array(found, pa.string())))
        default = _default(settings, name)
        if default is not None:
            values = pc.fill_null(values, default)
        place = RAW.get_field_index(name)
        batch = batch.set_column(place, RAW.field(place), values)
    return batch


def _text_of(opened: Callable[[], AbstractContextManager[BinaryIO]], where: str) -> str:
    try:
        with opened() as stream:
            return stream.read().decode("utf-8-sig")
    except FileNotFoundError:
        raise InputError(
            "the file of metadata is not there",
            where=where,
            remedy="check the source's 'metadata': its path begins at that of the source",
        ) from None
    except OSError as error:
        raise InputError(f"the file of metadata cannot be read: {error.strerror}", where=where) from error
    except UnicodeDecodeError as error:
        raise InputError(
            f"the file of metadata is not UTF-8 at byte {error.start + 1}",
            where=where,
            remedy="convert it to UTF-8",
        ) from None


def _entry(line: str) -> dict[str, Any]:
    try:
        entry = DECODER.decode(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"this is not JSON: {error.msg} at character {error.pos + 1}") from None
    except RecursionError:
        raise ValueError("this is not JSON: the values are nested too deeply") from None
    if not isinstance(entry, dict) or not isinstance(entry.get(_KEY), str):
        raise ValueError(f"the line does not name the file that it is about, under '{_KEY}'")  # noqa: TRY004 - the file is wrong, no argument
    return entry


def _default(settings: SourceSettings, name: str) -> str | None:
    default: str | None = getattr(settings.defaults, name, None)
    return default or (settings.license if name == "license" else None)


def _blank_to_null(values: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    if values.null_count == len(values):
        return values
    blank = pc.equal(pc.binary_length(pc.ascii_trim_whitespace(values)), 0)
    return pc.if_else(pc.fill_null(blank, False), pa.scalar(None, pa.string()), values)
