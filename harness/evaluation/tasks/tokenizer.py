"""Tokenizer: into how many pieces does it cut the corpus, and what does it lose?"""

from typing import Literal

from harness.evaluation.counted import token_metrics
from harness.evaluation.tasks.task import LearningSettings, TaskKind
from harness.evaluation.tasks.whole_texts import text_task


class TokenizerSettings(LearningSettings):
    """Settings of `kind = "tokenizer"`: a text, answered by the list of its tokens.

    Tokens spell the text one after another, blanks included: `["The", " ferry"]`. `<0xE2>` stands for a byte,
    `<0xE2><0x80>` for a token of two, `<unk>` for what the tokenizer does not know. (One that marks blanks by a sign of its own has to write them as
    blanks.)
    """

    kind: Literal["tokenizer"] = "tokenizer"


def read_tokens(output: object) -> tuple[str, ...] | None:
    """Read a list of tokens that are not empty; None where it is no such list."""
    if not isinstance(output, list | tuple) or not output:
        return None
    return tuple(output) if all(isinstance(token, str) and token for token in output) else None


KIND = TaskKind(
    name="tokenizer",
    settings=TokenizerSettings,
    derive=text_task("the text itself, which the tokens have to spell", token_metrics, read_tokens),
    learns=True,
    bears_noise=False,
    pitfalls=(
        "Fewer tokens are cheaper, not better: a vocabulary ten times as large cuts fewer of them and has to be "
        "learnt. Compare tokenizers of one size of vocabulary, or say the sizes. Bytes per token favour scripts whose "
        "letters take several bytes, so that numbers of two languages do not compare; tokens per word do not compare "
        "languages that write more or less into one word. A tokenizer that was learnt on this very corpus elsewhere "
        "has the advantage of it."
    ),
)
