"""What a rule of cleaning is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from harness.text.edits import Replacement

Finder = Callable[[str], Iterable[Replacement]]


@dataclass(frozen=True)
class CleaningRule:
    """One kind of defect and its mending.

    Args:
        name: The rule's name in edits and identities.
        version: Raised with every change of what it finds.
        suspect: An RE2 pattern that matches every text in which the rule finds something, and few others:
            texts that do not match are never looked at.
        find: Gives the replacements in one text, without overlap.
        yields: The rule names that its edits bear, where these are rows of a table.
    """

    name: str
    version: str
    suspect: str
    find: Finder
    yields: tuple[str, ...] = ()

    @property
    def why(self) -> str:
        """What the rule does, why, and what it wrongly catches, for people."""
        return self.find.__doc__ or ""


def cleaning_rule(name: str, *, version: str, suspect: str) -> Callable[[Finder], CleaningRule]:
    """Make a rule of the function that finds its replacements."""
    return lambda find: CleaningRule(name, version, suspect, find)
