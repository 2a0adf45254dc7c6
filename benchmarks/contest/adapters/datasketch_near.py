"""datasketch: MinHash of 128 slots and MinHashLSH, as its documentation shows, hashed by xxhash instead of SHA-1.

What the sets hold is left to its user: runs of five words, and a threshold of 0.7, as text-dedup and data-juicer do.
"""

from pathlib import Path

import corpus_table
import xxhash
from datasketch import MinHash, MinHashLSH
from protocol import Answer, answer

_SLOTS, _THRESHOLD, _RUN = 128, 0.7, 5


def work(corpus: Path, _scratch: Path) -> Answer:
    """Do the task."""
    table = corpus_table.read(corpus)
    index = MinHashLSH(threshold=_THRESHOLD, num_perm=_SLOTS)
    kept = []
    for name, text in zip(table["id"].to_pylist(), table["text"].to_pylist(), strict=True):
        sketch = MinHash(num_perm=_SLOTS, hashfunc=xxhash.xxh32_intdigest)
        sketch.update_batch(_shingles(text.split()))
        if not index.query(sketch):
            index.insert(name, sketch)
            kept.append(name)
    return Answer(lambda: kept)


def _shingles(words: list[str]) -> list[bytes]:
    return list({" ".join(words[at : at + _RUN]).encode() for at in range(max(1, len(words) - _RUN + 1))})


if __name__ == "__main__":
    answer(work)
