"""What adapters of language identifiers share: labels become tags, and what is not text becomes blanks."""

import contextlib
import functools
import importlib
import re
import sys
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from typing import Any

from harness.text.language import UNDETERMINED, Identified
from harness.text.tags import shortest_tag

UNKNOWN = Identified(UNDETERMINED, 0.0)

# What is not text: controls but tab and line ends, lone surrogates, noncharacters. CLD2 refuses a text
# that holds one, fastText cannot take surrogates; each becomes a blank, so that no two words join.
_NOT_TEXT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(chr((plane << 16) | low) for plane in range(1, 17) for low in (0xFFFE, 0xFFFF))
    + "]"
)

# A model that gives probabilities stands by what is likelier than everything else together.
_SURE_FROM_PROBABILITY = 0.5


Guesses = Sequence[tuple[str, float]]  # a model's own labels with scores, the best first


def identified_as(guesses: Guesses, labels: Mapping[str, str], *, sure: bool) -> Identified:
    """Write what a model says in our tags.

    Args:
        guesses: The model's labels; none where it cannot tell.
        labels: Exceptions from `shortest_tag`.
        sure: Whether the model stands by the first.
    """
    tagged = [_tagged(label, score, labels) for label, score in guesses[:2]]
    tag, score = tagged[0] if tagged else (UNDETERMINED, 0.0)
    if tag == UNDETERMINED:
        return UNKNOWN
    rival, rival_score = tagged[1] if len(tagged) > 1 else (UNDETERMINED, 0.0)
    return Identified(tag, score, sure, rival, rival_score)


def _tagged(label: str, score: float, labels: Mapping[str, str]) -> tuple[str, float]:
    tag = labels.get(label) or _tag_of(label)
    return tag, 0.0 if tag == UNDETERMINED else min(max(score, 0.0), 1.0)


@dataclass(frozen=True)
class Adapter:
    """An identifier: how a single text with letters in it is told.

    Args:
        name: Its name in recipes.
        version: The version of the distribution that carries the model.
        tell: Gives what the model says, with its labels mapped to tags.
        tell_utf8: The same, where the model reads UTF-8 itself; None where it has to be decoded for it.
    """

    name: str
    version: str
    tell: Callable[[str], Identified]
    tell_utf8: Callable[[bytes], Identified] | None = None

    def identify(self, texts: Sequence[str]) -> list[Identified]:
        """Tell the language of each text, in order; a text without a letter is `und`."""
        tell = self.tell
        return [tell(text) if _has_letter(text) else UNKNOWN for text in texts]

    def identify_passages(self, passages: Sequence[bytes]) -> list[Identified]:
        """Tell the language of each of some texts in UTF-8 that are known to have letters."""
        if self.tell_utf8 is not None:
            return list(map(self.tell_utf8, passages))
        return [self.tell(passage.decode()) for passage in passages]


def _has_letter(text: str) -> bool:
    return text[:1].isalpha() or any(map(str.isalpha, text))  # most begin with one


def by_probability(guesses: Guesses, labels: Mapping[str, str]) -> Identified:
    """Write in our tags what a model says that gives probabilities: it is sure of what outweighs all else."""
    return identified_as(guesses, labels, sure=bool(guesses) and guesses[0][1] >= _SURE_FROM_PROBABILITY)


def without_what_is_not_text(text: str) -> str:
    """Put a blank in the place of each code point that is no text."""
    return _NOT_TEXT.sub(" ", text)


@functools.lru_cache(maxsize=1024)
def _tag_of(label: str) -> str:
    # CLD2 names a script that it cannot read as a language `xx-Scrp`.
    return UNDETERMINED if label.startswith("xx-") else shortest_tag(label)


def imported(module: str) -> Any:
    """Import the package that carries a model, when the model is wanted and no sooner."""
    return importlib.import_module(module)


def imported_with_later(module: str, package: str, function: str) -> Any:
    """Import a module, but not yet the package of a function that it may never call: the first call does.

    Args:
        module: What to import.
        package: Stands aside while that is done, if nobody has loaded it.
        function: All that the module takes from it; where it takes more, the package is imported with it as ever.
    """

    def call(*arguments: Any, **named: Any) -> Any:
        return getattr(importlib.import_module(package), function)(*arguments, **named)

    if package not in sys.modules:
        sys.modules[package] = stand_in = types.ModuleType(package)
        setattr(stand_in, function, call)
        try:
            with contextlib.suppress(ImportError):
                return imported(module)
        finally:
            del sys.modules[package]
    return imported(module)


def version_of(distribution: str) -> str:
    """Give the version of the package that carries a model."""
    return metadata.version(distribution)
