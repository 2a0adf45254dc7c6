"""Language models to compare with: n-grams of bytes and of characters, and compressors as floors."""

import lzma
import math
import zlib
from collections.abc import Callable, Hashable, Sequence

from harness.evaluation.results import SystemIdentity
from harness.evaluation.tasks import TaskBrief
from harness.systems.learning import required_examples
from harness.systems.system import Request, Response, System, SystemFamily, identity_of

_BYTES = 256
_CHARACTERS = 0x110000 - 0x800  # code points without surrogates
_BYTE_ORDER, _CHARACTER_ORDER = 6, 5
# Tables of n-grams grow with every text: a million characters take some hundred MB and some seconds.
_MOST_CHARACTERS = 1_000_000
_WINDOW_BYTES = 1 << 15  # of deflate
_BITS_A_BYTE = 8
_Cost = Callable[[str], float]


class LanguageModel:
    """Answers each text with the bits that it costs.

    Args:
        identity: Its name, with all that its answers depend on.
        learn: Makes the function that tells the cost, from the texts that may be learnt from.
    """

    def __init__(self, identity: SystemIdentity, learn: Callable[[Sequence[str]], _Cost]) -> None:
        self.identity = identity
        self._learn = learn
        self._cost: _Cost = len

    def prepare(self, brief: TaskBrief) -> None:
        """Learn from the examples.

        Raises:
            ConfigurationError: The task has none.
        """
        examples = required_examples(brief, self.identity.name)
        self._cost = self._learn([example.input for example in examples])

    def answer(self, batch: Sequence[Request]) -> Sequence[Response]:
        """Tell the cost of each text, to four digits after the point: the last bits of logarithms differ."""
        return [Response(request.id, f"{self._cost(request.input):.4f}") for request in batch]


class NGrams:
    """Foretells each symbol from those before it, shorter contexts filling in for longer (Witten and Bell 1991).

    P(s | h) = (count(h s) + kinds(h) · P(s | h without its first)) / (count(h) + kinds(h)), down to the empty
    context, whose stand-in is the uniform distribution. So the probabilities of all symbols sum to one.

    Args:
        order: How many symbols an n-gram has, >= 1.
        symbols: How many there are.
    """

    def __init__(self, order: int, symbols: int) -> None:
        self._order = order
        self._uniform = 1.0 / symbols
        self._times: dict[Hashable, dict[Hashable, int]] = {}
        self._total: dict[Hashable, int] = {}

    def learn(self, text: Sequence[Hashable]) -> None:
        """Count the n-grams of a text; contexts do not reach over its beginning."""
        for place, symbol in enumerate(text):
            for length in range(min(self._order, place + 1)):
                context = text[place - length : place]
                following = self._times.setdefault(context, {})
                following[symbol] = following.get(symbol, 0) + 1
                self._total[context] = self._total.get(context, 0) + 1

    def probability(self, context: Sequence[Hashable], symbol: Hashable) -> float:
        """Give P(symbol | context); of the context only the last symbols count, one less than the order."""
        likely = self._uniform
        for length in range(min(self._order, len(context) + 1)):
            seen = context[len(context) - length :]
            following = self._times.get(seen)
            if following is None:
                break  # nor was any longer context seen
            kinds = len(following)
            likely = (following.get(symbol, 0) + kinds * likely) / (self._total[seen] + kinds)
        return likely

    def bits(self, text: Sequence[Hashable]) -> float:
        """Give what a text costs."""
        reach = self._order - 1
        return math.fsum(
            -math.log2(self.probability(text[max(0, place - reach) : place], symbol))
            for place, symbol in enumerate(text)
        )


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _byte_ngrams(texts: Sequence[str]) -> _Cost:
    model = NGrams(_BYTE_ORDER, _BYTES)
    for text in _as_much_as_fits(texts):
        model.learn(_encoded(text))
    return lambda text: model.bits(_encoded(text))


def character_ngrams(texts: Sequence[str]) -> _Cost:
    """Learn n-grams of characters; gives a function that tells what a text costs in bits."""
    model = NGrams(_CHARACTER_ORDER, _CHARACTERS)
    for text in _as_much_as_fits(texts):
        model.learn(text)
    return model.bits


def _as_much_as_fits(texts: Sequence[str]) -> list[str]:
    fitting: list[str] = []
    characters = 0
    for text in texts:
        characters += len(text)
        if fitting and characters > _MOST_CHARACTERS:
            break
        fitting.append(text)
    return fitting


def _deflate(texts: Sequence[str]) -> _Cost:
    """Compress with as much of the learnt texts as the window holds before each text."""
    before = _encoded("\n".join(texts))[-_WINDOW_BYTES:]

    def cost(text: str) -> float:
        machine = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, 9, zdict=before)
        return _BITS_A_BYTE * len(machine.compress(_encoded(text)) + machine.flush())

    return cost


def _lzma(_texts: Sequence[str]) -> _Cost:
    """Compress each text by itself, without headers."""
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 9}]
    return lambda text: _BITS_A_BYTE * len(lzma.compress(_encoded(text), lzma.FORMAT_RAW, filters=filters))


def _opener(name: str, learn: Callable[[Sequence[str]], _Cost], *facts: str) -> Callable[[object], System]:
    return lambda _chosen: LanguageModel(identity_of(name, version="1", facts=facts), learn)


_BUILT_IN: tuple[tuple[str, Callable[[Sequence[str]], _Cost], tuple[str, ...], str], ...] = (
    (
        "byte-ngrams",
        _byte_ngrams,
        (f"order={_BYTE_ORDER}", f"characters={_MOST_CHARACTERS}"),
        f"byte {_BYTE_ORDER}-grams with Witten-Bell smoothing, learnt from the split train",
    ),
    (
        "character-ngrams",
        character_ngrams,
        (f"order={_CHARACTER_ORDER}", f"characters={_MOST_CHARACTERS}"),
        f"character {_CHARACTER_ORDER}-grams with Witten-Bell smoothing, learnt from the split train",
    ),
    ("deflate", _deflate, (zlib.ZLIB_RUNTIME_VERSION,), "zlib's deflate after 32 KB of the split train"),
    ("lzma", _lzma, (), "LZMA2 of each text alone"),
)
FAMILIES = tuple(
    SystemFamily(
        name=name,
        usage=name,
        kinds=frozenset({"bits-per-byte"}),
        open=_opener(name, learn, *facts),
        summary=summary,
    )
    for name, learn, facts, summary in _BUILT_IN
)
