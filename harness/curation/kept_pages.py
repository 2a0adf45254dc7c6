"""Which rows of a chunk of raw records are pages to keep, and under which ids."""

import pyarrow as pa
import pyarrow.compute as pc

from harness.core.schema import PAGES


def pages_of(raw: pa.Table, ids: pa.Array, source: int) -> pa.Table:
    """Take a source's web pages out of a chunk.

    Args:
        raw: Records of schema RAW, length n.
        ids: What the records are called in the version, length n, in the same order.
        source: The source's number in the recipe.

    Returns:
        Rows of schema PAGES, in the order of the records; refused records and those whose page gave no
        article are among them, unread ones are not.
    """
    is_page = pc.and_(pc.equal(raw["recipe_source"], source), pc.equal(raw["media"], "html"))
    kept = raw.drop_columns(["id"]).append_column("id", ids).append_column("page", raw["payload"])
    return kept.filter(pc.fill_null(is_page, False)).select(PAGES.names).cast(PAGES)
