"""The bare read of the JSON lines: json.loads of each."""

import json
from pathlib import Path

from protocol import Answer, answer


def work(corpus: Path, _scratch: Path) -> Answer:
    """Do the task."""
    for path in sorted((corpus / "jsonl").iterdir()):
        with path.open("rb") as lines:
            for line in lines:
                json.loads(line)
    return Answer()


if __name__ == "__main__":
    answer(work)
