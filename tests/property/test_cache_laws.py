"""The laws of the cache: it changes the cost of a build and nothing else, whatever is in it."""

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from support.cached_builds import Bench, articles, recipe, write_lines
from support.command import tree_bytes
from support.packages import needs_pycld2

from harness.core.errors import InputError
from harness.store.versions import VersionFolder
from harness.workflows import intake
from harness.workflows.build import Built

pytestmark = needs_pycld2
COUNT = 44


@pytest.fixture
def bench(tmp_path):
    """Articles in some ten chunks."""
    write_lines(tmp_path / "raw" / "a.jsonl", articles(COUNT))
    return Bench(tmp_path)


def test_a_second_build_does_no_work_and_writes_the_same_bytes(bench):
    """All chunks and shards are found, and the version is the same as without a cache."""
    without = bench.bytes_of(cached=False)
    assert bench.bytes_of() == without
    chunks, shards = bench.entries(), bench.entries("shards")
    assert len(chunks) > 5
    assert bench.bytes_of() == without
    assert (bench.entries(), bench.entries("shards")) == (chunks, shards)


@pytest.mark.parametrize("chunk_bytes", [1, 700, 1 << 22])
def test_the_size_of_chunks_does_not_show(bench, chunk_bytes):
    """One record a chunk, or all in one: the same bytes."""
    assert bench.bytes_of(chunk_bytes=chunk_bytes) == bench.bytes_of(cached=False)


def test_the_number_of_workers_does_not_show(bench):
    """Processes share the work and the cache; the bytes are those of one."""
    alone = bench.bytes_of(cached=False)
    assert bench.bytes_of(workers=2) == alone
    assert bench.bytes_of(cached=False, workers=4) == alone


def test_the_order_of_files_does_not_show(bench, tmp_path):
    """The same files, written in another order, are the same corpus."""
    rows = articles(COUNT)
    names = [f"{start:02d}.jsonl" for start in range(0, COUNT, 7)]
    for name in names:
        write_lines(tmp_path / "there" / "raw" / name, rows[int(name[:2]) :][:7])
    there = Bench(tmp_path / "there").bytes_of(cached=False)
    for name in [*names[3:], *names[2::-1]]:
        write_lines(tmp_path / "elsewhere" / "raw" / name, rows[int(name[:2]) :][:7])
    assert Bench(tmp_path / "elsewhere").bytes_of(cached=False) == there


CHANGES: dict[str, Any] = {
    "profile": {"profile": "safe"},
    "threshold": {"reject": [{"rule": "too-short", "when": "words < 30"}]},
    "splits": {"splits": {"train": 0.5, "validation": 0.0, "test": 0.5, "salt": "x"}},
    "identifier": {"language": {"second": "none"}},
    "letters": {"language": {"min_letters": 40}},
    "shingles": {"duplicates": {"shingle_words": 3}},
    "likeness": {"duplicates": {"duplicate": 0.9}},
    "relations": {"duplicates": {"related": 0.2, "contained": 0.5}},
    "copies": {"duplicates": {"action": "keep"}},
    "residue": {"residue": [{"source": "s0", "at": "end", "line": _ENDING}]}
    if (_ENDING := "The harbour of Tal Marwa reopened on Sunday after repairs. #")
    else {},
    "headlines": {"sources": [{"name": "desk", "path": "raw", "title_in_first_line": True}]},
    "fields": {"sources": [{"name": "desk", "path": "raw", "fields": {"title": "source"}}]},
    "defaults": {"sources": [{"name": "desk", "path": "raw", "defaults": {"author": "Huda"}}]},
}
DECIDED_LATER = {"threshold", "splits", "relations", "copies"}


@pytest.mark.parametrize("change", CHANGES)
def test_no_build_takes_what_was_made_with_other_options(bench, change):
    """After a build with one recipe, another one gives what it gives by itself, and so does the first again."""
    changed = recipe(**CHANGES[change])
    first = bench.bytes_of()
    before = set(bench.entries())
    assert bench.bytes_of(changed) == bench.bytes_of(changed, cached=False)
    added = set(bench.entries()) - before
    assert bool(added) == (change not in DECIDED_LATER)
    assert bench.bytes_of() == first


def test_a_shifted_line_number_costs_nothing(bench):
    """Locators are joined behind the cache: blank lines before the articles work on no chunk again."""
    bench.build()
    before = bench.entries()
    write_lines(bench.root / "raw" / "a.jsonl", articles(COUNT), before="\n\n\n")
    shifted = bench.bytes_of()
    assert bench.entries() == before
    assert shifted == bench.bytes_of(cached=False)
    assert VersionFolder.open(bench.root / "version").table("records")["locator"][0].as_py() == "a.jsonl#L4"


def test_one_article_more_costs_about_its_chunk(bench):
    """Neighbours of the new one are worked on again, the rest is not."""
    rows = articles(COUNT)
    bench.build()
    before = set(bench.entries())
    rows.insert(
        30, {"id": "new", "text": "وصلت إلى الميناء سفينة محملة بالقمح من وراء البحر، وفرغت حمولتها ليلا."}
    )
    write_lines(bench.root / "raw" / "a.jsonl", rows)
    assert bench.bytes_of() == bench.bytes_of(cached=False)
    assert 1 <= len(set(bench.entries()) - before) <= 2


def test_pages_are_not_extracted_again_for_a_cleaning_rule(bench):
    """What was decoded at a price is kept under a name that no cleaning rule enters."""
    page = "<html><body><article><h1>خبر</h1><p>أعلنت البلدية افتتاح حديقة جديدة للأطفال في حي الميناء, أمس.</p></article>"
    (bench.root / "raw" / "b.html").write_text(page * 3, encoding="utf-8")
    bench.build()
    decoded = bench.entries("decoded")
    assert decoded
    changed = recipe(profile="safe")
    assert bench.bytes_of(changed) == bench.bytes_of(changed, cached=False)
    assert bench.entries("decoded") == decoded
    for path in bench.cache.glob("decoded/??/*/decoded.arrow"):
        path.write_bytes(path.read_bytes()[:-9])
    changed = recipe(profile="safe", duplicates={"shingle_words": 1})
    assert bench.bytes_of(changed) == bench.bytes_of(changed, cached=False)
    assert bench.entries("decoded").keys() == decoded.keys()


def _files_of(cache: Path) -> list[Path]:
    return sorted(path for path in cache.glob("*/??/*/*") if path.is_file())


@pytest.mark.parametrize("kind", ["cut", "flipped", "swapped", "removed"])
def test_damage_is_mended_and_told(bench, kind):
    """Whatever happens to any file of the cache, a build gives the same bytes, and says that it mended."""
    (bench.root / "raw" / "b.txt").write_bytes("أعلنت البلدية افتتاح حديقة جديدة.".encode("windows-1256"))
    sound = bench.bytes_of()
    names = {(path.parent.parent.parent.name, path.name) for path in _files_of(bench.cache)}
    assert len(names) > 8
    for where, name in sorted(names):
        victims = [
            path
            for path in _files_of(bench.cache)
            if (path.parent.parent.parent.name, path.name) == (where, name)
        ]
        _damage(victims, kind)
        if where == "processed":
            shutil.rmtree(bench.cache / "shards")  # so that texts are wanted again
        mended = bench.build()
        assert tree_bytes(mended.version.path) == sound, (where, name)
        assert _tells_of_damage(mended) == (where != "decoded"), (where, name)
        assert not _tells_of_damage(bench.build())


def _tells_of_damage(built: Built) -> bool:
    return any("damaged" in remark for remark in built.remarks)


def _damage(victims: list[Path], kind: str) -> None:
    contents = [path.read_bytes() for path in victims]
    for place, path in enumerate(victims):
        path.unlink()  # a version may share the file
        content, neighbour = contents[place], contents[place - 1]
        if kind == "cut":
            path.write_bytes(content[: len(content) // 2])
        elif kind == "flipped":
            middle = len(content) // 2
            path.write_bytes(content[:middle] + bytes([content[middle] ^ 64]) + content[middle + 1 :])
        elif kind == "swapped":
            path.write_bytes(neighbour if neighbour != content else b"another file")


def test_work_is_kept_where_a_source_breaks_off_and_gone_where_nothing_is_left_to_do(bench, monkeypatch):
    """An error in the midst of reading leaves what was done for the same command; a refusal at the end leaves nothing."""
    unfinished = bench.root / ".version.unfinished"
    whole = bench.bytes_of(cached=False)
    read = intake.cut_chunks

    def breaking_off(*arguments: Any) -> Iterator[pa.Table]:
        yield from itertools.islice(read(*arguments), 4)
        raise InputError("the server hung up")

    monkeypatch.setattr(intake, "cut_chunks", breaking_off)
    with pytest.raises(InputError, match="hung up"):
        bench.build(cached=False)
    assert len(list(unfinished.glob("processed/??/*"))) == 4
    monkeypatch.undo()
    assert bench.bytes_of(cached=False) == whole
    assert not unfinished.exists()
    with pytest.raises(InputError, match="strict"):
        bench.build(cached=False, strict=True)
    assert not unfinished.exists()
