"""The bare read of the Parquet files: two columns, all rows, into memory, with the reader's defaults."""

from pathlib import Path

import corpus_table
from protocol import Answer, answer


def work(corpus: Path, _scratch: Path) -> Answer:
    """Do the task."""
    corpus_table.read(corpus)
    return Answer()


if __name__ == "__main__":
    answer(work)
