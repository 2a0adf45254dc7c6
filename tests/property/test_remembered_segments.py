"""The laws of remembered segments: a source that was read before gives what reading it anew gives, at the cost of a change."""

import gzip
import json
import random
from pathlib import Path
from typing import Any
from unittest import mock

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.command import tree_bytes

from harness.core.recipe import FieldMapping, SourceSettings
from harness.curation.raw_parts import TOLD, told_of
from harness.sources import read_parts, segments
from harness.sources.formats import json_lines
from harness.sources.raw_file import Limits
from harness.store.chunk_cache import open_cache
from harness.store.segment_memory import SegmentMemory

SOURCE = SourceSettings(name="s", path="raw", fields=FieldMapping(section="meta.section"))
# Small, so that a handful of lines comes to several segments; too long is a line of 200 bytes.
SEGMENT_BYTES = 64
LIMITS = Limits(record_bytes=200, block_bytes=128)


class Shelf:
    """A memory that counts what it is asked for."""

    def __init__(self) -> None:
        self.kept: dict[str, pa.Table] = {}
        self.missed = 0

    def find(self, key: str) -> pa.Table | None:
        """See `Memory`."""
        self.missed += key not in self.kept
        return self.kept.get(key)

    def keep(self, key: str, told: pa.Table) -> None:
        """See `Memory`."""
        self.kept[key] = told


def read(
    root: Path, memory: Any, source: SourceSettings = SOURCE, segment_bytes: int = SEGMENT_BYTES
) -> tuple[list[Any], list[Any]]:
    """Read all parts: what is told of the records, and the records."""
    with mock.patch.object(segments, "TARGET_BYTES", segment_bytes):
        parts = list(read_parts([source], root, memory=memory, limits=LIMITS))
        told = [row for part in parts for row in part.told.to_pylist()]
        return told, [row for part in parts for row in part.records.to_pylist()]


def lines_of(numbers: list[int]) -> list[bytes]:
    """Write articles, one a line."""
    return [json.dumps({"text": f"خبر {number}", "id": f"n{number}"}).encode() for number in numbers]


ODD = st.sampled_from(
    [
        b"", b" ", b"{", b"[]", b'{"text":7}', b'{"text":"a\xff"}', b'{"text":"\\ud800"}', b'{"text":"a","text":"b"}',
        b'{"text":"' + b"x" * 300 + b'"}', b'\xef\xbb\xbf{"text":"a"}', b'{"text":"a","meta":{"section":"x"}}',
    ]
)  # fmt: skip
LINES = st.lists(st.integers(0, 9).map(lambda number: lines_of([number])[0]) | ODD, max_size=12)
ENDS = st.sampled_from([b"\n", b"\r\n"])


@st.composite
def edits(draw: Any) -> tuple[bytes, bytes]:
    """Make a file and what became of it: lines put in, changed or taken out at the start, in the middle or at the end."""
    before = draw(LINES)
    place = draw(st.sampled_from([0, len(before) // 2, len(before)]))
    gone = draw(st.integers(0, 2))
    after = [*before[:place], *draw(st.lists(ODD | LINES.map(b"".join), max_size=3)), *before[place + gone :]]
    return tuple(
        draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + end.join(rows) + draw(st.sampled_from([b"", end]))
        for rows, end in ((before, draw(ENDS)), (after, draw(ENDS)))
    )


@settings(max_examples=40, deadline=None)
@given(edits())
@example((b'{"text":"a"}\n', b'\xff\xfe{\x00"\x00t\x00e\x00x\x00t\x00"\x00:\x00"\x00a\x00"\x00}\x00'))
def test_after_any_edit_the_same_records_are_told_and_read(tmp_path_factory, contents):
    """Where lines lie, what is wrong with them and what they say is as without a memory, whatever is in it."""
    root = tmp_path_factory.mktemp("edited")
    (root / "raw").mkdir()
    memory = Shelf()
    for content in (contents[0], contents[1], contents[0]):
        (root / "raw" / "a.jsonl").write_bytes(content)
        anew = read(root, None)
        assert read(root, memory) == anew
        kept = len(memory.kept)
        assert read(root, memory) == anew
        assert len(memory.kept) == kept


def test_what_is_told_is_what_the_records_say(tmp_path):
    """From memory and anew alike: telling is a function of the records."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.jsonl").write_bytes(b"\n".join([*lines_of(list(range(30))), b"{", b""]))
    memory = Shelf()
    for _ in range(2):
        with mock.patch.object(segments, "TARGET_BYTES", SEGMENT_BYTES):
            for part in read_parts([SOURCE], tmp_path, memory=memory):
                assert part.told.schema == TOLD
                assert part.told.equals(told_of(part.records))
    assert len(memory.kept) > 5


@pytest.mark.parametrize("place", [0, 100, 200])
def test_one_line_more_is_a_miss_or_two(tmp_path, place):
    """The segments that the line does not touch are found, wherever they now lie."""
    (tmp_path / "raw").mkdir()
    path = tmp_path / "raw" / "a.jsonl"
    rows = lines_of(list(range(200)))
    memory = Shelf()
    path.write_bytes(b"\n".join(rows) + b"\n")
    read(tmp_path, memory)
    before = memory.missed
    assert before > 50
    path.write_bytes(b"\n".join([*rows[:place], *lines_of([999]), *rows[place:]]) + b"\n")
    assert read(tmp_path, memory) == read(tmp_path, None)
    assert memory.missed - before <= 2


def test_lines_that_moved_to_another_file_or_were_packed_are_known_again(tmp_path):
    """A segment is known by its bytes: neither by its file nor by its place."""
    (tmp_path / "raw").mkdir()
    content = b"\n".join(lines_of(list(range(60)))) + b"\n"
    (tmp_path / "raw" / "a.jsonl").write_bytes(content)
    memory = Shelf()
    read(tmp_path, memory)
    before = len(memory.kept)
    (tmp_path / "raw" / "a.jsonl").rename(tmp_path / "raw" / "b.jsonl")
    (tmp_path / "raw" / "c.jsonl.gz").write_bytes(gzip.compress(content))
    assert read(tmp_path, memory) == read(tmp_path, None)
    assert len(memory.kept) == before > 20


OTHERWISE: dict[str, Any] = {
    "fields": {"fields": {"text": "id"}},
    "defaults": {"defaults": {"source": "desk"}},
    "license": {"license": "CC0-1.0"},
    "headline": {"title_in_first_line": True},
    "extractor": {"extractor": "resiliparse"},
}


@pytest.mark.parametrize("change", OTHERWISE.values(), ids=OTHERWISE)
def test_a_source_that_is_read_otherwise_is_not_known(tmp_path, change):
    """Every setting that shapes a record is part of the name that it is kept under."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.jsonl").write_bytes(b"\n".join(lines_of(list(range(9)))))
    memory = Shelf()
    read(tmp_path, memory)
    other = SourceSettings.model_validate({**SOURCE.model_dump(exclude={"fields"}), **change})
    told, records = read(tmp_path, memory, other)
    assert (told, records) == read(tmp_path, None, other)
    assert told != read(tmp_path, None)[0]


def test_metadata_by_line_number_are_never_remembered(tmp_path):
    """What is said of line 2 is said of whatever line is the second."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "m.jsonl").write_bytes(b'{"file":"a.jsonl#L2","title":"second"}')
    source = SOURCE.model_copy(update={"metadata": "m.jsonl"})
    memory = Shelf()
    for rows in ([1, 2, 3], [0, 1, 2, 3]):
        (tmp_path / "raw" / "a.jsonl").write_bytes(b"\n".join(lines_of(rows)))
        told, records = read(tmp_path, memory, source)
        assert (told, records) == read(tmp_path, None, source)
        assert [row["title"] for row in records] == [None, "second", None, None][: len(rows)]
    assert not memory.kept


def test_records_are_read_only_where_somebody_wants_them(tmp_path):
    """What is told comes from memory; no line is parsed for it."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.jsonl").write_bytes(b"\n".join(lines_of(list(range(50)))))
    memory = Shelf()
    expected, _ = read(tmp_path, memory)
    with (
        mock.patch.object(segments, "TARGET_BYTES", SEGMENT_BYTES),
        mock.patch.object(json_lines, "batch_of_lines", side_effect=AssertionError("a line was parsed")),
    ):
        parts = list(read_parts([SOURCE], tmp_path, memory=memory, limits=LIMITS))
        assert [row for part in parts for row in part.told.to_pylist()] == expected
        with pytest.raises(AssertionError, match="parsed"):
            _ = parts[0].records


def test_a_file_that_breaks_off_gives_what_stood_before_the_break(tmp_path):
    """The error comes behind the lines that could be read, remembered or not."""
    (tmp_path / "raw").mkdir()
    packed = gzip.compress(_noise(6_000), mtime=0)
    (tmp_path / "raw" / "a.jsonl.gz").write_bytes(packed[: len(packed) // 10 * 9])
    memory = Shelf()
    anew = read(tmp_path, None)
    assert anew[1][-1]["error"] == "broken-archive"
    assert len(anew[1]) > 1_000
    for _ in range(2):
        assert read(tmp_path, memory, segment_bytes=1 << 14) == anew


def _noise(count: int) -> bytes:
    """Write articles that cannot be packed well, so that half of the packed file holds some of them."""
    drawn = random.Random(5)  # noqa: S311 - no secret
    return b"".join(line + b"\n" for line in lines_of([drawn.getrandbits(200) for _ in range(count)]))


def test_what_a_cache_keeps_of_segments_is_the_same_everywhere(tmp_path):
    """The same lines are kept under the same names, as the same bytes, whoever builds."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.jsonl").write_bytes(b"\n".join(lines_of(list(range(9)))))
    kept = []
    for name in ("one", "two"):
        with open_cache(tmp_path / name) as cache:
            read(tmp_path, SegmentMemory(cache, "software"))
        kept.append(tree_bytes(tmp_path / name))
    assert kept[0] == kept[1]
    assert sum(path.startswith("told/") for path in kept[0]) > 2
