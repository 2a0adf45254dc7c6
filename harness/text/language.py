"""What a language identifier is, and the tags in which languages are told."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

UNDETERMINED = "und"


class Identified(NamedTuple):  # made for every passage: a frozen dataclass takes four times as long
    """One text's language as a model tells it.

    Args:
        tag: A shortest BCP-47 tag (`ar`, `fa`, `ckb`) or `und`.
        score: How far, in [0, 1]; what it counts is the model's own.
        sure: Whether the model stands by it; if not, it is its best effort.
        rival: The tag that comes next, `und` where none does.
        rival_score: How far that one, in [0, 1].
    """

    tag: str
    score: float
    sure: bool = True
    rival: str = UNDETERMINED
    rival_score: float = 0.0


class LanguageIdentifier(Protocol):
    """Something that tells the language of texts, offline and deterministically."""

    @property
    def name(self) -> str:
        """Its name in recipes, such as `pycld2`."""

    @property
    def version(self) -> str:
        """The version of the package that carries its model; part of a version's identity."""

    def identify(self, texts: Sequence[str]) -> list[Identified]:
        """Tell the language of each text, in order; `und` for what it cannot tell."""

    def identify_passages(self, passages: Sequence[bytes]) -> list[Identified]:
        """Do the same for texts in UTF-8 that are known to have letters, without looking for one first."""
