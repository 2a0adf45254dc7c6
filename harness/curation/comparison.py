"""What the texts of a corpus have to do with each other, whoever of them takes part and whoever ranks before whom."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harness.core.recipe import DuplicateSettings
from harness.curation.buckets import meetings, pairs_of_crowds
from harness.curation.lists import ListColumn, nothing_to_release
from harness.curation.minhash import Banding
from harness.curation.pairs import HALF, LOW_HALF, Pairs, Verified, related
from harness.curation.same_hash import leaders


@dataclass(frozen=True)
class Known:
    """What is known of pairs of texts that are all different, by number.

    Args:
        links: Pairs that are related, or of which one holds the other.
        strangers: Pairs that shared a band key and are neither.
        crowds: Members of the buckets that have too many for every two to be compared, see
            `harness.curation.buckets.Meetings`: whom they are compared with is up to their ranks.
    """

    links: Verified
    strangers: Pairs
    crowds: np.ndarray

    @property
    def pairs(self) -> Pairs:
        """All pairs that were verified."""
        return self.strangers.and_also(self.links.pairs)

    def crowded_pairs(self) -> Pairs:
        """Pair the members of crowds, where the numbers of texts are their ranks; some of it may be known."""
        return pairs_of_crowds(self.crowds.copy()).without(self.pairs)

    def renumbered(self, number: np.ndarray) -> "Known":
        """Give texts other numbers, and leave out those that have none (-1).

        Args:
            number: New number of each text, shape (texts,), dtype int64.
        """
        one, other = number[self.strangers.first], number[self.strangers.second]
        is_there = (one >= 0) & (other >= 0)
        member = number[(self.crowds & LOW_HALF).astype(np.int64)]
        crowds = (self.crowds >> HALF << HALF)[member >= 0] | member[member >= 0].astype(np.uint64)
        return Known(self.links.renumbered(number), Pairs.of(one[is_there], other[is_there]), crowds)


@dataclass(frozen=True)
class Comparison:
    """What comparing all texts of a corpus came to.

    Nothing in it hangs on ranks or on which rows take part: another rule, or another date of an article, change
    who survives, and nothing has to be compared again.

    Args:
        leader: First row with the same words (or bytes, without words), shape (rows,), dtype int64.
        known: Of texts that are all different; a text's number is its first row.
    """

    leader: np.ndarray
    known: Known

    def moved(self, row: np.ndarray) -> Known:
        """Give what is known of pairs in a corpus of which some texts lie at other rows now, and some are gone.

        Args:
            row: Row of each of these rows there, -1 for those that are gone, shape (rows,), dtype int64.
        """
        return self.known.renumbered(row)

    def tables(self) -> dict[str, pa.Table]:
        """Lay it out for a file each; `of_tables` reads it back."""
        repeats = np.flatnonzero(self.leader != np.arange(len(self.leader)))
        return {
            "rows": pa.table({"rows": pa.array([len(self.leader)], pa.int64())}),
            "equals": pa.table({"row": repeats, "leader": self.leader[repeats]}),
            "links": pa.table({"pair": self.known.links.packed, "shared": self.known.links.shared}),
            "strangers": pa.table({"pair": self.known.strangers.packed}),
            "crowds": pa.table({"member": self.known.crowds}),
        }

    @classmethod
    def of_tables(cls, tables: Mapping[str, pa.Table]) -> "Comparison":
        """Read what `tables` laid out.

        Raises:
            KeyError: A table or a column is missing.
        """
        leader = np.arange(tables["rows"]["rows"][0].as_py())
        leader[tables["equals"]["row"].to_numpy()] = tables["equals"]["leader"].to_numpy()
        links = Verified(*(tables["links"][name].to_numpy() for name in ("pair", "shared")))
        strangers, crowds = tables["strangers"]["pair"].to_numpy(), tables["crowds"]["member"].to_numpy()
        return cls(leader, Known(links, Pairs(strangers), crowds))


def compare(
    signatures: pa.Table,
    settings: DuplicateSettings,
    release: Callable[[], None] = nothing_to_release,
    before: Known | None = None,
) -> Comparison:
    """Compare the texts of a corpus that share a hash or a band key.

    Who shares a key is found anew each time, by sorting, which takes a microsecond for a text; how alike those are
    is taken from an earlier comparison where it says so. What comes out is the same, to the order of the pairs.

    Args:
        signatures: Schema `SIGNATURES`; signatures of one corpus, all made with these settings.
        settings: Thresholds.
        release: Called when some 256 MB of the table were gone through, so that a caller who mapped it from files
            can give back the pages.
        before: What is known of some pairs, found with the same settings, texts by any row that has their words.

    Raises:
        ValueError: The signatures were made with other settings.
    """
    keys, bands = ListColumn.of(signatures["bands"], release), Banding.for_settings(settings).bands
    if not np.isin(keys.lengths, (0, bands)).all():
        raise ValueError(f"signatures were made with other settings: not all have {bands} band keys")
    leader = leaders(pc.coalesce(signatures["folded_hash"], signatures["exact_hash"]))
    texts = np.flatnonzero((leader == np.arange(len(leader))) & (keys.lengths > 0))
    met = meetings(keys.columns(bands, texts))
    known = _known_of(before, leader, texts)
    fresh = met.pairs.without(known.pairs)
    found = related(fresh, ListColumn.of(signatures["shingles"], release), texts, settings)
    links = Verified.joined((known.links.among(met.pairs), found)).in_order()
    return Comparison(leader, Known(links, met.pairs.without(links.pairs), met.crowds).renumbered(texts))


def _known_of(before: Known | None, leader: np.ndarray, texts: np.ndarray) -> Known:
    """Number what is known of rows by the texts that lead them."""
    nothing = np.zeros(0, np.uint64)
    if before is None:
        return Known(Verified(nothing, np.zeros(0, np.int32)), Pairs(nothing), nothing)
    number = np.full(len(leader), -1)
    number[texts] = np.arange(len(texts))
    return before.renumbered(number[leader])
