"""Tokenisers for scoring: how a text is cut into the units that a metric counts.

`13a` and `intl` are sacrebleu's, token for token, so that scores can be set beside published ones. `words` and
`terms` are our own and know the script: they part ، ؛ ؟ and ۔ from the word, keep vowel signs and joiners in it,
and cut scripts that put no blanks between words into characters.
"""

import functools
import re
import string
import unicodedata
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from harness.core.errors import ConfigurationError
from harness.core.settings import suggestion
from harness.text.levels import code_points
from harness.text.terms import JOINERS, members, terms, word_classes

Tokens = list[str]
Tokeniser = Callable[[Sequence[str]], list[Tokens]]
WORDS_VERSION = "1"  # of `words` and `terms`: raise it when they cut anything differently

_ARTICLE = re.compile(r"\b(?:a|an|the)\b")
_LAST_WITH_PUNCTUATION = 0x1FFFF  # beyond lie ideographs
# Between digits: full stop, comma, and Arabic's decimal and thousands separators.
_NUMBER_SIGNS = ".,\u066b\u066c"

_ESCAPES = (("&quot;", '"'), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"))
# mteval-v13a's rules in its order: ASCII symbols but ' apart; full stop and comma apart unless digits enclose them; a
# dash apart after a digit.
_RULES_13A = (
    (re.compile(r"([!-&(-+/:-@\[-`{-~])"), r" \1 "),
    (re.compile(r"([^0-9])([.,])"), r"\1 \2 "),
    (re.compile(r"([.,])([^0-9])"), r" \1 \2"),
    (re.compile(r"([0-9])(-)"), r"\1 \2 "),
)


def tokenise(texts: Sequence[str], tokeniser: str) -> list[Tokens]:
    """Cut texts into tokens; none is empty or holds a blank.

    Args:
        texts: Any texts.
        tokeniser: A name of `tokenisers()`.

    Raises:
        ConfigurationError: There is no such tokeniser.
    """
    if tokeniser not in tokenisers():
        raise ConfigurationError(
            f"no tokeniser is called '{tokeniser}'",
            where="tokeniser",
            remedy=suggestion(tokeniser, list(tokenisers())),
        )
    return tokenisers()[tokeniser](texts)


def tokenisers() -> Mapping[str, Tokeniser]:
    """Give the tokenisers there are, by the names that stand in signatures.

    `space` cuts at blanks only, `char` takes every character that is no blank, `words` takes words, numbers and
    marks of punctuation, and `terms` takes words alone, in small letters. `edges` is chrF++'s: one mark of ASCII
    punctuation apart at the end of a word, else at its beginning. `answer` is SQuAD's: small letters, no
    punctuation (of any script), no English article.
    """
    return {
        "space": _at_blanks,
        "char": _characters,
        "13a": _as_13a,
        "intl": _as_intl,
        "words": _words,
        "terms": terms,
        "edges": _edges,
        "answer": _of_answers,
    }


def _at_blanks(texts: Sequence[str]) -> list[Tokens]:
    return [text.split() for text in texts]


def _characters(texts: Sequence[str]) -> list[Tokens]:
    return [list("".join(text.split())) for text in texts]


def _as_13a(texts: Sequence[str]) -> list[Tokens]:
    # One pass over all texts: each stands between blanks, as the rules want it, so none looks into its neighbour.
    joined = " \n ".join(map(_one_line, texts))
    for pattern, replacement in _RULES_13A:
        joined = pattern.sub(replacement, joined)
    return [line.split() for line in joined.split("\n")] if texts else []


def _one_line(text: str) -> str:
    text = text.rstrip().replace("<skipped>", "").replace("-\n", "").replace("\n", " ")
    if "&" in text:
        for escape, char in _ESCAPES:
            text = text.replace(escape, char)
    return text


def _as_intl(texts: Sequence[str]) -> list[Tokens]:
    cut = _intl()
    return [cut(text.rstrip()).split() for text in texts]


@functools.cache
def _intl() -> Callable[[str], str]:
    # The package's own, since what is punctuation is told by the tables of a pattern engine that it brings.
    from sacrebleu.tokenizers.tokenizer_intl import (  # noqa: PLC0415 - 0.1 s, and only for who asks for it
        TokenizerV14International,
    )

    cut: Callable[[str], str] = TokenizerV14International()  # type: ignore[no-untyped-call]
    return cut


def _words(texts: Sequence[str]) -> list[Tokens]:
    find = _pattern_of_words().findall
    return [find(text) for text in texts]


def _edges(texts: Sequence[str]) -> list[Tokens]:
    return [[part for word in text.split() for part in _parted(word)] for text in texts]


def _parted(word: str) -> Tokens:
    if len(word) > 1 and word[-1] in string.punctuation:
        return [word[:-1], word[-1]]
    if len(word) > 1 and word[0] in string.punctuation:
        return [word[0], word[1:]]
    return [word]


def _of_answers(texts: Sequence[str]) -> list[Tokens]:
    dropped, single = _punctuation(), re.compile(f"({_single()})")
    return [single.sub(r" \1 ", _ARTICLE.sub(" ", text.lower().translate(dropped))).split() for text in texts]


@functools.cache
def _punctuation() -> dict[int, None]:
    """Give ASCII's punctuation and symbols, and category P of every script."""
    others = (code for code in range(_LAST_WITH_PUNCTUATION) if unicodedata.category(chr(code))[0] == "P")
    return dict.fromkeys([*map(ord, string.punctuation), *others])


@functools.cache
def _pattern_of_words() -> re.Pattern[str]:
    classes = word_classes()
    digits, run = _inside(members("digits")), f"[{_inside(classes.run)}]+"
    number = f"[{digits}]++(?:[{re.escape(_NUMBER_SIGNS)}][{digits}]++)*+(?![{_inside(members('letters'))}])"
    return re.compile(rf"{number}|{run}(?:[{JOINERS}]{run})*|{_single()}|\S")


@functools.cache
def _single() -> str:
    """Write the pattern of a letter that is a word of its own, with its marks."""
    classes = word_classes()
    return f"[{_inside(classes.singles)}][{_inside(classes.marks)}]*"


def _inside(characters: str) -> str:
    """Write characters as the inside of a character class, each run by its ends."""
    codes = np.unique(code_points(characters)).astype(np.int64)
    breaks = np.flatnonzero(np.diff(codes) > 1) + 1
    return "".join(f"{chr(run[0])}-{chr(run[-1])}" for run in np.split(codes, breaks))
