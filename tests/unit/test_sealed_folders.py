"""Sealed folders: written whole or not at all, and never believed when they are not what was written."""

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from harness.store.arrow_files import write_arrow
from harness.store.sealed import (
    SEAL,
    DamagedError,
    discard,
    is_intact,
    is_leftover,
    is_sealed,
    read_sealed,
    sealed_folder,
)

ROWS = pa.table({"n": list(range(1000))})


@pytest.fixture
def folder(tmp_path):
    """A sealed folder with one table."""
    with sealed_folder(tmp_path / "ab" / "abcdef") as staging:
        write_arrow(staging / "rows.arrow", ROWS)
    return tmp_path / "ab" / "abcdef"


def test_what_was_sealed_is_read_back(folder):
    """A folder that nobody touched is complete, intact and equal."""
    assert is_sealed(folder)
    assert is_intact(folder)
    assert read_sealed(folder, "rows").equals(ROWS)


def cut_short(folder: Path) -> None:
    """A disk that was full, or a copy that was stopped."""
    path = folder / "rows.arrow"
    path.write_bytes(path.read_bytes()[:-100])


def one_bit(folder: Path) -> None:
    """A disk that forgets."""
    path = folder / "rows.arrow"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def emptied(folder: Path) -> None:
    """A crash before the file system wrote."""
    (folder / "rows.arrow").write_bytes(b"")


def missing(folder: Path) -> None:
    """Somebody tidied up."""
    (folder / "rows.arrow").unlink()


def no_seal(folder: Path) -> None:
    """Something else made the folder."""
    (folder / SEAL).unlink()


def half_a_seal(folder: Path) -> None:
    """The seal itself was cut short."""
    (folder / SEAL).write_text((folder / SEAL).read_text()[:30])


def other_format(folder: Path) -> None:
    """Another version of harness wrote it."""
    seal = json.loads((folder / SEAL).read_text())
    (folder / SEAL).write_text(json.dumps(seal | {"format": 0}))


def other_name(folder: Path) -> None:
    """Somebody copied an entry under another name."""
    seal = json.loads((folder / SEAL).read_text())
    (folder / SEAL).write_text(json.dumps(seal | {"name": "fedcba"}))


def list_for_a_seal(folder: Path) -> None:
    """JSON, but no seal."""
    (folder / SEAL).write_text("[]")


def no_files_in_the_seal(folder: Path) -> None:
    """An object, but no seal."""
    (folder / SEAL).write_text(json.dumps({"format": 1, "name": folder.name, "files": None}))


DAMAGES = (
    cut_short, one_bit, emptied, missing, no_seal, half_a_seal, other_format, other_name, list_for_a_seal,
    no_files_in_the_seal,
)  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_whatever_is_wrong_with_a_folder_is_told(folder: Path, damage: Callable[[Path], None]):
    """A file cut short or changed, a seal that is missing, foreign or of another version: an error that names it."""
    damage(folder)
    assert not is_intact(folder)
    with pytest.raises(DamagedError) as caught:
        read_sealed(folder, "rows")
    assert caught.value.where == str(folder)
    assert caught.value.remedy


def test_a_quick_look_sees_what_is_missing_or_cut_short_without_reading_it(folder):
    """The sizes are enough for the accidents that happen."""
    cut_short(folder)
    assert not is_sealed(folder)


def test_nothing_stays_of_a_folder_whose_writing_failed(tmp_path):
    """A full disk in the middle leaves neither the folder nor its parts."""

    def write() -> None:
        with sealed_folder(tmp_path / "key") as staging:
            (staging / "rows.arrow").write_bytes(b"x")
            raise OSError(28, "the disk is full")

    with pytest.raises(OSError, match="full"):
        write()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_stands_already_stays(folder):
    """Two builds that do the same work at the same time do not get into each other's way."""
    before = (folder / "rows.arrow").stat().st_ino
    with sealed_folder(folder) as staging:
        write_arrow(staging / "rows.arrow", ROWS)
    assert (folder / "rows.arrow").stat().st_ino == before
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_a_discarded_folder_is_gone(folder):
    """What was found damaged does not stand in the way of what replaces it."""
    discard(folder)
    assert list(folder.parent.iterdir()) == []


def test_what_a_killed_process_leaves_is_told_from_what_is_sealed(tmp_path):
    """A build that is killed while it writes or takes away leaves folders that say so."""
    writing = sealed_folder(tmp_path / "key")
    staging = writing.__enter__()
    assert is_leftover(staging)
    writing.__exit__(None, None, None)
    assert not is_leftover(tmp_path / "key")
