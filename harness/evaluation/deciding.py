"""The items to read: those on which systems part most, and those that all got wrong; few, of different texts."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harness.core.fingerprints import canonical_json, sha256_of
from harness.evaluation.alignment import Aligned, RunItems
from harness.evaluation.asked import shown_input
from harness.evaluation.resampling import Floats
from harness.evaluation.results import AllWrong, Answer, DecidingItem
from harness.text.visible import excerpt

MOST_ITEMS = 12
MOST_ALL_WRONG = 6
EXCERPT_CHARS = 400
_TITLE_CHARS = 120
_SHOWN_RANKS = 3


def deciding_items(aligned: Aligned, metric: str, *, limit: int = MOST_ITEMS) -> tuple[DecidingItem, ...]:
    """Pick the items that tell the systems apart, at most one a cluster and one a wording.

    Items are grouped by who did best on them. The groups take turns, the most frequent first, each giving
    its item of largest spread; ties are broken by a hash of the item's id, not by its place in the corpus.

    Args:
        aligned: The runs, item by item.
        metric: The metric whose item scores decide.
        limit: How many items at most.
    """
    scores = aligned.scores[metric]
    ids = aligned.runs[0].items.column("item_id").to_pylist()
    spread = _spread(scores)
    apart = np.flatnonzero(spread > 0).tolist()
    apart.sort(key=lambda row: (-spread[row], sha256_of(ids[row])))
    groups: dict[tuple[bool, ...], list[int]] = defaultdict(list)
    for row in apart:
        groups[tuple((scores[row] == np.nanmax(scores[row])).tolist())].append(row)
    rows = _in_turns(sorted(groups.values(), key=len, reverse=True), _kinship(aligned), limit)
    return tuple(_item(aligned, scores, row) for row in rows)


def items_apart(aligned: Aligned, metric: str) -> int:
    """Count the items on which not all systems have the same score; of those, `deciding_items` picks some."""
    return int((_spread(aligned.scores[metric]) > 0).sum())


def all_wrong_items(aligned: Aligned, metric: str, *, limit: int = MOST_ALL_WRONG) -> AllWrong:
    """Count the items on which every system scored 0, and pick some, at most one a cluster and one a wording.

    An item that some system was not scored on is none of them, and neither is one that no system answered.
    Those on which all gave the same answer come first: there the reference is the likeliest to be wrong.

    Args:
        aligned: The runs, item by item.
        metric: One whose item scores are at least 0, higher being better.
        limit: How many items at most are shown.
    """
    scores = aligned.scores[metric]
    ids = aligned.runs[0].items.column("item_id").to_pylist()
    said = list(zip(*(run.items.column("output").to_pylist() for run in aligned.runs), strict=True))
    rows = [row for row in np.flatnonzero((scores == 0).all(axis=1)).tolist() if any(said[row])]
    rows.sort(key=lambda row: (len(set(said[row])) > 1, sha256_of(ids[row])))
    return AllWrong(
        items=len(rows),
        clusters=len(set(aligned.clusters[rows].tolist())),
        shown=tuple(_item(aligned, scores, row) for row in _in_turns([rows], _kinship(aligned), limit)),
    )


def _kinship(aligned: Aligned) -> list[tuple[str, str]]:
    """Give each item's cluster and wording."""
    inputs = aligned.runs[0].items.column("input").to_pylist()
    return list(zip(aligned.clusters.tolist(), inputs, strict=True))


def _spread(scores: Floats) -> Floats:
    """Give best less worst score of each item, 0 where fewer than two systems were scored."""
    scored = ~np.isnan(scores)
    highest = np.where(scored, scores, -np.inf).max(axis=1)
    lowest = np.where(scored, scores, np.inf).min(axis=1)
    spread: Floats = np.subtract(highest, lowest, out=np.zeros(len(scores)), where=scored.any(axis=1))
    return spread


def _in_turns(groups: list[list[int]], kinship: list[tuple[str, str]], limit: int) -> list[int]:
    clusters, inputs = set[str](), set[str]()
    rows: list[int] = []
    waiting = [iter(group) for group in groups]
    while waiting and len(rows) < limit:
        for group in tuple(waiting):
            row = next(
                (r for r in group if kinship[r][0] not in clusters and kinship[r][1] not in inputs), None
            )
            if row is None:
                waiting.remove(group)
            elif len(rows) < limit:
                rows.append(row)
                clusters.add(kinship[row][0])
                inputs.add(kinship[row][1])
    return rows


def _item(aligned: Aligned, scores: Floats, row: int) -> DecidingItem:
    fields = aligned.runs[0].items.slice(row, 1).to_pylist()[0]
    relevant = as_ids(fields["reference"])
    answers = tuple(
        _answer(run, row, None if np.isnan(score) else float(score), relevant)
        for run, score in zip(aligned.runs, scores[row], strict=True)
    )
    shown = None if relevant is None else _shown_relevant(relevant, answers)
    return DecidingItem(
        item_id=fields["item_id"],
        document_id=fields["document_id"],
        cluster=fields["cluster"],
        title=excerpt(fields["title"] or "", limit=EXCERPT_CHARS),
        input=shown_input(fields["input"], limit=EXCERPT_CHARS),
        reference=excerpt(fields["reference"], limit=EXCERPT_CHARS)
        if shown is None
        else canonical_json(shown),
        lang=fields.get("lang") or "",
        answers=answers,
        relevant=None if relevant is None else len(relevant),
        titles={} if shown is None else _titles(aligned, {*shown, *_ranked_first(answers)}),
    )


def _answer(run: RunItems, row: int, score: float | None, relevant: list[str] | None) -> Answer:
    said = run.items.slice(row, 1).to_pylist()[0]
    output = said["output"]
    ranking = None if output is None or relevant is None else as_ids(output)
    if ranking is None or relevant is None:
        output = None if output is None else excerpt(output, limit=EXCERPT_CHARS)
        return Answer(run_id=run.result.run_id, output=output, score=score, failure=said["failure"])
    right = (rank for rank, entry in enumerate(ranking, start=1) if entry in relevant)
    return Answer(
        run_id=run.result.run_id,
        output=canonical_json(ranking[:_SHOWN_RANKS]),
        score=score,
        failure=said["failure"],
        ranked=len(ranking),
        first_relevant=next(right, None),
    )


def _shown_relevant(relevant: list[str], answers: Sequence[Answer]) -> list[str]:
    """Keep the first few, and each that an answer shows: there it has to be known as right."""
    said = set(_ranked_first(answers))
    return [entry for place, entry in enumerate(relevant) if place < _SHOWN_RANKS or entry in said]


def _ranked_first(answers: Sequence[Answer]) -> Iterator[str]:
    for answer in answers:
        if answer.ranked:
            yield from as_ids(answer.output or "") or ()


def _titles(aligned: Aligned, documents: set[str]) -> dict[str, str]:
    """Look titles up among the items; a document without one is asked for nowhere."""
    items = aligned.runs[0].items.select(["document_id", "title"])
    found = items.filter(pc.is_in(items.column("document_id"), pa.array(sorted(documents), pa.string())))
    rows = zip(*(found.column(name).to_pylist() for name in found.column_names), strict=True)
    return {document: excerpt(title, limit=_TITLE_CHARS) for document, title in rows if title}


def as_ids(value: str) -> list[str] | None:
    """Read a ranking, or a set of relevant ids, which runs keep as a JSON list; None for anything else."""
    if not value.startswith("["):
        return None
    try:
        ids = json.loads(value)
    except ValueError:
        return None
    return ids if isinstance(ids, list) and all(isinstance(entry, str) for entry in ids) else None
