"""Metrics that count inside answers: lists of lines, tokens of a text, bits that a text costs.

An answer may come as it was read, or as a run keeps it: a list is then a JSON list. None, no usable answer,
counts as the worst that an answer of the kind can be.
"""

import json
import re
from collections.abc import Callable, Sequence

import numpy as np

from harness.evaluation.metrics import Metric, Value
from harness.evaluation.resampling import Floats, mean_of_totals
from harness.text.search_words import search_words

UNKNOWN_TOKEN = "<unk>"  # noqa: S105 - a piece of text
_BYTE_TOKEN = re.compile(r"<0x([0-9A-F]{2})>")
_BYTES_TOKEN = re.compile(r"(?:<0x[0-9A-F]{2}>)+")
_BITS_A_BYTE = 8  # what a text costs that nobody modelled

_Counts = Callable[[Value, Value | None], tuple[float, float]]


def stored_metric(signature: str) -> Metric | None:
    """Find a metric of this module that is no mean over items by a score's signature, to count answers anew."""
    known = (*list_metrics(), *token_metrics(), *bit_metrics())
    return next((metric for metric in known if metric.signature == signature and not metric.is_mean), None)


def list_metrics() -> tuple[Metric, ...]:
    """Give the metrics of lists of entries whose order says nothing: `f1`, `precision`, `recall`.

    F1 is of each item, 2·hits / (entries answered + entries right), and 1 where both are empty; the mean over
    items is the primary metric. Precision and recall are of all items together, and 0 where nothing was answered
    or nothing is right.
    """

    def f1(references: Sequence[Value], answers: Sequence[Value | None]) -> Floats:
        pairs = zip(references, answers, strict=True)
        scores = [_list_f1(reference, answer) for reference, answer in pairs]
        return np.column_stack([np.array(scores, dtype=np.float64), np.ones(len(scores))])

    return (
        Metric("f1", "f1|v:1|entries:set|average:items|empty:1", f1, mean_of_totals, is_mean=True),
        _ratio("precision", "precision|v:1|entries:set|average:micro", _precision),
        _ratio("recall", "recall|v:1|entries:set|average:micro", _recall),
    )


def token_metrics() -> tuple[Metric, ...]:
    """Give the metrics of tokenisers, each a ratio over all texts.

    `bytes_per_token` that are spelt by them (higher is better), the primary one; `tokens_per_word`; `unknown_share` of tokens that are
    `<unk>`; `single_character_share` of tokens that are one character, blanks beside it
    not counted, or one byte; `round_trip_loss`: edits that
    turn what the tokens spell into the text, a character of it.

    Tokens spell a text one after another; `<0xE2>` is a byte, `<0xE2><0x80>` a token of two. Words are those of
    `harness.text.search_words`. A
    text without an answer counts as unknown bytes that spell nothing.
    """
    told = "|v:2|tokens:surface+bytes"
    return (
        _ratio("bytes_per_token", f"bytes_per_token{told}", _bytes_per_token),
        _ratio("tokens_per_word", f"tokens_per_word{told}|words:search", _tokens_per_word, rises=False),
        _ratio("unknown_share", f"unknown_share{told}", _unknown_share, rises=False),
        _ratio("single_character_share", f"single_character_share{told}", _single_share, rises=False),
        _ratio("round_trip_loss", f"round_trip_loss{told}|edits:levenshtein", _round_trip_loss, rises=False),
    )


def bit_metrics() -> tuple[Metric, ...]:
    """Give the metrics of language models: bits for each UTF-8 byte of the texts, and for each character.

    An answer is how many bits the whole text costs: minus the binary logarithm of its probability. A text
    without an answer costs 8 bits a byte.
    """

    def per(name: str, size: Callable[[str], int]) -> Metric:
        def counts(text: Value, bits: Value | None) -> tuple[float, float]:
            return _bits_of(text, bits), size(str(text))

        return _ratio(name, f"{name}|v:1|log:2|sum:corpus", counts, rises=False)

    return (per("bits_per_byte", _bytes), per("bits_per_character", len))


def spelt(tokens: Sequence[str]) -> str:
    """Put tokens together to the text that they spell; bytes that are no UTF-8 become U+FFFD."""
    spelling = bytearray()
    for token in tokens:
        if token == UNKNOWN_TOKEN:
            continue
        if _BYTES_TOKEN.fullmatch(token):
            spelling += bytes(int(byte, 16) for byte in _BYTE_TOKEN.findall(token))
        else:
            spelling += token.encode("utf-8", "surrogatepass")
    return spelling.decode("utf-8", "replace")


def _ratio(name: str, signature: str, counts: _Counts, *, rises: bool = True) -> Metric:
    def statistics(references: Sequence[Value], answers: Sequence[Value | None]) -> Floats:
        counted = [counts(*pair) for pair in zip(references, answers, strict=True)]
        return np.array(counted, dtype=np.float64).reshape(len(counted), 2)

    return Metric(name, signature, statistics, ratio_of_totals, is_mean=False, higher_is_better=rises)


def ratio_of_totals(totals: Floats) -> Floats:
    """Divide sums, shape (sets, 2), giving shape (sets,); 0 where there is nothing to divide by."""
    divided: Floats = totals[:, 0] / np.where(totals[:, 1] > 0, totals[:, 1], 1.0)
    return divided


def _entries(value: Value | None) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(json.loads(value))
    return value or ()


def _hits(reference: Value, answer: Value | None) -> int:
    return len(set(_entries(reference)) & set(_entries(answer)))


def _list_f1(reference: Value, answer: Value | None) -> float:
    if answer is None:
        return 0.0
    sizes = len(set(_entries(reference))) + len(set(_entries(answer)))
    return 2 * _hits(reference, answer) / sizes if sizes else 1.0


def _precision(reference: Value, answer: Value | None) -> tuple[float, float]:
    return _hits(reference, answer), len(set(_entries(answer)))


def _recall(reference: Value, answer: Value | None) -> tuple[float, float]:
    return _hits(reference, answer), len(set(_entries(reference)))


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _tokens(text: Value, tokens: Value | None) -> tuple[str, ...]:
    return (UNKNOWN_TOKEN,) * _bytes(str(text)) if tokens is None else _entries(tokens)


def _bytes_per_token(text: Value, tokens: Value | None) -> tuple[float, float]:
    # What is unknown is no saving: only bytes that the tokens spell count.
    cut = _tokens(text, tokens)
    return min(_bytes(spelt(cut)), _bytes(str(text))), len(cut)


def _tokens_per_word(text: Value, tokens: Value | None) -> tuple[float, float]:
    return len(_tokens(text, tokens)), len(search_words(str(text)))


def _unknown_share(text: Value, tokens: Value | None) -> tuple[float, float]:
    cut = _tokens(text, tokens)
    return cut.count(UNKNOWN_TOKEN), len(cut)


def _single_share(text: Value, tokens: Value | None) -> tuple[float, float]:
    cut = _tokens(text, tokens)
    return sum(len(token.strip() or token) == 1 or bool(_BYTE_TOKEN.fullmatch(token)) for token in cut), len(
        cut
    )


def _round_trip_loss(text: Value, tokens: Value | None) -> tuple[float, float]:
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415 - only where tokenisers are measured

    written = str(text)
    spelling = spelt(_tokens(text, tokens))
    lost = 0 if spelling == written else min(Levenshtein.distance(spelling, written), len(written))
    return lost, len(written)


def _bits_of(text: Value, bits: Value | None) -> float:
    return _BITS_A_BYTE * _bytes(str(text)) if bits is None else float(str(bits))
