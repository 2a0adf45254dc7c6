"""datatrove: Gopher's quality filter, then MinHash."""

from pathlib import Path

from datatrove_steps import gopher, minhash
from protocol import Answer, answer, ids_of


def work(corpus: Path, scratch: Path) -> Answer:
    """Do the task."""
    gopher(corpus / "jsonl", scratch / "gopher")
    minhash(scratch / "gopher", scratch / "minhash")
    return Answer(lambda: ids_of(scratch / "minhash" / "kept"), lambda: ids_of(scratch / "gopher"))


if __name__ == "__main__":
    answer(work)
