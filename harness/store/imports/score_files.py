"""Scores by segment: lines of JSON with ids, or one number a line, as sacrebleu's sentence level prints them."""

import re
from pathlib import Path
from typing import Any

from harness.store.imports.model import Imported, ImportedItem
from harness.store.imports.reading import LARGEST_SCORE, broken, lines_of, number_of, objects_of, shown

_METRIC = "score"
# `chrF2|nrefs:1|case:lc|… = 57.3` and `BLEU|… = 13.9 75.0/…`: a signature, a number, perhaps more.
_SIGNED = re.compile(r"(?P<signature>\S+)\s+=\s+(?P<number>-?[0-9.]+(?:[eE][-+]?[0-9]+)?)(?:\s|$)")
_TEXTS = ("input", "reference", "output")


def read_score_rows(path: Path) -> Imported:
    """Read lines of `{"id": …, "score": 0.7}` or `{"id": …, "scores": {"bleu": 31.2, …}}`.

    `cluster`, `document_id`, `input`, `reference` and `output` may stand beside them. The first line may be a header,
    `{"system": …, "task": …, "version": …, "signatures": {…}}`. Without one the system is named by the file, and the
    task is `scores`.

    Raises:
        InputError: A line has no id, or no number.
    """
    header: dict[str, Any] = {}
    items = []
    for number, row in objects_of(path):
        if number == 1 and "id" not in row and ("system" in row or "task" in row):
            header = row
        else:
            items.append(_item(number, row, path))
    signatures = header.get("signatures")
    return Imported(
        tool="scores",
        system=str(header.get("system") or path.stem)[:200],
        task=str(header.get("task") or "scores")[:200],
        items=tuple(items),
        signatures={str(k): str(v) for k, v in signatures.items()} if isinstance(signatures, dict) else {},
        version=str(header.get("version") or "")[:200],
        lower_is_better=frozenset(map(str, header.get("lower_is_better") or ())),
    )


def _item(number: int, row: dict[str, Any], path: Path) -> ImportedItem:
    if not isinstance(row.get("id"), int | str):
        raise broken(path, f"line {number} has no 'id'")
    told = row.get("scores", {_METRIC: row.get("score")})
    scores = {
        str(name): value
        for name, given in (told.items() if isinstance(told, dict) else ())
        if (value := number_of(given)) is not None
    }
    if not scores:
        raise broken(
            path,
            f"line {number} has no number up to {LARGEST_SCORE:g} under 'score' or 'scores' "
            "(answers without scores: harness run)",
        )
    texts = {name: shown(row.get(name)) for name in _TEXTS}
    cluster, document = row.get("cluster"), row.get("document_id")
    return ImportedItem(
        item_id=str(row["id"]),
        scores=scores,
        cluster=None if cluster is None else str(cluster),
        document_id=None if document is None else str(document),
        **texts,
    )


def read_score_lines(path: Path) -> Imported:
    """Read one score a line; a segment is known by its number, from 1.

    Raises:
        InputError: A line is no number, or signatures change between lines.
    """
    items = []
    signatures = set[str]()
    for number, line in lines_of(path):
        signed = _SIGNED.match(line)
        signatures.add(signed["signature"] if signed else "")
        try:
            score = number_of(float(signed["number"] if signed else line))
        except ValueError:
            score = None
        if score is None:
            raise broken(path, f"line {number} is no number")
        items.append((number, score))
    if len(signatures) > 1:
        raise broken(path, "the lines bear different signatures")
    signature = next(iter(signatures), "")
    metric = signature.partition("|")[0] or _METRIC
    return Imported(
        tool="sacrebleu" if signature else "segments",
        system=path.stem,
        task="segments",
        items=tuple(ImportedItem(f"{number:07}", {metric: score}) for number, score in items),
        signatures={metric: signature} if signature else {},
    )
