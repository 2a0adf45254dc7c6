"""What a language identifier is, and the tags in which languages are told."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

UNDETERMINED = "und"


@dataclass(frozen=True)
class Identified:
    """One text's language: a shortest BCP-47 tag (`ar`, `fa`, `ckb`) or `und`, and a score in [0, 1]."""

    tag: str
    score: float


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
