"""Folders are written whole or not at all, and nothing of a build that was killed stays for good."""

import os
import threading
from pathlib import Path

import pytest

from harness.core.files import folder_written_whole, naming
from harness.store.scratch import scratch_folder


def put(target: Path, content: str) -> None:
    """Write a folder with one file."""
    with folder_written_whole(target) as folder:
        (folder / "one.txt").write_text(content, encoding="utf-8")


def test_a_folder_that_cannot_be_put_in_place_leaves_the_old_one_there(tmp_path, monkeypatch):
    """A failure between the two renames puts back what stood there."""
    target = tmp_path / "version"
    put(target, "old")
    renamed = Path.rename

    def fail_in_between(self: Path, to: Path) -> Path:
        if self.suffix == ".part":
            raise OSError(5, "the disk went away")
        return renamed(self, to)

    monkeypatch.setattr(Path, "rename", fail_in_between)
    with pytest.raises(OSError, match="went away"):
        put(target, "new")
    assert (target / "one.txt").read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["version"]


def test_several_may_write_one_folder_at_the_same_time(tmp_path):
    """The last one stays, nobody fails, and nothing lies beside it."""
    writers = [
        threading.Thread(target=lambda: [put(tmp_path / "version", "x") for _ in range(20)]) for _ in range(4)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [path.name for path in tmp_path.iterdir()] == ["version"]
    assert (tmp_path / "version" / "one.txt").is_file()


def test_a_link_stays_and_what_it_leads_to_is_replaced(tmp_path):
    """`--out current`, where `current` is a link to another disk, writes there."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    put(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "one.txt").is_file()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "real"]


def test_scratch_is_gone_after_an_error(tmp_path):
    """However the block ends."""
    with pytest.raises(FileNotFoundError), scratch_folder(tmp_path / "new") as scratch:
        (scratch / "not there").read_bytes()
    assert list((tmp_path / "new").iterdir()) == []


def test_the_scratch_of_a_killed_build_goes_with_the_next_one(tmp_path):
    """Nobody holds its lock any more; the folder of a build at work is left alone."""
    dead = tmp_path / ".build-dead"
    dead.mkdir()
    (dead / "in-use").touch()
    (dead / "000000.raw.arrow").write_bytes(b"x")
    with scratch_folder(tmp_path) as first, scratch_folder(tmp_path) as second:
        assert first.is_dir()
        assert second.is_dir()
        assert not dead.exists()


def test_an_error_of_the_system_is_told_with_its_file():
    """Arrow says only that the disk is full; which disk is what people need."""
    with pytest.raises(OSError, match="No space") as caught, naming(Path("out/a.arrow")):
        raise OSError(28, "Error writing bytes to file")
    assert caught.value.filename == os.fspath(Path("out/a.arrow"))
