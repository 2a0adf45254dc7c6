"""Near copies through our doors: signatures batch by batch, clusters over all, with the default settings.

Who survives: complete rows before those without title or date, then the earliest, then the least id.
"""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from protocol import Answer, answer

from harness.core.recipe import DuplicateSettings
from harness.curation.duplicates import find_clusters
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
    bare = np.logical_or(*(rows[name].is_null().to_numpy() for name in ("title", "published")))
    ordered = rows.append_column("bare", pa.array(bare)).append_column("row", pa.array(np.arange(len(bare))))
    ordered = ordered.sort_by([(name, "ascending") for name in ("bare", "published", "id")])
    rank = np.empty(len(bare), np.int64)
    rank[ordered["row"].to_numpy()] = np.arange(len(bare))
    return rank


if __name__ == "__main__":
    answer(work)
