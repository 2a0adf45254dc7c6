"""Pairs of texts that people scored by how alike they are: TSV with a header, or JSON lines."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.core.errors import HarnessError, InputError, named
from harness.evaluation.annotations.binding import Anchor
from harness.evaluation.annotations.files import parse_json, place_of, raise_first, read_lines

_REQUIRED = ("first", "second", "score")
_OPTIONAL = ("id", "first_id", "second_id")
_HEADER = "begin a TSV file with the names of its columns: first, second, score; where you like id, first_id, second_id"


@dataclass(frozen=True)
class ScoredPair:
    """One pair.

    Args:
        id: As the file has it, else the number of its line.
        anchors: Which documents the two are of.
        texts: As given.
        score: Within the range that the task states.
    """

    id: str
    anchors: tuple[Anchor, Anchor]
    texts: tuple[str, str]
    score: float


def read_pairs(path: Path, *, lowest: float, highest: float) -> list[ScoredPair]:
    """Read pairs; `*.jsonl` as objects one a line, all else as TSV without quoting.

    `first_id` and `second_id` name the documents that the texts are of; without them the texts tell.

    Args:
        path: The file.
        lowest: The score of texts that have nothing to do with each other.
        highest: The score of texts that say the same.

    Raises:
        NoEvidenceError: There is no such file.
        InputError: A line has no two texts, or no score within the range; or two pairs have one id.
    """
    rows = _of_json_lines if path.suffix == ".jsonl" else _of_tsv
    errors: list[HarnessError] = []
    pairs: list[ScoredPair] = []
    for line, entry in rows(path, errors):
        try:
            pairs.append(_pair(path, line, entry, (lowest, highest)))
        except InputError as error:
            errors.append(error)
    times = Counter(pair.id for pair in pairs)
    doubled = sorted(name for name, count in times.items() if count > 1)
    if doubled:
        errors.append(
            InputError(
                f"several pairs have one id: {named(doubled)}",
                where=str(path),
                remedy="give each an id of its own",
            )
        )
    raise_first(errors, path)
    return pairs


_Rows = Iterator[tuple[int, Mapping[str, Any]]]


def _of_json_lines(path: Path, errors: list[HarnessError]) -> _Rows:
    for line, text in enumerate(read_lines(path), start=1):
        where = place_of(path, line)
        try:
            entry = parse_json(text, where) if text.strip() else None
        except InputError as error:
            errors.append(error)
            continue
        if isinstance(entry, dict):
            yield line, entry
        elif text.strip():
            errors.append(
                InputError(
                    "this line is no object", where=where, remedy=f"give it the keys {', '.join(_REQUIRED)}"
                )
            )


def _of_tsv(path: Path, errors: list[HarnessError]) -> _Rows:
    header, *lines = read_lines(path) or [""]
    columns = [name.strip() for name in header.split("\t")]
    unknown = sorted(set(columns) - {*_REQUIRED, *_OPTIONAL})
    if unknown or not set(_REQUIRED) <= set(columns) or len(set(columns)) < len(columns):
        raise InputError(
            f"the first line is no header of pairs: {header[:80]!r}", where=place_of(path, 1), remedy=_HEADER
        )
    for line, text in enumerate(lines, start=2):
        cells = text.split("\t")
        if not text.strip():
            continue
        if len(cells) != len(columns):
            errors.append(
                InputError(
                    f"this line has {len(cells)} cells under {len(columns)} columns",
                    where=place_of(path, line),
                    remedy="part cells by one tab each; a text with tabs or line breaks goes into a .jsonl file",
                )
            )
            continue
        yield line, dict(zip(columns, cells, strict=True))


def _pair(path: Path, line: int, entry: Mapping[str, Any], limits: tuple[float, float]) -> ScoredPair:
    where = place_of(path, line)
    texts = tuple(entry.get(side) for side in ("first", "second"))
    if not all(isinstance(text, str) and text.strip() for text in texts):
        raise InputError(
            "this pair lacks one of its texts", where=where, remedy="fill both 'first' and 'second'"
        )
    score = _score(entry.get("score"), where, limits)
    first, second = (
        Anchor(place_of(Path(path.name), line), _names(entry.get(f"{side}_id")), str(entry[side]))
        for side in ("first", "second")
    )
    name = entry.get("id")
    return ScoredPair(str(name) if name else f"L{line}", (first, second), (first.text, second.text), score)


def _names(document: object) -> Mapping[str, str]:
    return {"id": document} if isinstance(document, str) and document else {}


def _score(value: object, where: str, limits: tuple[float, float]) -> float:
    lowest, highest = limits
    try:
        score = (
            float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else math.nan
        )
    except (ValueError, OverflowError):
        score = math.nan
    if not math.isfinite(score):
        raise InputError(
            f"the score is no number: {str(value)[:40]!r}",
            where=where,
            remedy="write a finite number with a decimal point; leave pairs that nobody scored out of the file",
        )
    if not lowest <= score <= highest:
        raise InputError(
            f"the score {score:g} lies outside {lowest:g} to {highest:g}",
            where=where,
            remedy="mend it, or state the range by 'lowest' and 'highest' in tasks.toml",
        )
    return score
