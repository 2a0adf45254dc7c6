"""What cleaning changes in professional text, where nothing is to be mended: every visible change is counted and listed.

HARNESS_DATA=... python benchmarks/cleaning.py [--write]
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

import pyarrow as pa
from heldout import TAGS, arabic_sentences, documents
from page import publish, table

from harness.text.cleaning import PROFILES, clean_batch

_INVISIBLE = str.maketrans("", "", "\N{ZERO WIDTH SPACE}\N{WORD JOINER}\N{ZERO WIDTH NO-BREAK SPACE}")
_CONTEXT = 12  # characters shown on either side of a change
# Rules of which every change alike is summed up, not listed: each was looked at as a whole.
_SUMMED_UP = {
    "no-break-spaces": "a blank for a no-break space: alike to a reader",
    "nfc": "the composed form of the same letter: alike to a reader",
    "zero-width": "nothing for an invisible character: alike to a reader",
    "presentation-forms": "the letter for its presentation form: alike to a reader",
    "latin-stops": "PUD writes Latin commas throughout; 60 of its 664 were read, all stand between Arabic words: right",
}


def main() -> None:
    """Measure and print; with `--write` into the page too."""
    publish("cleaning", _lines())


def _lines() -> Iterator[str]:
    everything = [line for language in TAGS for line in _ntrex(language)]
    arabic = _ntrex("arb") + arabic_sentences()
    rows = []
    for profile, lines in (("safe", everything), ("news-ar", arabic)):
        cleaned = clean_batch(pa.array(lines, pa.string()), profile)
        pairs = list(zip(lines, cleaned.text.to_pylist(), strict=True))
        rows.append(
            [
                f"`{profile}`",
                len(lines),
                sum(a != b for a, b in pairs),
                sum(_seen(a) != _seen(b) for a, b in pairs),
            ]
        )
    yield "`safe`: all 39,940 lines of NTREX in 20 languages. `news-ar`: the Arabic ones of NTREX, SIB-200 and PUD.\n"
    yield from table(["profile", "lines", "changed", "changed visibly"], rows)
    yield "\nGoal: none changed visibly by `safe`, none wrongly by `news-ar`. Where none is seen in n lines, the upper 95 %"
    yield f"bound of their share is 3/n: {3 / len(everything):.6f} for `safe`; {3 / len(arabic):.5f} for wrong changes by"
    yield "`news-ar`, of which the judgements below name none.\n"
    yield "What `news-ar` does there, every rule:\n"
    yield from _judged(arabic)


def _ntrex(language: str) -> list[str]:
    both = documents(language, held_out=True) + documents(language, held_out=False)
    return [sentence for document in both for sentence in document.sentences]


def _seen(line: str) -> str:
    return unicodedata.normalize("NFKC", line.translate(_INVISIBLE))


def _judged(lines: Sequence[str]) -> list[str]:
    edits = clean_batch(pa.array(lines, pa.string()), "news-ar").edits.to_pylist()
    counts = Counter(edit["rule"] for edit in edits)
    assert set(counts) <= {rule.name for rule in PROFILES["news-ar"]}  # noqa: S101 - a benchmark's own check
    rows = [
        [f"`{rule}`", counts[rule], _SUMMED_UP.get(rule, "each is listed below")] for rule in sorted(counts)
    ]
    shown = [
        [f"`{edit['rule']}`", _code(edit["before"]), _code(edit["after"])]
        for edit in edits
        if edit["rule"] not in _SUMMED_UP
    ]
    return [
        *table(["rule", "changes", "judgement"], rows),
        "",
        *table(["rule", "before", "after"], shown),
        "",
        "A blank before a stop or a comma goes, or to its other side: read one by one, all right.",
    ]


def _code(text: str) -> str:
    return f"`{text!r}`" if text else "nothing"


if __name__ == "__main__":
    main()
