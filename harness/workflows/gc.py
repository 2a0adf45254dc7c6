"""Pruning the caches of builds: what no finished version rests on any more."""

from collections.abc import Iterable
from pathlib import Path

from harness.core.errors import InputError
from harness.core.workspace import Workspace
from harness.store.chunk_cache import Limits, Pruned, prune


def collect_garbage(
    workspace: Workspace, chosen: Path | None, limits: Limits, *, dry_run: bool
) -> tuple[Pruned, ...]:
    """Prune the caches of a workspace, or the one that was named.

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
    return tuple(prune(root, limits, dry_run=dry_run) for root in roots)
