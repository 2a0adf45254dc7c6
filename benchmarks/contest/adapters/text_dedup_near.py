"""text-dedup: `python -m text_dedup.minhash` with its defaults (runs of five words, 250 permutations, 0.7), one process."""

import sys
from pathlib import Path

from datasets import load_from_disk
from protocol import Answer, answer
from text_dedup.minhash import main


def work(corpus: Path, scratch: Path) -> Answer:
    """Do the task."""
    out, cache = scratch / "kept", scratch / "cache"
    options = {
        "path": "parquet",
        "data_files": str(corpus / "parquet" / "*.parquet"),
        "split": "train",
        "column": "text",
        "output": str(out),
        "cache_dir": str(cache),
        "batch_size": "10000",
        "num_proc": "1",
    }
    sys.argv = ["minhash"]
    main([word for name, value in options.items() for word in (f"--{name}", value)], standalone_mode=False)
    return Answer(lambda: load_from_disk(str(out))["id"])


if __name__ == "__main__":
    answer(work)
