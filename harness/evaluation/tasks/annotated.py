"""What kinds share whose gold people annotated: which annotations are asked, and what became of the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import pyarrow as pa

from harness.core.errors import NoEvidenceError
from harness.evaluation.annotations.binding import Anchor, Beside, Bond, Tally, bind
from harness.evaluation.annotations.files import fingerprint_of
from harness.evaluation.tasks.task import CorpusIdentity, SampledSettings, no_gold, sampled

_Annotation = TypeVar("_Annotation")
_Row = dict[str, Any]


@dataclass(frozen=True)
class Bound(Generic[_Annotation]):
    """Annotations with the rows of their documents, in the order of the file, and the tally of all."""

    asked: list[tuple[_Annotation, tuple[_Row, ...]]]
    tally: Tally


def bound(
    annotations: Sequence[tuple[_Annotation, tuple[Anchor, ...]]],
    unit: str,
    asked: Sequence[_Row],
    beside: Beside,
) -> Bound[_Annotation]:
    """Bind annotations to the documents that are asked about.

    Args:
        annotations: Each with an anchor for each of its documents.
        unit: What one of them is, for people: `sentence`.
        asked: Rows of the documents that are asked about.
        beside: All kept documents, and what was dropped.
    """
    bonds = iter(bind([anchor for _, anchors in annotations for anchor in anchors], beside))
    ids = [] if beside.kept is None else beside.kept.column("id").to_pylist()
    row_of = {row["id"]: row for row in asked}
    found: list[tuple[_Annotation, tuple[_Row, ...]]] = []
    lost: dict[str, list[tuple[str, str]]] = {"dropped": [], "unknown": [], "ambiguous": []}
    altered: list[str] = []
    elsewhere = 0
    for annotation, anchors in annotations:
        own = [(anchor, next(bonds)) for anchor in anchors]
        broken = next(((anchor, bond) for anchor, bond in own if bond.row is None), None)
        if broken is not None:
            lost[broken[1].fate].append((broken[0].place, broken[1].why))
            continue
        rows = [row_of.get(ids[_row_of(bond)]) for _, bond in own]
        present = tuple(row for row in rows if row is not None)
        if len(present) == len(rows):
            found.append((annotation, present))
            altered += [anchor.place for anchor, bond in own if bond.is_elsewhere]
        else:
            elsewhere += 1
    places = {fate: tuple(place for place, _ in told) for fate, told in lost.items()}
    tally = Tally(
        unit,
        len(found),
        elsewhere,
        dropped=tuple(lost["dropped"]),
        unknown=places["unknown"],
        ambiguous=places["ambiguous"],
        altered=tuple(dict.fromkeys(altered)),
    )
    return Bound(found, tally)


def asked_of(documents: pa.Table, settings: SampledSettings) -> list[_Row]:
    """Give the rows of the documents that are asked about; see `sampled`."""
    return sampled(documents, settings)


def annotated_gold(what: str, path: Path, tally: Tally) -> str:
    """Say where gold comes from, and what of it is asked."""
    return f"{what}, annotated in {path.name} (sha256 {fingerprint_of(path)[:12]}); {tally.sentence}"


def nothing_bound(tally: Tally, path: Path, *, corpus: CorpusIdentity, task: str) -> NoEvidenceError:
    """Say that not one annotation can be asked, and why."""
    why = (
        f"{path.name} annotates none of its documents" if tally.total else f"{path.name} holds no annotation"
    )
    notes = f" ({'; '.join(tally.notes)})" if tally.notes else ""
    return no_gold(
        f"{why}: {tally.sentence}{notes}",
        corpus=corpus,
        task=task,
        remedy="name documents by id, locator or raw_sha256 as the version has them, or annotate its own texts",
    )


def _row_of(bond: Bond) -> int:
    if bond.row is None:
        raise ValueError("a bond without a document")
    return bond.row
