"""Which raw records are web pages to keep, and in which pieces they are written."""

from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harness.core.schema import PAGES

# Pages as they wait for their ids, which are known when all records are: by their place in the corpus.
WAITING = pa.schema([pa.field("position", pa.int64()), *(field for field in PAGES if field.name != "id")])
# A row group is held in memory whole; pages have some 100 kB.
GROUP_BYTES = 16 << 20


def waiting_pages(raw: pa.Table, start: int, source: int) -> pa.Table:
    """Take a source's web pages out of raw records.

    Args:
        raw: Records of schema RAW.
        start: Position of the first of them in the corpus.
        source: The source's number in the recipe.

    Returns:
        Rows of schema WAITING, in the order of the records; what could not be read is not among them.
    """
    is_page = pc.and_(pc.equal(raw["recipe_source"], source), pc.equal(raw["media"], "html"))
    rows = raw.append_column("page", raw["payload"])
    rows = rows.append_column("position", pa.array(np.arange(start, start + raw.num_rows)))
    return rows.select(WAITING.names).filter(pc.fill_null(is_page, False)).cast(WAITING)


def named_pages(waiting: Iterable[pa.Table], ids: pa.Array) -> Iterator[pa.Table]:
    """Name pages by the ids of their records, and cut them into groups of `GROUP_BYTES` and the page that passes it.

    Where groups end hangs on the pages alone, not on how they came.

    Args:
        waiting: Rows of schema WAITING, in canonical order, in pieces of any size.
        ids: The id of every record of the corpus, in canonical order.
    """
    held: list[pa.Table] = []
    size = 0
    for piece in waiting:
        sizes = pc.binary_length(piece["page"]).to_numpy()
        begin = 0
        for row, page_bytes in enumerate(sizes.tolist()):
            size += page_bytes
            if size >= GROUP_BYTES:
                yield _named([*held, piece.slice(begin, row + 1 - begin)], ids)
                held, size, begin = [], 0, row + 1
        held.append(piece.slice(begin))
    if any(piece.num_rows for piece in held):
        yield _named(held, ids)


def _named(pieces: list[pa.Table], ids: pa.Array) -> pa.Table:
    rows = pa.concat_tables(pieces).combine_chunks()
    return (
        rows.append_column("id", ids.take(rows["position"].combine_chunks())).select(PAGES.names).cast(PAGES)
    )
