"""Logs of Inspect: one JSON file, or an `.eval` archive with a JSON file for each sample."""

import math
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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

# Inspect's marks: correct, incorrect, partially correct, no answer.
_MARKS = {"C": 1.0, "I": 0.0, "P": 0.5, "N": 0.0}


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
    if info.file_size > MOST_LINE_BYTES:
        raise broken(path, f"a file in the archive is larger than {MOST_LINE_BYTES >> 20} MB")
    with archive.open(info) as stream:
        content = stream.read(MOST_LINE_BYTES + 1)  # what a header says of a size is not believed
    if len(content) > MOST_LINE_BYTES:
        raise broken(path, f"a file in the archive is larger than {MOST_LINE_BYTES >> 20} MB")
    return as_object(parsed(content, path, shown(info.filename)), path, shown(info.filename))


def _slim(sample: dict[str, Any]) -> dict[str, Any]:
    """Keep what is read of a sample; its transcript may be a thousand times as long."""
    kept = {name: sample.get(name) for name in ("id", "epoch", "target", "output", "scores", "error")}
    return {**kept, "input": shown(sample.get("input"))}


def _item(item: str, epochs: list[dict[str, Any]]) -> ImportedItem:
    scored = [_scores(sample.get("scores")) for sample in epochs]
    common = [name for name in scored[0] if all(name in scores for scores in scored)]
    first = epochs[0]
    output = first.get("output")
    return ImportedItem(
        item_id=item,
        scores={name: math.fsum(scores[name] for scores in scored) / len(scored) for name in common},
        input=shown(first.get("input")),
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
            number = _MARKS.get(part) if isinstance(part, str) else number_of(part)
            if number is not None:
                found[name] = number
    return found
