"""Filling a gap from four words: the commonest of them, and the one that a language model finds likeliest there."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

from harness.evaluation.tasks import Example
from harness.evaluation.tasks.cloze import GAP, read_question
from harness.systems.language_models import character_ngrams
from harness.systems.learning import learnt_family
from harness.text.search_words import search_words

_Cost = Callable[[str, str], float]  # of a line with a gap and a word: lower is likelier


def _commonest(lines: Sequence[str]) -> _Cost:
    times = Counter(word for line in lines for word in search_words(line))
    return lambda _text, word: -sum(times[part] for part in search_words(word))


def _likeliest(lines: Sequence[str]) -> _Cost:
    """Give the bits of the whole line, for each character of the word: long words cost more whatever they are."""
    bits = character_ngrams(lines)
    return lambda text, word: (bits(text.replace(GAP, word)) - bits(text.replace(GAP, ""))) / len(word)


def _learnt(learn: Callable[[Sequence[str]], _Cost], examples: Sequence[Example]) -> Callable[[str], str]:
    """Learn from lines whose gaps are filled; of words that cost the same, the first by code points is taken."""
    cost = learn([read_question(one.input)[0].replace(GAP, one.reference) for one in examples])

    def fill(question: str) -> str:
        text, options = read_question(question)
        return min(options, key=lambda word: (cost(text, word), word))

    return fill


_BUILT_IN = (
    ("commonest-option", _commonest, "of the words to choose from, the commonest in the split train"),
    (
        "likeliest-option",
        _likeliest,
        "the word that character n-grams learnt from train find likeliest there",
    ),
)
FAMILIES = tuple(
    learnt_family(name, frozenset({"cloze"}), partial(_learnt, learn), summary)
    for name, learn, summary in _BUILT_IN
)
