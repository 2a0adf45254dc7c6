"""`check config`: recipes, tasks, systems and suites read as a run would read them, and nothing else: for commits."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from harness.core.errors import ConfigurationError, HarnessError, NoEvidenceError, SeveralErrors, raise_all
from harness.core.recipe import Recipe
from harness.core.settings import read_toml
from harness.core.workspace import Workspace
from harness.curation import rules
from harness.evaluation.tasks import KINDS, read_tasks
from harness.gates.suites import Suite, load_suite, refuse_doubled_rules
from harness.systems.own_signals import open_signals
from harness.systems.registry import check_settings
from harness.systems.settings import read_systems
from harness.workflows.named_signals import named_signals

_Read = TypeVar("_Read")
_RECIPE, _TASKS, _SYSTEMS = "recipe.toml", "tasks.toml", "systems.toml"


def check_config(workspace: Workspace, paths: Sequence[Path]) -> list[str]:
    """Read every file strictly; without paths, all that the workspace holds.

    Annotations that tasks name have to be there, and without mistakes. A recipe's suites have to be there, its rules have to name signals, and no two suites of the workspace may
    share a rule's code. Signals of the user's own that recipes name have to be installed: rules and suites are
    checked against what they measure.

    Returns:
        The files that were read, as given.

    Raises:
        HarnessError: What is wrong in any of them; all mistakes of all files come together.
        NoEvidenceError: There is no file to read.
    """
    chosen = list(paths) or sorted(_all_files(workspace.root))
    if not chosen:
        raise NoEvidenceError(
            "there is no recipe, no tasks.toml, no systems.toml and no suite to check",
            where=str(workspace.root),
            remedy="run it in a repository of corpora, or name files",
        )
    problems: list[HarnessError] = []
    suites: list[Suite] = []
    own = named_signals(workspace)
    for path in chosen:
        if path.suffix == ".json":
            suites += _kept(problems, partial(load_suite, path, root=workspace.root, own=own.installed))
        elif path.name == _TASKS:
            _kept(problems, partial(_check_tasks, path))
        elif path.name == _SYSTEMS:
            _kept(problems, partial(_check_systems, path))
        else:
            _kept(problems, partial(_check_recipe, workspace, path))
    _kept(problems, partial(refuse_doubled_rules, suites))
    if problems:  # a column that no table has may be that of a package that is not installed
        told = {problem.what for problem in problems}
        problems += [lack for lack in own.missing if lack.what not in told]
    raise_all(problems)
    return [str(path) for path in chosen]


def _all_files(root: Path) -> Iterable[Path]:
    for name in (_RECIPE, _TASKS, _SYSTEMS):
        yield from root.glob(f"datasets/*/{name}")
    yield from root.glob("expectations/*.json")


def _kept(problems: list[HarnessError], read: Callable[[], _Read]) -> list[_Read]:
    try:
        return [read()]
    except SeveralErrors as several:
        problems += several.errors
    except HarnessError as error:
        problems.append(error)
    return []


def _check_recipe(workspace: Workspace, path: Path) -> None:
    recipe = read_toml(path, Recipe)
    rules.check(recipe.reject, open_signals(recipe.signals))
    for suite in recipe.gates:
        if not suite.endswith(".json"):
            workspace.suite(suite)


def _check_tasks(path: Path) -> None:
    _require_file(path)  # without one, a corpus has the default tasks
    problems: list[HarnessError] = []
    for settings in read_tasks(path).values():
        read = KINDS[settings.kind].read
        if read is not None:
            _kept(problems, partial(read, settings, path.parent))
    raise_all(problems)


def _check_systems(path: Path) -> None:
    _require_file(path)  # without one, a corpus has none of its own
    problems: list[HarnessError] = []
    for settings in read_systems(path).values():
        _kept(problems, partial(check_settings, settings))
    raise_all(problems)


def _require_file(path: Path) -> None:
    if not path.is_file():
        raise ConfigurationError("there is no such file", where=str(path), remedy="check the path")
