"""Tokenizers to compare with: words of a vocabulary, characters, bytes, byte-pair encoding and unigrams learnt here."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

from harness.evaluation.counted import UNKNOWN_TOKEN
from harness.evaluation.tasks import Example
from harness.systems.byte_pairs import BytePairs, learn_merges
from harness.systems.learning import learnt_family
from harness.systems.unigrams import Unigrams, learn_pieces

# A word with the blank before it, or a further blank: together they spell the text.
_PIECE = re.compile(r"\s?\S+|\s")
_VOCABULARY_WORDS = 8000
_MERGES = 4000
_UNIGRAMS = _MERGES  # beside the characters, as many: vocabularies of one size compare
_Cut = Callable[[str], list[str]]


def byte_tokens(text: str) -> list[str]:
    """Write each byte of a text as a token."""
    return [f"<0x{byte:02X}>" for byte in text.encode("utf-8", "surrogatepass")]


def pieces(text: str) -> list[str]:
    """Cut a text into words with the blank before them; together they spell it."""
    return _PIECE.findall(text)


def _words_of(texts: Sequence[str]) -> _Cut:
    counted = Counter(piece for text in texts for piece in pieces(text))
    known = frozenset(sorted(counted, key=lambda piece: (-counted[piece], piece))[:_VOCABULARY_WORDS])
    return lambda text: [piece if piece in known else UNKNOWN_TOKEN for piece in pieces(text)]


def _byte_pairs_of(texts: Sequence[str]) -> _Cut:
    counted = Counter(piece for text in texts for piece in pieces(text))
    pairs = BytePairs(learn_merges(counted, merges=_MERGES), alphabet=frozenset("".join(counted)))

    def cut(text: str) -> list[str]:
        tokens: list[str] = []
        for piece in pieces(text):
            for token in pairs.cut(piece):
                tokens.extend([token] if token in pairs.alphabet or len(token) > 1 else byte_tokens(token))
        return tokens

    return cut


def _unigrams_of(texts: Sequence[str]) -> _Cut:
    counted = Counter(piece for text in texts for piece in pieces(text))
    unigrams = Unigrams(learn_pieces(counted, pieces=_UNIGRAMS))

    def cut(text: str) -> list[str]:
        tokens: list[str] = []
        for piece in pieces(text):
            for token in unigrams.cut(piece):
                tokens.extend([token] if unigrams.knows(token) else byte_tokens(token))
        return tokens

    return cut


def _learnt(
    learn: Callable[[Sequence[str]], _Cut], examples: Sequence[Example]
) -> Callable[[str], tuple[str, ...]]:
    cut = learn([example.input for example in examples])
    return lambda text: tuple(cut(text))


_BUILT_IN = (
    (
        "token-words",
        _words_of,
        (f"words={_VOCABULARY_WORDS}",),
        f"words between blanks, the {_VOCABULARY_WORDS} commonest of the split train, the rest unknown",
    ),
    ("token-characters", lambda _texts: list, (), "every character a token"),
    ("token-bytes", lambda _texts: byte_tokens, (), "every byte a token"),
    (
        "token-bpe",
        _byte_pairs_of,
        (f"merges={_MERGES}",),
        f"byte-pair encoding over characters, {_MERGES} merges learnt from the split train, bytes for the unknown",
    ),
    (
        "token-unigram",
        _unigrams_of,
        (f"pieces={_UNIGRAMS}",),
        f"the likeliest of all ways to cut, by {_UNIGRAMS} pieces learnt from the split train, bytes for the unknown",
    ),
)
FAMILIES = tuple(
    learnt_family(name, frozenset({"tokenizer"}), partial(_learnt, learn), summary, facts)
    for name, learn, facts, summary in _BUILT_IN
)
