"""Laws of ids: each once, a record's own wherever it can be, the same as giving them out one by one."""

import hashlib

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.curation.record_ids import name_records

SCHEMA = pa.schema(
    [("position", pa.int64())] + [(name, pa.string()) for name in ("mapped_id", "raw_sha256", "locator")]
)
# Names that are repeats of each other, names that only look like it, and a line break in one.
NAMES = st.sampled_from(
    ["a", "a~2", "a~3", "a~2~2", "a~02", "a~1", "a~", "~2", "", "b", "b~2", "é\nx", "é\nx~2", "a~99999999999"]
)
RECORDS = st.lists(st.one_of(NAMES, st.none()), max_size=14)


def _table(mapped, positions, hashes=None):
    hashes = hashes or ["ab" * 32] * len(mapped)
    rows = [
        {"position": position, "mapped_id": name, "raw_sha256": raw, "locator": f"{position}.txt"}
        for name, position, raw in zip(mapped, positions, hashes, strict=True)
    ]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _given_out_one_by_one(mapped, positions):
    """The definition: by position, the first keeps the name, later ones count on until nobody has it."""
    wanted = [name if name is not None else "ab" * 8 for name in mapped]
    taken, seen, ids = set(wanted), {}, list(wanted)
    for row in sorted(range(len(wanted)), key=lambda row: positions[row]):
        name = wanted[row]
        seen[name] = seen.get(name, 0) + 1
        if seen[name] > 1:
            while f"{name}~{seen[name]}" in taken:
                seen[name] += 1
            ids[row] = f"{name}~{seen[name]}"
            taken.add(ids[row])
    return ids


@settings(deadline=None)  # the first call loads the kernels
@given(RECORDS, st.randoms(use_true_random=False))
def test_ids_are_those_that_giving_them_out_one_by_one_gives(mapped, random):
    """Also where a repeat's name is another record's own."""
    positions = random.sample(range(100), len(mapped))
    ids = name_records(_table(mapped, positions)).ids.to_pylist()
    assert ids == _given_out_one_by_one(mapped, positions)
    assert len(set(ids)) == len(ids)


@settings(deadline=None)  # the first call loads the kernels
@given(RECORDS, st.integers(0, 14))
def test_how_the_records_lie_in_pieces_changes_nothing(mapped, cut):
    """One piece or three, the same ids and remarks."""
    table = _table(mapped, range(len(mapped)))
    pieces = pa.concat_tables([table.slice(0, cut), table.slice(cut), table.slice(0, 0)])
    assert name_records(pieces) == name_records(table)


def test_ids_come_from_the_bytes_or_the_place_where_none_is_mapped():
    """The first 16 digits of the record's hash; of its place's hash where nobody could read it."""
    table = _table([None, None, "own"], [0, 1, 2], ["0123456789abcdef" * 4, None, "ff" * 32])
    place = hashlib.sha256(b"1.txt").hexdigest()[:16]
    assert name_records(table).ids.to_pylist() == ["0123456789abcdef", place, "own"]


@pytest.mark.parametrize(
    ("mapped", "remarks"),
    [
        (["a", None, None], ()),
        (["b", "a", "b", "b", "a"], ("2 ids stand for more than one record and got ~2, ~3: a, b",)),
        (
            [*"fedcba"] * 2,
            ("6 ids stand for more than one record and got ~2, ~3: a, b, c, d, e, …",),
        ),
    ],
)
def test_mapped_ids_that_were_doubled_are_named(mapped, remarks):
    """Equal bytes without a mapped id are copies and nothing to remark on."""
    assert name_records(_table(mapped, range(len(mapped)))).remarks == remarks
