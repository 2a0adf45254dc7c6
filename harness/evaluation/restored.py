"""Metrics of punctuation put back: which marks stand behind which words."""

import re
import unicodedata
from collections.abc import Sequence

import numpy as np

from harness.evaluation.metrics import Metric, Value
from harness.evaluation.resampling import Floats, mean_of_totals

# A run of letters, marks and digits, with what joins them inside a word or number: it's, 3.5, well-known.
_WORD = re.compile(
    r"[^\W_](?:[^\W_]|[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u200c\u200d]|['’.,:/٫٬-](?=[^\W_]))*"
)


def words_and_marks(text: str) -> tuple[list[str], list[str]]:
    """Cut a text into words and into the punctuation around them.

    Returns:
        The words, and one string more of marks than there are words: those before the first word, behind it, and so
        on; blanks are left out.
    """
    words, marks, end = [], [], 0
    for word in _WORD.finditer(text):
        marks.append(_marks(text[end : word.start()]))
        words.append(word.group())
        end = word.end()
    return words, [*marks, _marks(text[end:])]


def mark_metrics() -> tuple[Metric, ...]:
    """Give the metric of marks put back: `f1`, of each item, over marks with their place; its mean over items.

    A mark counts where it stands behind the same word, or before the first; words that were changed on the way are
    passed over by the least number of changes. A line without any mark scores 1 if none was put in.
    """

    def statistics(references: Sequence[Value], answers: Sequence[Value | None]) -> Floats:
        pairs = zip(references, answers, strict=True)
        scores = [0.0 if answer is None else _f1(str(reference), str(answer)) for reference, answer in pairs]
        return np.column_stack([np.array(scores, dtype=np.float64), np.ones(len(scores))])

    return (
        Metric("f1", "f1|v:1|marks:placed|average:items|empty:1", statistics, mean_of_totals, is_mean=True),
    )


def _f1(reference: str, answer: str) -> float:
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415 - only where lines are restored

    words, right = words_and_marks(reference)
    said_words, said = words_and_marks(answer)
    placed = {0: 0}  # place behind a word of the answer -> place behind that word of the reference
    for change in Levenshtein.opcodes(said_words, words):
        if change.tag == "equal":
            ends = range(change.src_start + 1, change.src_end + 1)
            placed |= {end: end - change.src_start + change.dest_start for end in ends}
    wanted = _places(right, {place: place for place in range(len(right))})
    given = _places(said, placed)
    hits = len(wanted & given)
    marks = sum(map(len, right)) + sum(map(len, said))
    return 2 * hits / marks if marks else 1.0


def _places(marks: Sequence[str], placed: dict[int, int]) -> set[tuple[int, int, str]]:
    """Give marks with their place; the second of two alike behind one word is told from the first."""
    return {
        (placed[place], several[:number].count(mark), mark)
        for place, several in enumerate(marks)
        if place in placed
        for number, mark in enumerate(several)
    }


def _marks(text: str) -> str:
    return "".join(sign for sign in text if unicodedata.category(sign)[0] in "PS")
