"""What items can be sliced by: their metadata, their length, and what the version knows of their documents."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

Traits = Mapping[str, Mapping[str, str]]  # dimension -> document's id -> label

UNKNOWN = "(unknown)"
OTHERS = "(others)"
# Of a dimension with more values the rarest are taken together: a table of two hundred sources is not read, and
# each slice more makes all others harder to prove.
MOST_VALUES = 20
_METADATA = ("lang", "source", "section", "split", "variant")
_LENGTHS = (20, 50, 100, 200, 500, 1000, 5000)  # characters: a query, a line, a paragraph, an article
_FLAGS = ("lang_agrees", "ends_with_stop", "decode_repaired")
# Counts where one is already a finding; how many there are hangs on the length, which is a dimension of its own.
_COUNTS = (
    "residue_hits", "replacement_chars", "mojibake_lines", "lost_letters", "latin_stops", "broken_paragraphs",
    "presentation_forms", "bidi_controls",
)  # fmt: skip
_MARGINS = (0.5, 0.9)
_MONTHS_SHOWN = 18  # of a corpus that spans more, dates are told by the year
SIGNAL_COLUMNS = (*_FLAGS, *_COUNTS, "lang_margin")


def facets_of(items: pa.Table, traits: Traits | None = None) -> dict[str, list[str]]:
    """Label every item in each dimension that parts the items.

    Args:
        items: Columns of a run's items, as far as they are there.
        traits: What is known of documents beside them; an item whose document is not named is `(unknown)`.

    Returns:
        Labels by dimension, one an item; dimensions in which all items are alike are left out.
    """
    facets = {name: _texts(items, name) for name in _METADATA if name in items.column_names}
    lengths = [len(text or "") for text in items.column("input").to_pylist()]
    facets["length"] = [banded(length, _LENGTHS) for length in lengths]
    facets["cluster"] = _relatives(items)
    documents = items.column("document_id").to_pylist()
    for dimension, labels in (traits or {}).items():
        facets[dimension] = [labels.get(document, UNKNOWN) for document in documents]
    return {name: _fewest(labels) for name, labels in facets.items() if len(set(labels)) > 1}


def traits_of(records: pa.Table, findings: Mapping[str, Iterable[str]]) -> dict[str, dict[str, str]]:
    """Label documents by what a version knows of them.

    Args:
        records: Columns `id`, `published` and SIGNAL_COLUMNS, as far as they are there.
        findings: Ids of the documents that each gate named, by its rule.
    """
    ids = records.column("id").to_pylist()
    known = {name: records.column(name).to_pylist() for name in records.column_names}
    traits = {name: [_flag(value) for value in known[name]] for name in _FLAGS if name in known}
    traits |= {name: [_count(value) for value in known[name]] for name in _COUNTS if name in known}
    if "lang_margin" in known:
        margins = known["lang_margin"]
        traits["lang_margin"] = [UNKNOWN if m is None else banded(m, _MARGINS) for m in margins]
    if "published" in known:
        traits["published"] = _dates(known["published"])
    for rule, named in findings.items():
        members = set(named)
        traits[f"gate {rule}"] = ["named" if one in members else "not named" for one in ids]
    return {name: dict(zip(ids, labels, strict=True)) for name, labels in traits.items()}


def banded(value: float, bounds: Sequence[float]) -> str:
    """Name the band that a value lies in: `under 20`, `20 to under 50`, `1000 or more`."""
    for low, high in zip((None, *bounds), bounds, strict=False):
        if value < high:
            return f"under {high:g}" if low is None else f"{low:g} to under {high:g}"
    return f"{bounds[-1]:g} or more"


def _texts(items: pa.Table, name: str) -> list[str]:
    return [value or UNKNOWN for value in items.column(name).to_pylist()]


def _relatives(items: pa.Table) -> list[str]:
    """Tell items whose document has kept copies or related texts from those that stand alone."""
    clusters, documents = (items.column(name).to_pylist() for name in ("cluster", "document_id"))
    members = Counter(cluster for cluster, _ in set(zip(clusters, documents, strict=True)))
    return ["several documents" if members[cluster] > 1 else "one document" for cluster in clusters]


def _flag(value: Any) -> str:
    return UNKNOWN if value is None else "yes" if value else "no"


def _count(value: Any) -> str:
    return UNKNOWN if value is None else "some" if value else "none"


def _dates(instants: Sequence[Any]) -> list[str]:
    months = {f"{instant:%Y-%m}" for instant in instants if instant is not None}
    form = "%Y-%m" if len(months) <= _MONTHS_SHOWN else "%Y"
    return [UNKNOWN if instant is None else instant.strftime(form) for instant in instants]


def _fewest(labels: list[str]) -> list[str]:
    counted = sorted(Counter(labels).items(), key=lambda entry: (-entry[1], entry[0]))
    if len(counted) <= MOST_VALUES:
        return labels
    kept = {label for label, _ in counted[: MOST_VALUES - 1]}
    return [label if label in kept else OTHERS for label in labels]
