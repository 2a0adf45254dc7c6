"""Logs of Inspect: one JSON file, or an `.eval` archive with a JSON file for each sample."""

import math
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from harness.store.imports.model import MOST_ITEMS, Imported, ImportedItem
from harness.store.imports.reading import (
    MOST_BYTES,
    MOST_LINE_BYTES,
    as_object,
    broken,
    number_of,
    parsed,
    shown,
    whole_json,
)

# How newer versions (between 0.3.69 and 0.3.179) pack an archive; the standard library knows it from 3.14 on.
_ZSTANDARD = 93
_LOCAL_HEADER = struct.Struct(
    "<26xHH"
)  # of a file in a zip: at its end the lengths of its name and extra field

# Inspect's marks: correct, incorrect, partially correct, no answer; and the words that it counts alike.
_MARKS = {"C": 1.0, "I": 0.0, "P": 0.5, "N": 0.0, "yes": 1.0, "true": 1.0, "no": 0.0, "false": 0.0}


def read_inspect(path: Path) -> Imported:
    """Read a log. Several epochs of a sample are averaged: one item, one score.

    Raises:
        InputError: It is no log, a sample crashed, or the log is larger than the bounds.
    """
    header, samples = _archive(path) if zipfile.is_zipfile(path) else _plain(path)
    told = as_object(header.get("eval"), path, "'eval'")
    seen: dict[str, list[dict[str, Any]]] = {}
    for sample in samples:
        if not isinstance(sample.get("id"), int | str):
            raise broken(path, "a sample has no 'id'")
        if sample.get("error"):
            raise broken(path, f"sample {shown(sample['id'])[:50]} ended with an error, and has no score")
        seen.setdefault(str(sample["id"]), []).append(sample)
    version = told.get("task_version")
    return Imported(
        tool="inspect",
        system=str(told.get("model") or path.stem)[:200],
        task=str(told.get("task") or "task")[:200],
        items=tuple(_item(item, epochs) for item, epochs in seen.items()),
        version="" if version is None else str(version)[:50],
    )


def _plain(path: Path) -> tuple[dict[str, Any], Iterator[dict[str, Any]]]:
    log = as_object(whole_json(path), path, "the file")
    samples = log.get("samples")
    if not isinstance(samples, list):
        raise broken(path, "it has no list of 'samples'")
    return log, (as_object(sample, path, "a sample") for sample in samples)


def _archive(path: Path) -> tuple[dict[str, Any], Iterator[dict[str, Any]]]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = {info.filename: info for info in archive.infolist()}
            members = [names[name] for name in sorted(names) if name.startswith("samples/")]
            if sum(info.file_size for info in names.values()) > MOST_BYTES or len(members) > MOST_ITEMS:
                raise broken(path, "the archive unpacks to more than the bounds allow")
            if "header.json" not in names:
                raise broken(path, "the archive has no header.json: the run did not end")
            header = _member(archive, names["header.json"], path)
            return header, iter([_slim(_member(archive, info, path)) for info in members])
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, zlib.error) as error:
        raise broken(
            path, f"the archive is broken or packed in an unknown way ({type(error).__name__})"
        ) from None


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> dict[str, Any]:
    if max(info.file_size, info.compress_size) > MOST_LINE_BYTES:
        raise broken(path, f"a file in the archive is larger than {MOST_LINE_BYTES >> 20} MB")
    if info.compress_type == _ZSTANDARD:
        content = _unpacked(path, info)
    else:
        with archive.open(info) as stream:
            content = stream.read(MOST_LINE_BYTES + 1)  # what a header says of a size is not believed
    if len(content) > MOST_LINE_BYTES:
        raise broken(path, f"a file in the archive is larger than {MOST_LINE_BYTES >> 20} MB")
    return as_object(parsed(content, path, shown(info.filename)), path, shown(info.filename))


def _unpacked(path: Path, info: zipfile.ZipInfo) -> bytes:
    """Read a file of the archive that is packed by Zstandard, and no more of it than the bounds allow."""
    with path.open("rb") as stream:
        stream.seek(info.header_offset)
        header = stream.read(_LOCAL_HEADER.size)
        if len(header) < _LOCAL_HEADER.size:
            raise broken(path, "the archive is broken: a file in it is cut off")
        stream.seek(sum(_LOCAL_HEADER.unpack(header)), 1)
        packed = stream.read(info.compress_size)
    with pa.CompressedInputStream(pa.BufferReader(packed), "zstd") as unpacking:
        content = bytes(unpacking.read(MOST_LINE_BYTES + 1))
    if len(content) <= MOST_LINE_BYTES and zlib.crc32(content) != info.CRC:
        raise broken(path, "the archive is broken: a file in it is not what was packed")
    return content


def _slim(sample: dict[str, Any]) -> dict[str, Any]:
    """Keep what is read of a sample; its transcript may be a thousand times as long."""
    kept = {name: sample.get(name) for name in ("id", "epoch", "target", "output", "scores", "error")}
    return {**kept, "input": _asked(sample.get("input"))}


def _asked(told: Any) -> str:
    """Read what was asked: a text, or the messages of a chat, each a text or a list of parts."""
    messages = told if isinstance(told, list) else [told]
    contents = [one.get("content") if isinstance(one, dict) else one for one in messages]
    parts = [part for content in contents for part in (content if isinstance(content, list) else [content])]
    texts = [part.get("text") if isinstance(part, dict) else part for part in parts]
    return shown("\n".join(text for text in texts if isinstance(text, str)))


def _item(item: str, epochs: list[dict[str, Any]]) -> ImportedItem:
    scored = [_scores(sample.get("scores")) for sample in epochs]
    common = [name for name in scored[0] if all(name in scores for scores in scored)]
    first = epochs[0]
    output = first.get("output")
    return ImportedItem(
        item_id=item,
        scores={name: math.fsum(scores[name] for scores in scored) / len(scored) for name in common},
        input=_asked(first.get("input")),
        reference=shown(first.get("target")),
        output=shown(output.get("completion")) if isinstance(output, dict) else None,
    )


def _scores(scores: Any) -> dict[str, float]:
    found: dict[str, float] = {}
    for scorer, score in scores.items() if isinstance(scores, dict) else ():
        value = score.get("value") if isinstance(score, dict) else None
        parts = (
            {f"{scorer}/{key}": part for key, part in value.items()}
            if isinstance(value, dict)
            else {scorer: value}
        )
        for name, part in parts.items():
            number = _MARKS.get(part, _MARKS.get(part.lower())) if isinstance(part, str) else number_of(part)
            if number is not None:
                found[name] = number
    return found
