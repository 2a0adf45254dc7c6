"""Near copies through our doors: signatures batch by batch, clusters over all, with the default settings.

Who survives: complete rows before those without title or date, then the earliest, then the least id.
"""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from protocol import Answer, answer

from harness.core.recipe import DuplicateSettings
from harness.curation.duplicates import find_clusters
from harness.curation.lists import as_numbers
from harness.curation.signatures import SIGNATURES, signatures

_BATCH = 1_000
_COLUMNS = ["id", "title", "published", "text"]


def work(corpus: Path, _scratch: Path) -> Answer:
    """Do the task."""
    settings = DuplicateSettings()
    signed, rest = [], []
    for path in sorted((corpus / "parquet").iterdir()):
        for batch in pq.ParquetFile(path).iter_batches(_BATCH, columns=_COLUMNS):
            signed.append(signatures(batch["text"], settings))
            rest.append(batch.drop_columns(["text"]))
    rows = pa.Table.from_batches(rest)
    found = find_clusters(pa.Table.from_batches(signed, SIGNATURES), _rank(rows), settings)
    return Answer(lambda: rows["id"].filter(pa.array(~found.is_copy)).to_pylist())


def _rank(rows: pa.Table) -> np.ndarray:
    bare = pc.or_(rows["title"].is_null(), rows["published"].is_null())
    ordered = rows.append_column("bare", bare)
    order = as_numbers(
        pc.sort_indices(ordered, [(name, "ascending") for name in ("bare", "published", "id")])
    )
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return rank


if __name__ == "__main__":
    answer(work)
