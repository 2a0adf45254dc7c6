"""What a preview found: the lives of some records of each source, and their sum."""

from collections import Counter
from collections.abc import Iterable

from harness.core.frozen import Frozen
from harness.curation.life import Life


class Sample(Frozen):
    """The records that were looked at of one source; `has_more` says whether it holds others."""

    source: str
    has_more: bool
    records: tuple[Life, ...]


class Tally(Frozen):
    """Counts over all records of a preview; unknown encodings and languages are not counted."""

    outcomes: dict[str, int]  # kept, rejected, error
    refused_by: dict[str, int]  # rule, or code of an error -> records
    encodings: dict[str, int]
    languages: dict[str, int]
    edits: dict[str, int]  # rule -> edits


class Preview(Frozen):
    """What a recipe would do to some records. Copies were looked for among these alone."""

    reference: str  # name@version of the recipe
    profile: str
    limit: int  # of records a source
    spread: bool  # drawn from all over each source, not its first ones
    samples: tuple[Sample, ...]
    tally: Tally


def tally_of(lives: Iterable[Life]) -> Tally:
    """Count outcomes, reasons, encodings, languages and edits, the most frequent first."""
    lives = tuple(lives)
    return Tally(
        outcomes=_most_first(life.status for life in lives),
        refused_by=_most_first(life.rule for life in lives),
        encodings=_most_first(life.encoding for life in lives),
        languages=_most_first(life.signals["lang"] for life in lives),
        edits=_most_first(edit.rule for life in lives for edit in life.edits),
    )


def _most_first(names: Iterable[str | None]) -> dict[str, int]:
    counted = Counter(name for name in names if name is not None)
    return dict(sorted(counted.items(), key=lambda entry: (-entry[1], entry[0])))
