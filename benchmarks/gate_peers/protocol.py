"""What a peer is given and answers: a Parquet file of columns, checks as data, and CPU seconds with counts back."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path


def answer(judge: Callable[[Path, list[dict]], list[int]]) -> None:
    """Judge the file and the checks that the command line names; print CPU seconds and unexpected rows."""
    table, checks = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    began = time.process_time()
    counts = judge(table, checks)
    print(json.dumps({"cpu_s": time.process_time() - began, "unexpected": counts}))
