"""The cache of a build: what was done to chunks and written as shards, under names that say from what."""

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from harness.core.errors import InputError
from harness.core.files import write_atomically
from harness.core.fingerprints import sha256_of
from harness.store.locks import locked
from harness.store.sealed import discard, is_intact, is_leftover, is_sealed

# Git, backup programs and search leave alone what says so (https://bford.info/cachedir/).
_MARKS = {
    "CACHEDIR.TAG": "Signature: 8a477f597d28d172789f06886806bc55\n# Made by harness; harness gc prunes it.\n",
    ".gitignore": "*\n",
}
_LOCK = "in-use"
# Whoever opens the cache or prunes it holds the lock alone for a moment.
_PATIENCE_S = 30.0
_MOMENT_S = 1.0
_USED = "used"
KINDS = ("told", "decoded", "processed", "compared", "shards")


@dataclass
class ChunkCache:
    """A cache that is open: nobody prunes it meanwhile.

    Args:
        root: Its folder.
        damaged: How many entries were found damaged and taken away.
        is_filling: Whether chunks are being worked on: whatever ends a build then, the same command can go on.
    """

    root: Path
    damaged: int = 0
    is_filling: bool = False
    _used: set[str] = field(default_factory=set)

    def place(self, kind: str, key: str) -> Path:
        """Say where an entry lies, or would."""
        self._used.add(f"{kind}/{key}")
        return self.root / kind / key[:2] / key

    def has(self, kind: str, key: str) -> bool:
        """Tell whether an entry is there and complete; a broken one is taken away."""
        folder = self.place(kind, key)
        if is_sealed(folder):
            with contextlib.suppress(OSError):
                os.utime(folder)  # what was used last is pruned last
            return True
        if folder.exists():
            self.discard(folder)
        return False

    def latest(self, kind: str) -> list[Path]:
        """List the complete entries of a kind, the last used first: no version rests on what is taken from them."""
        found = [folder for folder in (self.root / kind).glob("??/*") if is_sealed(folder)]
        return sorted(found, key=_last_used, reverse=True)

    def discard(self, folder: Path) -> None:
        """Take away an entry that was found damaged."""
        self.damaged += 1
        discard(folder)

    def discard_damaged(self) -> None:
        """Look at every byte of all entries that this build rests on, and take away the damaged ones."""
        for name in sorted(self._used):
            kind, _, key = name.partition("/")
            folder = self.place(kind, key)
            if folder.exists() and not is_intact(folder):
                self.discard(folder)

    def note_used(self, version: Path) -> None:
        """Write down which entries a finished version rests on: `prune` spares them while it stands."""
        place = os.path.relpath(version.resolve(), self.root.resolve())
        note = {"version": place, "entries": sorted(self._used)}
        write_atomically(self.root / _USED / f"{sha256_of(place)[:16]}.json", json.dumps(note))

    @property
    def is_empty(self) -> bool:
        """Whether it holds no entry."""
        return not any(_entries(self.root))


@contextlib.contextmanager
def open_cache(root: Path) -> Iterator[ChunkCache]:
    """Open a cache, and make it if need be; several builds may have it open at the same time.

    Raises:
        OSError: The disk is full, or the folder may not be written.
        InputError: It is being pruned.
    """
    root.mkdir(parents=True, exist_ok=True)
    for name, content in _MARKS.items():
        if not (root / name).exists():
            write_atomically(root / name, content)
    with locked(root / _LOCK, shared=False) as alone:
        if alone:  # what is half-written now was left by a process that was killed
            _clear_leftovers(root)
    with locked(root / _LOCK, shared=True, patience_s=_PATIENCE_S) as held:
        if not held:
            raise InputError(
                "the cache is being pruned", where=str(root), remedy="run the same command again in a moment"
            )
        yield ChunkCache(root)


def remove_cache(root: Path) -> None:
    """Remove a whole cache, unless somebody else has it open."""
    with locked(root / _LOCK, shared=False) as alone:
        if alone:
            shutil.rmtree(root, ignore_errors=True)


@dataclass(frozen=True)
class Pruned:
    """What `prune` took away, or would.

    Args:
        root: The cache.
        entries: How many entries.
        freed_bytes: What they held; files that a version shares with the cache stay in the version.
        kept_bytes: What stays.
    """

    root: Path
    entries: int
    freed_bytes: int
    kept_bytes: int

    def as_json(self) -> dict[str, Any]:
        """Give it as a JSON object."""
        return {**asdict(self), "root": str(self.root)}


@dataclass(frozen=True)
class Limits:
    """What may stay in a cache.

    Args:
        oldest_s: Entries that no version rests on go if they were last used before, in seconds since 1970.
        most_bytes: The oldest of what is left go as well until the cache is no larger; None for any size.
    """

    oldest_s: float
    most_bytes: int | None = None


def prune(root: Path, limits: Limits, *, dry_run: bool = False) -> Pruned:
    """Take away entries that no finished version rests on, and more if the rest is still too large.

    Raises:
        InputError: The folder is no cache, or a build is at work with it.
    """
    if not (root / _LOCK).is_file():
        raise InputError("this is no cache of builds", where=str(root), remedy="check the path")
    with locked(root / _LOCK, shared=False, patience_s=_MOMENT_S) as alone:
        if not alone:
            raise InputError("a build is at work with the cache", where=str(root), remedy="wait for its end")
        if not dry_run:
            _clear_leftovers(root)
        return _prune(root, limits, dry_run=dry_run)


def _prune(root: Path, limits: Limits, *, dry_run: bool) -> Pruned:
    entries = sorted((path.stat().st_mtime, path) for path in _entries(root))
    sizes = {path: _size(path) for _, path in entries}
    spared = _in_use(root)
    going = {path for made, path in entries if _name(path) not in spared and made < limits.oldest_s}
    left = sum(sizes.values()) - sum(sizes[path] for path in going)
    for _, path in entries:
        if limits.most_bytes is not None and left > limits.most_bytes and path not in going:
            going.add(path)
            left -= sizes[path]
    if not dry_run:
        for path in going:
            discard(path)
    return Pruned(root, len(going), sum(sizes[path] for path in going), left)


def _entries(root: Path) -> Iterator[Path]:
    for kind in KINDS:
        for folder in (root / kind).glob("??/*"):
            if folder.is_dir() and not is_leftover(folder):
                yield folder


def _in_use(root: Path) -> set[str]:
    """Collect what finished versions rest on, of those that still stand."""
    used: set[str] = set()
    for listed in (root / _USED).glob("*.json"):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            note = json.loads(listed.read_bytes())
            if (root / note["version"]).is_dir():
                used.update(note["entries"])
    return used


def _last_used(entry: Path) -> float:
    try:
        return entry.stat().st_mtime
    except OSError:  # it went meanwhile
        return 0.0


def _name(entry: Path) -> str:
    return f"{entry.parent.parent.name}/{entry.name}"


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())


def _clear_leftovers(root: Path) -> None:
    for kind in KINDS:
        for folder in (root / kind).glob("??/*"):
            if is_leftover(folder):
                shutil.rmtree(folder, ignore_errors=True)
