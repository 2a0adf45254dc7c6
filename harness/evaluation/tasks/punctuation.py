"""Punctuation: put the marks back into a line that lost them."""

from typing import Any, Literal

from harness.evaluation.draws import Draws
from harness.evaluation.restored import mark_metrics, words_and_marks
from harness.evaluation.tasks.restoring import RestoringSettings, restoring
from harness.evaluation.tasks.task import TaskKind


class PunctuationSettings(RestoringSettings):
    """Settings of `kind = "punctuation"`: a line without its marks, answered by the line with them.

    Taken away is all punctuation around words; what joins letters inside a word or digits inside a number stays.
    At most `lines_per_document` lines of five words or more are drawn from each document.
    """

    kind: Literal["punctuation"] = "punctuation"


def without_marks(line: str, _draws: Draws, _settings: Any) -> str:
    """Take the marks around words away; words are parted by one blank."""
    return " ".join(words_and_marks(line)[0])


KIND = TaskKind(
    name="punctuation",
    settings=PunctuationSettings,
    derive=restoring("the line as it stands in the version, marks included", without_marks, mark_metrics()),
    learns=True,
    asks_for_text=True,
    pitfalls=(
        "Several ways to punctuate a sentence are right, and only the one of the text counts. Marks that the build "
        "repaired are the build's. Arabic news is sparing with marks, so that a full stop at the end of each line "
        "already earns a good part. Quotation marks come in pairs and count one by one."
    ),
)
