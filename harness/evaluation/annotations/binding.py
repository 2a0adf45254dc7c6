"""Binding annotations to the documents of a version, so that none is lost without a word."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from harness.core.errors import InputError, named
from harness.core.schema import RECORDS
from harness.evaluation.annotations.finding import find_texts

Fate = Literal["kept", "dropped", "unknown", "ambiguous"]
# What names a document, in the order in which they are believed.
NAMES = ("id", "locator", "raw_sha256")


def _no_records() -> pa.Table:
    return RECORDS.empty_table()


@dataclass(frozen=True)
class Beside:
    """What annotations need beside the documents that are asked about.

    Args:
        folder: Where `tasks.toml` lies, which paths of annotations start from.
        kept: All kept documents, those of other splits included.
        records: Gives everything that the version read, as its table `records` tells it.
    """

    folder: Path = Path()
    kept: pa.Table | None = None
    records: Callable[[], pa.Table] = _no_records


@dataclass(frozen=True)
class Anchor:
    """What an annotation says of its document.

    Args:
        place: The annotation's own place, for people: `names.conll: line 7`.
        names: `id`, `locator` or `raw_sha256` of the document, as far as told.
        text: The annotated text, which tells the document where nothing names it.
    """

    place: str
    names: Mapping[str, str] = field(default_factory=dict)
    text: str = ""


@dataclass(frozen=True)
class Bond:
    """Where an annotation belongs.

    Args:
        fate: `kept`: to one kept document. `dropped`: to one that the build refused. `ambiguous`: its text stands in
            documents of several clusters. `unknown`: to none.
        row: The kept document's row; None for the others.
        why: The rule that dropped it.
        is_elsewhere: Whether the document that it names does not hold its text.
    """

    fate: Fate
    row: int | None = None
    why: str = ""
    is_elsewhere: bool = False


@dataclass(frozen=True)
class Tally:
    """What became of all annotations of a file.

    Args:
        unit: What is counted: `sentence`.
        asked: How many are asked.
        elsewhere: How many belong to kept documents that are not asked: of other splits, or not drawn.
        dropped: Places and rules of those whose documents the build refused.
        unknown: Places of those that belong to no document of the version.
        ambiguous: Places of those whose text stands in several documents that are no copies of each other.
        altered: Places of those that are asked though the document that they name does not hold their text.
    """

    unit: str
    asked: int
    elsewhere: int = 0
    dropped: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """All annotations of the file."""
        lost = len(self.dropped) + len(self.unknown) + len(self.ambiguous)
        return self.asked + self.elsewhere + lost

    @property
    def sentence(self) -> str:
        """The counts: nothing that was annotated is missing among them."""
        parts = (
            (self.elsewhere, "in documents that are not asked"),
            (len(self.dropped), "in documents that the build dropped"),
            (len(self.unknown), "in no document of the version"),
            (len(self.ambiguous), "in several documents"),
        )
        left = "; ".join(f"{count} {what}" for count, what in parts if count)
        return f"{self.asked} of {_counted(self.total, self.unit)} asked" + (
            f"; left out: {left}" if left else ""
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """Those that could not be asked, or that have to be looked at, by name."""
        rules = sorted({rule for _, rule in self.dropped})
        dropped = [place for place, _ in self.dropped]
        told = (
            (dropped, f"left out, of documents that the build dropped ({', '.join(rules)})"),
            (self.unknown, "left out, of no document of the version"),
            (self.ambiguous, "left out, of several documents that are no copies (name the document's id)"),
            (self.altered, "asked, though the document that they name does not hold their text"),
        )
        return tuple(
            f"{_counted(len(places), self.unit)} {what}: {named(places)}" for places, what in told if places
        )


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def bind(anchors: Sequence[Anchor], beside: Beside) -> list[Bond]:
    """Find the document of each annotation: by what names it, else by its text.

    Args:
        anchors: The annotations.
        beside: The version.

    Returns:
        One bond an anchor, in their order.

    Raises:
        InputError: An annotation names two different documents.
    """
    kept = beside.kept if beside.kept is not None else pa.table({})
    index = _Index(kept, beside.records)
    bonds = {place: index.by_name(anchor) for place, anchor in enumerate(anchors) if anchor.names}
    with_text = [place for place, anchor in enumerate(anchors) if anchor.text]
    found = find_texts([anchors[place].text for place in with_text], index.texts) if with_text else []
    for place, rows in zip(with_text, found, strict=True):
        bond = bonds.get(place)
        is_elsewhere = bond is not None and bond.row is not None and bond.row not in rows
        bonds[place] = replace(bond, is_elsewhere=is_elsewhere) if bond else index.only(rows)
    return [bonds.get(place, Bond("unknown")) for place in range(len(anchors))]


class _Index:
    """The documents of a version by their names."""

    def __init__(self, kept: pa.Table, records: Callable[[], pa.Table]) -> None:
        columns = ("cluster", "title", "text", *NAMES)
        told = {name: kept.column(name).to_pylist() if name in kept.column_names else [] for name in columns}
        # A headline may stand in its own column alone, and was annotated with the rest.
        both = zip(told["title"], told["text"], strict=True)
        self.texts = [f"{title}\n{text}" if title else text for title, text in both]
        self._cluster = [one or other for one, other in zip(told["cluster"], told["id"], strict=True)]
        self._rows = {name: _rows_by(told[name]) for name in NAMES}
        self._records = records
        self._dropped: dict[str, dict[str, str]] | None = None

    def by_name(self, anchor: Anchor) -> Bond:
        """Find a document by what the annotation calls it."""
        bonds = {name: self._named(name, anchor.names[name]) for name in NAMES if name in anchor.names}
        rows = {bond.row for bond in bonds.values() if bond.row is not None}
        if len(rows) > 1:
            raise InputError(
                f"this names different documents by {' and '.join(bonds)}",
                where=anchor.place,
                remedy="keep the one that is right",
            )
        known = (bond for bond in bonds.values() if bond.fate != "unknown")
        return next(known, Bond("unknown"))

    def only(self, rows: Sequence[int]) -> Bond:
        """Take the first of documents that are copies of each other; several that are none tell nothing."""
        if not rows:
            return Bond("unknown")
        clusters = {self._cluster[row] for row in rows}
        return Bond("kept", rows[0]) if len(clusters) == 1 else Bond("ambiguous")

    def _named(self, name: str, value: str) -> Bond:
        rows = self._rows[name].get(value)
        if rows:
            return self.only(rows)
        rule = self._refused().get(name, {}).get(value)
        return Bond("unknown") if rule is None else Bond("dropped", why=rule)

    def _refused(self) -> dict[str, dict[str, str]]:
        """Give the rules that dropped documents, by id and by locator; read once, and only where it is needed."""
        if self._dropped is None:
            records = self._records()
            lost = records.filter(pc.not_equal(records.column("status"), "kept"))
            rules = [rule or "dropped" for rule in lost.column("rule").to_pylist()]
            self._dropped = {
                name: {
                    value: rule
                    for value, rule in zip(lost.column(name).to_pylist(), rules, strict=True)
                    if value is not None
                }
                for name in NAMES
                if name in lost.column_names
            }
        return self._dropped


def _rows_by(values: Sequence[str | None]) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = {}
    for row, value in enumerate(values):
        if value is not None:
            rows.setdefault(value, []).append(row)
    return rows
