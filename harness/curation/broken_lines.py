"""Learning how a source breaks its lines: at a width, or with blank lines inside sentences, proposed to a person."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from harness.curation.residue import ANY_SOURCE, lower_bound
from harness.text.breaks import gaps, suspected_breaks
from harness.text.cleaning import undo
from harness.text.edits import Edit
from harness.text.rules.joins import broken_paragraph, broken_paragraph_of_source
from harness.text.rules.wrapped import WRAPPED_OF_SOURCE, is_wrapped, wrapped_lines
from harness.text.wrapping import commonest_width, running_stops, wrappable_ends, wrapping_of

_MIN_CLUSTERS = 3
_EXAMPLES = 3
# A source is wrapped where half of its clusters surely are; single texts may be verses.
_MIN_WRAPPED_SHARE = 0.5
# Of blank lines that stand inside a sentence a third is suspected, of others 1 in 220. From this share on, 19 of 20
# joins are right (NTREX: see docs/text-quality.md); below it too many are sentences whose author forgot the stop.
_MIN_SUSPECTED_SHARE = 0.07
_JOINING = frozenset(
    {broken_paragraph.name, broken_paragraph_of_source.name, wrapped_lines.name, WRAPPED_OF_SOURCE}
)


@dataclass(frozen=True)
class BrokenLinesProposal:
    """A source that breaks its sentences often.

    Args:
        source: The documents' `source`; empty for documents without one.
        width: Where its lines are broken, in code points; None where blank lines stand inside sentences.
        documents: How many clusters of documents have such breaks.
        of: How many clusters the source has.
        breaks: How many breaks were seen: lines that fill the width, or blank lines at which a word tells.
        places: Of how many: line ends within paragraphs, or blank lines.
        confidence: Lower bound of the 95 % interval (Wilson) of the share of clusters that are wrapped, or of
            the share of blank lines at which a word tells; in [0, 1].
        examples: Ids of documents.
    """

    source: str
    width: int | None
    documents: int
    of: int
    breaks: int
    places: int
    confidence: float
    examples: tuple[str, ...]


@dataclass(frozen=True)
class _Seen:
    """What one document shows: breaks, of how many places, and its cluster."""

    id: str
    cluster: str
    breaks: int
    places: int


def propose_broken_lines(documents: pa.Table) -> list[BrokenLinesProposal]:
    """Propose sources whose lines are broken at a width, or which have blank lines inside many sentences.

    Args:
        documents: Columns id, text, source, cluster; texts as they were before anything was joined.
    """
    by_source: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in documents.select(["id", "text", "source", "cluster"]).to_pylist():
        by_source[row["source"] or ANY_SOURCE].append(row)
    return [one for source in sorted(by_source) for one in _of_source(source, by_source[source])]


def before_joins(documents: pa.Table, edits: pa.Table) -> pa.Table:
    """Give documents with the texts that were decoded, where cleaning has joined anything in them.

    Args:
        documents: Columns id and text among others.
        edits: The version's ledger of edits.
    """
    made: dict[str, list[Edit]] = defaultdict(list)
    for row in edits.sort_by([("id", "ascending"), ("seq", "ascending")]).to_pylist():
        made[row["id"]].append(Edit(row["rule"], row["start"], row["before"], row["after"]))
    joined = {id_: own for id_, own in made.items() if any(edit.rule in _JOINING for edit in own)}
    texts = [
        undo(row["text"], joined[row["id"]]) if row["id"] in joined else row["text"]
        for row in documents.select(["id", "text"]).to_pylist()
    ]
    return documents.set_column(documents.column_names.index("text"), "text", pa.array(texts, pa.string()))


def _of_source(source: str, rows: Sequence[Mapping[str, str]]) -> Iterator[BrokenLinesProposal]:
    of = len({row["cluster"] for row in rows})
    width = commonest_width(end for row in rows for end in wrappable_ends(row["text"]))
    wrapped = [] if width is None else [one for row in rows if (one := _wrapped(row, width))]
    clusters = len({one.cluster for one in wrapped})
    if clusters >= _MIN_CLUSTERS and (surely := lower_bound(clusters, of)) >= _MIN_WRAPPED_SHARE:
        yield _proposal(source, width, wrapped, of, surely)
        return
    seen = [_suspected(row) for row in rows]
    places = sum(one.places for one in seen)
    with_breaks = [one for one in seen if one.breaks]
    clusters = len({one.cluster for one in with_breaks})
    if clusters >= _MIN_CLUSTERS:
        surely = lower_bound(sum(one.breaks for one in with_breaks), places)
        if surely >= _MIN_SUSPECTED_SHARE:
            yield _proposal(source, None, seen, of, surely)


def _wrapped(row: Mapping[str, str], width: int) -> _Seen | None:
    wrapping = wrapping_of(row["text"], width)
    if wrapping is None or not is_wrapped(wrapping):
        return None
    breaks = len(wrapping.breaks)
    # A verse has no sentence's end inside its lines; a text of one break need not have one.
    if breaks >= _MIN_CLUSTERS and not running_stops(wrapping.breaks):
        return None
    return _Seen(row["id"], row["cluster"], breaks, breaks + wrapping.others)


def _suspected(row: Mapping[str, str]) -> _Seen:
    return _Seen(
        row["id"], row["cluster"], len(suspected_breaks(row["text"])), sum(1 for _ in gaps(row["text"]))
    )


def _proposal(
    source: str, width: int | None, seen: Sequence[_Seen], of: int, confidence: float
) -> BrokenLinesProposal:
    broken = [one for one in seen if one.breaks]
    return BrokenLinesProposal(
        source=source,
        width=width,
        documents=len({one.cluster for one in broken}),
        of=of,
        breaks=sum(one.breaks for one in broken),
        places=sum(one.places for one in seen),
        confidence=confidence,
        examples=tuple(sorted(one.id for one in broken)[:_EXAMPLES]),
    )
