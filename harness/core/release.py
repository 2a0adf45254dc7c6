"""What is tracked of a released version: small enough for version control, enough to compare the next one with."""

from harness.core.frozen import Frozen
from harness.core.manifest import Counts

NULL = "null"
OTHERS = "…"


class Release(Frozen):
    """A version's sums and histograms, over its kept documents unless they say otherwise.

    `dropped` are shares of all that was read, by rule. A histogram counts documents by bin: a count's bin is
    named by the greatest power of two below or at it, a share's or score's by its lower edge in twentieths, a
    label's by itself; labels beyond the hundred most frequent fall together.
    """

    format: int = 1
    name: str
    version: str
    content_hash: str
    counts: Counts
    dropped: dict[str, float]
    splits: dict[str, int]
    languages: dict[str, int]
    sources: dict[str, int]
    histograms: dict[str, dict[str, int]]
