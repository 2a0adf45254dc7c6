"""Same inputs and recipe, same bytes: whatever the workers, the chunks, the hash seed, the time zone, the place."""

import shutil
from pathlib import Path

import pytest
from support.command import harness, tree_bytes

CORPUS = Path(__file__).resolve().parents[2] / "datasets" / "demo-news"


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    """Build the demo corpus once, with one worker."""
    out = tmp_path_factory.mktemp("reference") / "version"
    done = harness("build", CORPUS, "--out", out, "--workers", "1", cwd=out.parent)
    assert done.code == 0, done.stderr
    return out


def test_another_worker_count_hash_seed_and_time_zone_give_the_same_bytes(reference, tmp_path):
    """Two processes, small chunks, a westward clock and another hash seed change nothing."""
    done = harness(
        "build", CORPUS, "--out", tmp_path / "version", "--workers", "2", "--chunk-kib", "64",
        cwd=tmp_path,
        env={"PYTHONHASHSEED": "7", "TZ": "America/Lima"},
    )  # fmt: skip
    assert done.code == 0, done.stderr
    assert tree_bytes(tmp_path / "version") == tree_bytes(reference)


def test_another_place_and_listing_order_give_the_same_bytes(reference, tmp_path):
    """The corpus copied elsewhere, file by file in reverse, builds to the same version."""
    elsewhere = tmp_path / "elsewhere"
    for path in sorted(CORPUS.rglob("*"), reverse=True):
        place = path.relative_to(CORPUS)
        if path.is_file() and place.parts[0] not in {"builds", "runs"}:
            (elsewhere / place).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, elsewhere / place)
    done = harness("build", elsewhere, "--out", tmp_path / "version", cwd=tmp_path)
    assert done.code == 0, done.stderr
    assert tree_bytes(tmp_path / "version") == tree_bytes(reference)


def test_a_second_build_into_the_same_place_gives_the_same_bytes(reference):
    """Building over a finished version replaces it by its equal, and leaves nothing beside it."""
    before = tree_bytes(reference)
    done = harness("build", CORPUS, "--out", reference, cwd=reference.parent)
    assert done.code == 0, done.stderr
    assert tree_bytes(reference) == before
    assert [path.name for path in reference.parent.iterdir()] == ["version"]
