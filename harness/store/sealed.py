"""Folders of Arrow files under a seal: written whole, and told from damaged ones when they are read."""

import contextlib
import errno
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import xxhash

from harness.core.errors import InputError
from harness.core.files import naming
from harness.core.fingerprints import sha256_of_file
from harness.store.arrow_files import read_arrow

SEAL = "seal.json"
# Raised when folders are written differently: what an older harness left is then not read.
_FORMAT = 1
# What fits into the cache of a core: a block of 1 MB that is asked for anew each time took twice as long in all.
_BLOCK_BYTES = 1 << 18
_STAGED = ".part"
_DISCARDED = ".gone"


class DamagedError(InputError):
    """A sealed folder is not what was written; `where` names the folder. Whoever made it can make it again."""


@contextlib.contextmanager
def sealed_folder(target: Path) -> Iterator[Path]:
    """Give a folder to fill that stands under the target's name, sealed, once the block ends well.

    Its name says what is in it, so that a folder which stands there already is as good and stays.

    Raises:
        OSError: The disk is full, or the folder may not be written.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{target.name[:16]}.", suffix=_STAGED, dir=target.parent))
    try:
        yield staging
        files = {path.name: _described(path) for path in sorted(staging.iterdir())}
        seal = {"format": _FORMAT, "name": target.name, "files": files}
        with naming(staging / SEAL):
            (staging / SEAL).write_text(json.dumps(seal, sort_keys=True), encoding="utf-8")
        _put_in_place(staging, target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def is_sealed(folder: Path) -> bool:
    """Tell whether a folder is complete: its seal is its own, and every file has its size. Contents are not read."""
    try:
        files = _seal_of(folder)["files"]
        return all((folder / name).stat().st_size == entry["bytes"] for name, entry in files.items())
    except (DamagedError, OSError, KeyError, TypeError, AttributeError):
        return False


def read_sealed(folder: Path, name: str) -> pa.Table:
    """Read one table of a sealed folder, after comparing every byte of its file with the seal.

    Args:
        folder: The folder.
        name: The file's name without `.arrow`.

    Returns:
        The table; its columns stay on disk until they are used.

    Raises:
        DamagedError: The seal or the file is missing, from another version, cut short or changed.
    """
    path = folder / f"{name}.arrow"
    require_intact(path)
    try:
        return read_arrow(path)
    except (OSError, pa.ArrowException) as error:
        raise _damaged(path, "it cannot be read") from error


def require_intact(path: Path) -> None:
    """Compare a file in a sealed folder with the seal.

    Raises:
        DamagedError: It is missing, or other than it was written.
    """
    try:
        sealed = _seal_of(path.parent)["files"][path.name]
        found = _described(path)
    except (OSError, KeyError, TypeError) as error:
        raise _damaged(path, "it is missing") from error
    if found != sealed:
        raise _damaged(path, "it was cut short or changed")


def seal_hash(folder: Path) -> str:
    """Name a sealed folder by what is in it, where its name does not say so."""
    return sha256_of_file(folder / SEAL)


def is_intact(folder: Path) -> bool:
    """Tell whether a folder is complete and every byte of it is what was written."""
    try:
        for name in _seal_of(folder)["files"]:
            require_intact(folder / name)
    except (DamagedError, KeyError, TypeError):
        return False
    return True


def discard(folder: Path) -> None:
    """Take a sealed folder away; whoever has its files open keeps them."""
    gone = Path(tempfile.mkdtemp(suffix=_DISCARDED, dir=folder.parent))
    with contextlib.suppress(OSError):
        folder.rename(gone / folder.name)
    shutil.rmtree(gone, ignore_errors=True)


def is_leftover(folder: Path) -> bool:
    """Tell whether a folder is what a killed process left of writing or discarding a sealed one."""
    return folder.suffix in (_STAGED, _DISCARDED)


def _put_in_place(staging: Path, target: Path) -> None:
    try:
        staging.rename(target)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise


def _described(path: Path) -> dict[str, Any]:
    # Against accidents, not against people: who can write here can write a seal as well. xxh3 compares
    # 11 GB a second on one core, SHA-256 one.
    digest = xxhash.xxh3_128()
    with path.open("rb", buffering=0) as stream:
        size = os.fstat(stream.fileno()).st_size
        block = memoryview(bytearray(min(size + 1, _BLOCK_BYTES)))
        while filled := stream.readinto(block):
            digest.update(block[:filled])
    return {"bytes": size, "xxh3": digest.hexdigest()}


def _seal_of(folder: Path) -> dict[str, Any]:
    try:
        seal = json.loads((folder / SEAL).read_bytes())
    except (OSError, ValueError) as error:
        raise _damaged(folder / SEAL, "it cannot be read") from error
    if not isinstance(seal, dict) or (seal.get("format"), seal.get("name")) != (_FORMAT, folder.name):
        raise _damaged(folder / SEAL, "it is of another version or another folder")
    return seal


def _damaged(path: Path, what: str) -> DamagedError:
    return DamagedError(
        f"'{path.name}' of the cache is damaged: {what}",
        where=str(path.parent),
        remedy="run the same command again: what is missing is made anew",
    )
