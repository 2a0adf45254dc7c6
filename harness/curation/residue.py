"""Learning a source's residue: lines that recur at the edges of its documents, proposed to a person."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from harness.text.rules.learnt import line_template

Edge = Literal["start", "end"]
ANY_SOURCE = ""

# How deep into a document residue is looked for: behind a widget may stand a footer and a date.
_EDGE_LINES = 4
_MIN_CLUSTERS = 3
_MIN_SHARE = 0.02
_EXAMPLES = 3
_Z = 1.96  # of a 95 % interval


@dataclass(frozen=True)
class Proposal:
    """A line that a source repeats.

    Args:
        source: The documents' `source`; empty for documents without one.
        at: Which edge it stands at.
        line: Its template: each run of digits as `#`.
        documents: How many clusters of documents it stands in (copies count once).
        of: How many clusters the source has.
        confidence: Lower bound of the 95 % interval (Wilson) of the share of clusters that have it; in
            [0, 1]. A line that many independent articles end in is hardly an author's.
        examples: Ids of documents that have it.
    """

    source: str
    at: Edge
    line: str
    documents: int
    of: int
    confidence: float
    examples: tuple[str, ...]


def propose(documents: pa.Table, *, min_share: float = _MIN_SHARE) -> list[Proposal]:
    """Propose lines that recur at the edges of a source's documents.

    A line is proposed when it stands among the outer four lines of documents of at least three clusters
    and of `min_share` of the source's clusters. Near-duplicates count once: copies of one article repeat
    its last line without that being residue.

    Args:
        documents: Columns id, text, source, cluster.
        min_share: Least share of a source's clusters, in (0, 1].

    Returns:
        Proposals by source, the most frequent first.
    """
    by_source: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in documents.select(["id", "text", "source", "cluster"]).to_pylist():
        by_source[row["source"] or ANY_SOURCE].append(row)
    return [
        proposal
        for source in sorted(by_source)
        for proposal in _of_source(source, by_source[source], min_share)
    ]


def _of_source(source: str, rows: Sequence[Mapping[str, str]], min_share: float) -> Iterator[Proposal]:
    clusters_of: dict[tuple[Edge, str], set[str]] = defaultdict(set)
    examples: dict[tuple[Edge, str], list[str]] = defaultdict(list)
    for row in rows:
        for place in _edge_lines(row["text"]):
            if row["cluster"] not in clusters_of[place]:
                examples[place].append(row["id"])
            clusters_of[place].add(row["cluster"])
    total = len({row["cluster"] for row in rows})
    counted = Counter({place: len(clusters) for place, clusters in clusters_of.items()})
    for (at, line), count in sorted(counted.items(), key=lambda item: (-item[1], item[0])):
        if count >= max(_MIN_CLUSTERS, min_share * total):
            found = tuple(sorted(examples[at, line])[:_EXAMPLES])
            yield Proposal(source, at, line, count, total, lower_bound(count, total), found)


def _edge_lines(text: str) -> Iterator[tuple[Edge, str]]:
    lines = [line_template(line) for line in text.split("\n") if line.strip()]
    # Both edges of a short text are the same lines: its middle belongs to neither.
    depth = min(_EDGE_LINES, len(lines) // 2)
    yield from (("start", line) for line in set(lines[:depth]))
    yield from (("end", line) for line in set(lines[len(lines) - depth :]))


def lower_bound(count: int, total: int) -> float:
    """Give the lower end of Wilson's 95 % interval of a share (E. B. Wilson, JASA 22, 1927)."""
    share = count / total
    centre = share + _Z**2 / (2 * total)
    spread = _Z * math.sqrt(share * (1 - share) / total + _Z**2 / (4 * total**2))
    return (centre - spread) / (1 + _Z**2 / total)
