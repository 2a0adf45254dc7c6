"""Daft: sketch and banding as its tutorial "MinHash Deduplication on Common Crawl" does, the groups joined in Python.

64 hashes of runs of five words by xxhash, threshold 0.7. Its optional normalising (lower case, no punctuation, NFD)
is left out: it would only cost.
"""

from pathlib import Path

import daft
from daft import col
from daft.functions import chunk, minhash, monotonically_increasing_id
from protocol import Answer, answer, grouped

_HASHES, _RUN = 64, 5
_BANDS, _ROWS = 8, 8  # the tutorial's optimal_param(0.7, 64)


def work(corpus: Path, _scratch: Path) -> Answer:
    """Do the task."""
    rows = daft.read_parquet(str(corpus / "parquet" / "*.parquet")).select("id", "text").collect()
    sketches = rows.select(
        col("id"),
        minhash(col("text"), num_hashes=_HASHES, ngram_size=_RUN, hash_function="xxhash").alias("sketch"),
    )
    sketches = sketches.with_column("row", monotonically_increasing_id()).collect()
    groups = (
        sketches.select(col("row"), chunk(col("sketch"), _ROWS).alias("bands"))
        .with_column("band", daft.lit(list(range(_BANDS))))
        .explode("bands", "band")
        .groupby("band", "bands")
        .agg(col("row").list_agg().alias("rows"))
        .where(col("rows").list_count() > 1)
        .to_pydict()["rows"]
    )
    named = sketches.select("row", "id").to_pydict()
    place = {row: at for at, row in enumerate(named["row"])}
    roots = grouped(([place[row] for row in group] for group in groups), len(place))
    return Answer(lambda: [name for at, name in enumerate(named["id"]) if roots[at] == at])


if __name__ == "__main__":
    answer(work)
