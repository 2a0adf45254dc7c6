"""Spans in tagged tokens: whether names were found whole, at their place and of their kind."""

import json
from collections.abc import Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt

from harness.core.errors import InputError
from harness.evaluation.metrics import Value
from harness.evaluation.resampling import Floats
from harness.evaluation.texts.reading import Answers, References, TextMetric

_OUTSIDE, _BEGIN, _INSIDE = 0, 1, 2
_PREFIXES = {"O": _OUTSIDE, "B": _BEGIN, "I": _INSIDE}
_Spans = tuple[npt.NDArray[np.bool_], npt.NDArray[np.int64], npt.NDArray[np.int64]]


def span_f1() -> TextMetric:
    """Make the F1 of spans over all kinds, strict: the same first token, last token and kind.

    Tags are BIO (IOB2): a span begins with B; an I that continues no span of its kind is none. The number
    is seqeval's in mode `strict` with `IOB2`, micro-averaged. Without any span on either side it is
    undefined, where seqeval says 0.
    """
    return TextMetric(
        "span_f1", "span_f1|v:1|scheme:IOB2|mode:strict|average:micro", span_statistics, f1_of_totals, is_mean=False,
        unit="tags",
    )  # fmt: skip


def span_statistics(references: References, answers: Answers) -> Floats:
    """Count spans.

    Args:
        references: The tags of each item's tokens.
        answers: As many tags for each; None counts as no span found.

    Returns:
        Shape (items, 3): spans found that are right, spans of the reference, spans found.

    Raises:
        InputError: An item has more or fewer tags than its reference, or a tag is not BIO.
    """
    right = [_tags(value) for value in references]
    said = [
        ("O",) * len(tags) if answer is None else _tags(answer)
        for answer, tags in zip(answers, right, strict=True)
    ]
    lengths = np.array([len(tags) for tags in right], np.int64)
    _refuse_other_lengths(said, lengths)
    number_of: dict[str, int] = {}
    (begins, kinds, ends), (found, kinds_found, ends_found) = (
        _spans(tags, lengths, number_of) for tags in (right, said)
    )
    hits = begins & found & (kinds == kinds_found)
    hits[hits] = ends[hits] == ends_found[hits]
    item = np.repeat(np.arange(len(right)), lengths)
    return np.column_stack(
        [np.bincount(item[flags], minlength=len(right)) for flags in (hits, begins, found)]
    ).astype(np.float64)


def f1_of_totals(totals: Floats) -> Floats:
    """Compute F1 from sums of `span_statistics`, shape (sets, 3) to (sets,); NaN where there is no span."""
    hits, right, found = totals.T
    spans = right + found
    f1: Floats = np.where(spans > 0, 2 * hits / np.where(spans > 0, spans, 1), np.nan)
    return f1


def _spans(
    items: Sequence[Sequence[str]], lengths: npt.NDArray[np.int64], number_of: dict[str, int]
) -> _Spans:
    """Find the spans of all items at once: where they begin, and for each token its kind and where its span ends."""
    tags = list(chain.from_iterable(items))
    parsed = {tag: _parsed(tag, number_of) for tag in set(tags)}
    table = np.array([parsed[tag] for tag in tags], np.int64).reshape(-1, 2)
    prefix, kind = table[:, 0], table[:, 1]
    goes_on = np.zeros(len(tags), bool)
    goes_on[1:] = (prefix[1:] == _INSIDE) & (prefix[:-1] != _OUTSIDE) & (kind[1:] == kind[:-1])
    firsts = np.cumsum(lengths) - lengths
    goes_on[firsts[lengths > 0]] = False
    breaks = np.append(np.flatnonzero(~goes_on), len(tags))
    ends = breaks[np.searchsorted(breaks, np.arange(len(tags)), side="right")]
    return prefix == _BEGIN, kind, ends


def _parsed(tag: str, number_of: dict[str, int]) -> tuple[int, int]:
    if not is_bio(tag):
        raise InputError(f"a tag is not BIO: {tag[:40]!r}", remedy="write O, B-KIND or I-KIND")
    kind = tag[1:].strip("-")
    return _PREFIXES[tag[0]], number_of.setdefault(kind, len(number_of))


def is_bio(tag: str) -> bool:
    """Tell whether a tag is O, B-KIND or I-KIND."""
    return tag == "O" or (tag[:2] in {"B-", "I-"} and len(tag) > 2)


def read_tags(value: object) -> tuple[str, ...] | None:
    """Read BIO tags: a list, or a text that is a JSON list or tags parted by blanks; None where they are none."""
    if isinstance(value, str):
        try:
            value = json.loads(value) if value.lstrip().startswith("[") else value.split()
        except (ValueError, RecursionError):
            return None
    if not isinstance(value, list | tuple):
        return None
    return tuple(value) if all(isinstance(tag, str) and is_bio(tag) for tag in value) else None


def _tags(value: Value) -> tuple[str, ...]:
    """Take tags as they were read, or as a run keeps them: as a JSON list, or parted by blanks."""
    tags = read_tags(value) if isinstance(value, str) else value
    if tags is None:
        raise InputError(
            "this metric compares lists of tags, and was given a text", remedy="give one tag a token"
        )
    return tags


def _refuse_other_lengths(said: Sequence[Sequence[str]], lengths: npt.NDArray[np.int64]) -> None:
    for place, (tags, length) in enumerate(zip(said, lengths.tolist(), strict=True)):
        if len(tags) != length:
            raise InputError(
                f"item {place + 1} was answered with {len(tags)} tags for {length} tokens",
                remedy="give one tag a token; count an answer of another length as unparsable",
            )
