"""The bare read and write of some Parquet files: LIST PLACE, one path a line, each written to the same place."""

import sys
from pathlib import Path

import pyarrow.parquet as pq

if __name__ == "__main__":
    listed, place = map(Path, sys.argv[1:3])
    for line in listed.read_text(encoding="utf-8").splitlines():
        pq.write_table(pq.ParquetFile(line).read(), place, compression="zstd")
