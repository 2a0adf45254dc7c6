"""The bare read of the JSON lines by pyarrow, with the reader's defaults."""

from pathlib import Path

import pyarrow.json as pj
from protocol import Answer, answer


def work(corpus: Path, _scratch: Path) -> Answer:
    """Do the task."""
    for path in sorted((corpus / "jsonl").iterdir()):
        pj.read_json(path)
    return Answer()


if __name__ == "__main__":
    answer(work)
