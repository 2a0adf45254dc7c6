"""Language models to compare with: n-grams of bytes and of characters, and compressors as floors."""

import lzma
import math
import zlib
from collections.abc import Callable, Hashable, Sequence
from functools import partial

from harness.evaluation.tasks import Example
from harness.systems.learning import learnt_family

_BYTES = 256
_CHARACTERS = 0x110000 - 0x800  # code points without surrogates
_BYTE_ORDER, _CHARACTER_ORDER = 6, 5
# Tables of n-grams grow with every text: a million characters take some hundred MB and some seconds.
_MOST_CHARACTERS = 1_000_000
_WINDOW_BYTES = 1 << 15  # of deflate
_BITS_A_BYTE = 8
_Cost = Callable[[str], float]


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


def _learnt(learn: Callable[[Sequence[str]], _Cost], examples: Sequence[Example]) -> Callable[[str], str]:
    """Answer with the bits that a text costs, to four digits after the point: the last bits of logarithms differ."""
    cost = learn([example.input for example in examples])
    return lambda text: f"{cost(text):.4f}"


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
    learnt_family(name, frozenset({"bits-per-byte"}), partial(_learnt, learn), summary, facts)
    for name, learn, facts, summary in _BUILT_IN
)
