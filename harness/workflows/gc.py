"""Pruning what is kept for later: caches of builds, and answers of systems, on which nothing that stands rests."""

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from harness.core.errors import HarnessError, InputError
from harness.core.workspace import Workspace
from harness.store.answers import ANSWERS, prune_answers
from harness.store.chunk_cache import Limits, Pruned, prune
from harness.store.runs import RunFolder, run_paths


def collect_garbage(
    workspace: Workspace, chosen: Path | None, limits: Limits, *, dry_run: bool
) -> tuple[Pruned, ...]:
    """Prune the caches of a workspace and the answers kept there, or the one cache that was named.

    Args:
        workspace: Where to look for caches.
        chosen: The only cache to prune, instead.
        limits: What may stay.
        dry_run: Take nothing away; say what would go.

    Returns:
        What went, cache by cache; nothing where there is none.

    Raises:
        InputError: The named folder is no cache, or a build is at work with one.
    """
    if chosen is not None and not chosen.is_dir():
        raise InputError("there is no cache", where=str(chosen), remedy="check --cache")
    roots: Iterable[Path] = [chosen] if chosen is not None else workspace.build_caches()
    pruned = tuple(prune(root, limits, dry_run=dry_run) for root in roots)
    return pruned if chosen is not None else (*pruned, *_answers(workspace, limits, dry_run=dry_run))


def _answers(workspace: Workspace, limits: Limits, *, dry_run: bool) -> Iterator[Pruned]:
    for runs in workspace.runs_folders():
        if (runs / ANSWERS).is_dir():
            yield prune_answers(runs / ANSWERS, limits, _in_use(runs), dry_run=dry_run)


def _in_use(runs: Path) -> frozenset[str]:
    """Name the journals that runs were made from; one that is damaged has to be made anew, and rests on none."""
    names = set()
    for path in run_paths(runs):
        with contextlib.suppress(HarnessError):
            names.add(RunFolder.open(path).manifest.answers)
    return frozenset(names)
