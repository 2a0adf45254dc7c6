"""Bits per byte: how well does a language model foretell the corpus, whatever its tokenizer?"""

import math
from typing import Literal

from harness.evaluation.counted import bit_metrics
from harness.evaluation.tasks.task import LearningSettings, TaskKind
from harness.evaluation.tasks.whole_texts import text_task


class BitsPerByteSettings(LearningSettings):
    """Settings of `kind = "bits-per-byte"`: a text, answered by how many bits it costs.

    That is minus the binary logarithm of the probability that the model gives to the whole text, as a decimal
    number in a string: `"20518.7"`. (From a mean loss in nats a token: loss x tokens / 0.6931.)
    """

    kind: Literal["bits-per-byte"] = "bits-per-byte"


def read_bits(output: object) -> str | None:
    """Read a number of bits, finite and at least 0; None where it is none."""
    try:
        bits = float(output) if isinstance(output, str) else math.nan
    except ValueError:
        return None
    return str(output).strip() if math.isfinite(bits) and bits >= 0 else None


KIND = TaskKind(
    name="bits-per-byte",
    settings=BitsPerByteSettings,
    derive=text_task("the text itself, byte by byte", bit_metrics, read_bits),
    learns=True,
    bears_noise=False,
    pitfalls=(
        "The number of bits is the system's own word: unlike an answer it cannot be checked, and a model whose "
        "probabilities do not sum to one can claim any. Compressors cannot cheat; they are floors that a model has to "
        "be well under. A model that was trained on these texts knows them by heart: see `harness task overlap`. "
        "Bytes of one script do not compare with those of another; characters (bits_per_character) do a little "
        "better. The length of a text is not coded."
    ),
)
