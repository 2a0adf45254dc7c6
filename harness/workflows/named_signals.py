"""Signals of the user's own that the recipes of a workspace name: those that are installed, and those that are not."""

import contextlib
from dataclasses import dataclass

from harness.core.errors import ConfigurationError, HarnessError
from harness.core.recipe import Recipe
from harness.core.settings import read_toml
from harness.core.signals import OwnSignal
from harness.core.workspace import Workspace
from harness.systems.own_signals import open_signals


@dataclass(frozen=True)
class NamedSignals:
    """What was found of the signals that recipes name.

    Args:
        installed: In order of their names.
        missing: Of each other, why it cannot be opened.
    """

    installed: tuple[OwnSignal, ...]
    missing: tuple[HarnessError, ...]


def named_signals(workspace: Workspace) -> NamedSignals:
    """Open what any recipe of the workspace names; a recipe that cannot be read names nothing here."""
    installed: list[OwnSignal] = []
    missing: list[HarnessError] = []
    for name in sorted(_names(workspace)):
        try:
            installed += open_signals((name,))
        except ConfigurationError as error:
            missing.append(error)
    return NamedSignals(tuple(installed), tuple(missing))


def _names(workspace: Workspace) -> set[str]:
    names: set[str] = set()
    for path in workspace.root.glob("datasets/*/recipe.toml"):
        with contextlib.suppress(HarnessError):
            names |= set(read_toml(path, Recipe).signals)
    return names
