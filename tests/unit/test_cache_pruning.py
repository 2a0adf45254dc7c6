"""`harness gc`: what no version rests on goes, what a build is at work with stays."""

import json
import os
from pathlib import Path

import pyarrow as pa
import pytest
from support.command import harness_inside

from harness.core.errors import InputError
from harness.store.arrow_files import write_arrow
from harness.store.chunk_cache import Limits, open_cache, prune, remove_cache
from harness.store.sealed import sealed_folder

AN_HOUR_AGO, NOW = 1_000_000.0, 1_003_600.0


def filled(root: Path, keys: dict[str, float], version: Path | None = None) -> Path:
    """Make a cache with an entry for each key, last used at a time; a version rests on those that end in `+`."""
    with open_cache(root) as cache:
        for key, used in keys.items():
            folder = root / "processed" / key[:2] / key
            with sealed_folder(folder) as staging:
                write_arrow(staging / "rows.arrow", pa.table({"n": list(range(100))}))
            os.utime(folder, (used, used))
    if version is not None:
        version.mkdir(exist_ok=True)
        with open_cache(root) as cache:
            for key in keys:
                if key.endswith("+"):
                    cache.place("processed", key)
            cache.note_used(version)
    return root


def entries(root: Path) -> set[str]:
    """Name what a cache holds."""
    return {path.name for path in root.glob("processed/??/*")}


def test_old_entries_that_no_version_rests_on_go(tmp_path):
    """What a standing version was made from is spared, and so is what is new."""
    root = filled(tmp_path / "cache", {"old": 10.0, "used+": 10.0, "new": NOW}, tmp_path / "1.0.0")
    pruned = prune(root, Limits(AN_HOUR_AGO))
    assert entries(root) == {"used+", "new"}
    assert pruned.entries == 1
    assert pruned.freed_bytes > 0


def test_entries_of_a_version_that_is_gone_are_spared_no_longer(tmp_path):
    """Whoever deletes a version gets its share of the cache back."""
    root = filled(tmp_path / "cache", {"used+": 10.0}, tmp_path / "1.0.0")
    (tmp_path / "1.0.0").rmdir()
    prune(root, Limits(AN_HOUR_AGO))
    assert entries(root) == set()


def test_a_cache_is_brought_down_to_a_size_oldest_first(tmp_path):
    """A limit on the size takes what was used longest ago, whoever rests on it."""
    root = filled(tmp_path / "cache", {"first+": 10.0, "second": 20.0, "third": NOW}, tmp_path / "1.0.0")
    whole = prune(root, Limits(0.0), dry_run=True).kept_bytes
    pruned = prune(root, Limits(0.0, most_bytes=whole * 2 // 3))
    assert entries(root) == {"second", "third"}
    assert pruned.kept_bytes <= whole * 2 // 3


def test_a_dry_run_takes_nothing(tmp_path):
    """It says the same, and does not do it."""
    root = filled(tmp_path / "cache", {"old": 10.0, "new": NOW})
    tried = prune(root, Limits(AN_HOUR_AGO), dry_run=True)
    assert entries(root) == {"old", "new"}
    assert prune(root, Limits(AN_HOUR_AGO)) == tried


def test_what_a_killed_build_left_goes(tmp_path):
    """Half-written entries are of no use to anybody."""
    root = filled(tmp_path / "cache", {"one": NOW})
    half = root / "processed" / "on" / ".one.x.part"
    half.mkdir()
    prune(root, Limits(AN_HOUR_AGO))
    assert not half.exists()
    assert entries(root) == {"one"}


def test_a_cache_that_is_being_used_is_left_alone(tmp_path):
    """Nothing is taken from under a build at work: an error says who is there."""
    root = filled(tmp_path / "cache", {"old": 10.0})
    with open_cache(root), open_cache(root):
        with pytest.raises(InputError, match="a build is at work"):
            prune(root, Limits(NOW))
        remove_cache(root)
        assert entries(root) == {"old"}


def test_any_other_folder_is_no_cache(tmp_path):
    """A mistyped path costs nobody a file."""
    (tmp_path / "processed" / "ab" / "abc").mkdir(parents=True)
    with pytest.raises(InputError, match="no cache"):
        prune(tmp_path, Limits(NOW))
    assert (tmp_path / "processed" / "ab" / "abc").is_dir()


def test_the_command_prunes_the_caches_of_a_workspace(tmp_path):
    """`harness gc` finds them, says what it would free and frees it."""
    root = filled(tmp_path / "datasets" / "news" / "builds" / ".cache", {"old": 10.0})
    tried = harness_inside("gc", "--workspace", tmp_path, "--dry-run", "--format", "json", cwd=tmp_path)
    assert (tried.code, entries(root)) == (0, {"old"})
    done = harness_inside("gc", "--workspace", tmp_path, "--format", "json", cwd=tmp_path)
    assert (done.code, entries(root)) == (0, set())
    assert json.loads(done.stdout) == json.loads(tried.stdout)
    assert harness_inside("gc", "--cache", tmp_path / "none", cwd=tmp_path).code == 3
