"""The name of every record: its own where the recipe maps one, else from its bytes, and no name twice."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harness.core.fingerprints import sha256_of

# 64 bits of a record's hash: among a million records two that differ share them once in 37 million corpora.
_ID_DIGITS = 16
_SHOWN = 5
# An id that already ends like one of ours. No corpus has so many copies that a longer number could be wanted.
_NUMBERED = r"^(?s:(?P<name>.*))~(?P<number>[1-9][0-9]{0,8})$"
_FIRST_REPEAT = 2


@dataclass(frozen=True)
class RecordIds:
    """Ids of records, in the order in which the records came.

    Args:
        ids: Shape (records,), type string, each once.
        remarks: What the builder should know: which mapped ids stand for more than one record.
    """

    ids: pa.Array
    remarks: tuple[str, ...]


def name_records(records: pa.Table) -> RecordIds:
    """Give every record its id; where it is wanted again, the later ones get `~2`, `~3` by position.

    A number with which the id is another record's own is passed over, so that no record loses its own id to a
    repeat of another's.

    Args:
        records: At least `position` (unique), `mapped_id`, `raw_sha256` and `locator`, in any order.
    """
    encoded = _wanted(records).dictionary_encode()
    names, name = encoded.dictionary, encoded.indices.to_numpy()
    is_shared = (np.bincount(name, minlength=len(names)) > 1)[name]
    row = np.flatnonzero(is_shared)
    row = row[np.lexsort((records["position"].to_numpy()[row], name[row]))]
    turn = _turns(name[row])
    again, turn = row[turn > 0], turn[turn > 0]
    number = _free_numbers(names, name[again], turn)
    renamed = pc.binary_join_element_wise(
        names.take(pa.array(name[again])), pa.array(number).cast(pa.string()), "~"
    )
    is_mapped = pc.is_valid(records["mapped_id"]).to_numpy()
    doubled = names.take(pa.array(np.unique(name[again][is_mapped[again]]))).to_pylist()
    return RecordIds(_replaced(encoded, again, renamed), _remarks(doubled))


def _wanted(records: pa.Table) -> pa.Array:
    """Take the mapped id, else the record's bytes; a record whose bytes nobody could read has its place left."""
    unread = pc.is_null(records["raw_sha256"]).to_numpy()
    places = pa.array([sha256_of(one) for one in records["locator"].filter(unread).to_pylist()], pa.string())
    spread = places.take(pa.array(np.cumsum(unread) - 1, mask=~unread))
    named_by = pc.coalesce(records["raw_sha256"], spread)
    wanted = pc.coalesce(records["mapped_id"], pc.utf8_slice_codeunits(named_by, 0, _ID_DIGITS))
    return wanted.combine_chunks() if isinstance(wanted, pa.ChunkedArray) else wanted


def _turns(name: np.ndarray) -> np.ndarray:
    """Count for each record those before it with the same name; equal names lie together."""
    is_first = np.ones(len(name), dtype=bool)
    is_first[1:] = name[1:] != name[:-1]
    first = np.flatnonzero(is_first)
    return np.asarray(np.arange(len(name)) - np.repeat(first, np.diff(np.append(first, len(name)))))


def _free_numbers(names: pa.Array, name: np.ndarray, turn: np.ndarray) -> np.ndarray:
    """Number the repeats of each name from 2 on, without the numbers that are in other records' own ids.

    Args:
        names: All names that are wanted.
        name: Place in `names` of each repeat, ascending, shape (repeats,).
        turn: How many records with the name came before, from 1 on, shape (repeats,).
    """
    number = turn + _FIRST_REPEAT - 1
    taken_name, taken = _taken(names, name)
    # The n-th number of a name that is taken lies behind `taken - n` that are free: so far repeats are not moved.
    free_before = taken - _turns(taken_name)
    span = int(max(number.max(initial=0), free_before.max(initial=0))) + 1
    moves = np.searchsorted(taken_name * span + free_before, name * span + number, side="right")
    return np.asarray(number + moves - np.searchsorted(taken_name, name))


def _taken(names: pa.Array, repeated: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Find the wanted names that read like a repeat of another: its place and the number, both ascending."""
    parts = pc.extract_regex(names.filter(pc.match_substring(names, "~")), _NUMBERED)
    parts = parts.drop_null()
    known = names.take(pa.array(np.unique(repeated)))
    place = pc.index_in(parts.field("name"), known)
    is_known = pc.is_valid(place)
    name = np.unique(repeated)[place.filter(is_known).to_numpy()].astype(np.int64)
    number = parts.field("number").filter(is_known).cast(pa.int64()).to_numpy()
    # 1 is no repeat.
    name, number = name[number >= _FIRST_REPEAT], number[number >= _FIRST_REPEAT]
    order = np.lexsort((number, name))
    return name[order], number[order]


def _replaced(encoded: pa.DictionaryArray, again: np.ndarray, renamed: pa.Array) -> pa.Array:
    """Decode the names, with the new ones in their places; new names come in the order of `again`."""
    order = np.argsort(again)
    is_again = np.zeros(len(encoded), dtype=bool)
    is_again[again] = True
    return pc.replace_with_mask(
        encoded.dictionary_decode(), pa.array(is_again), renamed.take(pa.array(order))
    )


def _remarks(doubled: list[str]) -> tuple[str, ...]:
    if not doubled:
        return ()
    named = sorted(doubled)
    shown = ", ".join(named[:_SHOWN]) + (", …" if len(named) > _SHOWN else "")
    return (f"{len(named)} ids stand for more than one record and got ~2, ~3: {shown}",)
