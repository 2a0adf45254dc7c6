"""Filling a gap from four words: the commonest of them, and the one that a language model finds likeliest there."""

from collections import Counter
from collections.abc import Callable, Sequence

from harness.evaluation.results import SystemIdentity
from harness.evaluation.tasks import TaskBrief
from harness.evaluation.tasks.cloze import GAP, read_question
from harness.systems.language_models import character_ngrams
from harness.systems.learning import required_examples
from harness.systems.system import Request, Response, System, SystemFamily, identity_of
from harness.text.search_words import search_words

_Cost = Callable[[str, str], float]  # of a line with a gap and a word: lower is likelier


class GapFiller:
    """Answers with the word that costs least; of equal ones the first by code points.

    Args:
        identity: Its name, with all that its answers depend on.
        learn: Makes the cost from lines whose gaps were filled.
    """

    def __init__(self, identity: SystemIdentity, learn: Callable[[Sequence[str]], _Cost]) -> None:
        self.identity = identity
        self._learn = learn
        self._cost: _Cost = lambda _text, _word: 0.0

    def prepare(self, brief: TaskBrief) -> None:
        """Learn from the examples.

        Raises:
            ConfigurationError: The task has none.
        """
        examples = required_examples(brief, self.identity.name)
        self._cost = self._learn(
            [read_question(example.input)[0].replace(GAP, example.reference) for example in examples]
        )

    def answer(self, batch: Sequence[Request]) -> Sequence[Response]:
        """Choose a word for each gap."""
        responses = []
        for request in batch:
            text, options = read_question(request.input)
            best = min(options, key=lambda word: (self._cost(text, word), word))
            responses.append(Response(request.id, best))
        return responses


def _commonest(lines: Sequence[str]) -> _Cost:
    times = Counter(word for line in lines for word in search_words(line))
    return lambda _text, word: -sum(times[part] for part in search_words(word))


def _likeliest(lines: Sequence[str]) -> _Cost:
    """Give the bits of the whole line, for each character of the word: long words cost more whatever they are."""
    bits = character_ngrams(lines)
    return lambda text, word: (bits(text.replace(GAP, word)) - bits(text.replace(GAP, ""))) / len(word)


def _opener(name: str, learn: Callable[[Sequence[str]], _Cost]) -> Callable[[object], System]:
    return lambda _chosen: GapFiller(identity_of(name, version="1"), learn)


_BUILT_IN = (
    ("commonest-option", _commonest, "of the words to choose from, the commonest in the split train"),
    (
        "likeliest-option",
        _likeliest,
        "the word that character n-grams learnt from train find likeliest there",
    ),
)
FAMILIES = tuple(
    SystemFamily(
        name=name, usage=name, kinds=frozenset({"cloze"}), open=_opener(name, learn), summary=summary
    )
    for name, learn, summary in _BUILT_IN
)
