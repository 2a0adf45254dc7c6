"""rensa as its README says under "Keep unique documents": words as tokens, threshold 0.8, 128 slots, LSH."""

from pathlib import Path

import corpus_table
from protocol import Answer, answer
from rensa import RMinHashDeduplicator


def work(corpus: Path, _scratch: Path) -> Answer:
    """Do the task."""
    table = corpus_table.read(corpus)
    ids = table["id"].to_pylist()
    search = RMinHashDeduplicator(threshold=0.8, num_perm=128, use_lsh=True)
    pairs = zip(ids, (text.split() for text in table["text"].to_pylist()), strict=True)
    flags = search.add_pairs(pairs)
    return Answer(lambda: [name for name, kept in zip(ids, flags, strict=True) if kept])


if __name__ == "__main__":
    answer(work)
