"""What pruning did, for people at a terminal."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

_MIB = 1 << 20


class _Pruned(Protocol):
    """What is told of one cache; see `harness.store.chunk_cache.Pruned`."""

    @property
    def root(self) -> Path: ...
    @property
    def entries(self) -> int: ...
    @property
    def freed_bytes(self) -> int: ...
    @property
    def kept_bytes(self) -> int: ...


def gc_text(pruned: Sequence[_Pruned], *, dry_run: bool) -> str:
    """Write one line a cache."""
    if not pruned:
        return "there is no cache here"
    went = "would go" if dry_run else "gone"
    return "\n".join(
        f"{went} {one.entries} entries, {one.freed_bytes / _MIB:,.1f} MiB; "
        f"{one.kept_bytes / _MIB:,.1f} MiB stay  {one.root}"
        for one in pruned
    )
