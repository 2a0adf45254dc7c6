"""The process in which a user's function is called: batches in on stdin, a line for each answer on stdout.

It is started by its name as a module, with the function's module and name as arguments.
"""

import contextlib
import importlib
import json
import os
import sys
import traceback
from collections.abc import Callable, Iterable
from typing import IO, Any

_Batch = list[dict[str, str]]


def main() -> int:
    """Answer batches until there are no more."""
    module, name = sys.argv[1:]
    # What the function prints is no answer: it goes to stderr.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    function: Callable[[_Batch], Iterable[Any]] | None = getattr(importlib.import_module(module), name, None)
    if function is None:
        # One line: of a traceback through our own frames only the end would be told.
        sys.stderr.write(f"the module '{module}' has no function '{name}'\n")
        return 1
    for line in sys.stdin.buffer:
        _answer(function, json.loads(line), answers)
        answers.flush()
    return 0


def _answer(function: Callable[[_Batch], Iterable[Any]], batch: _Batch, answers: IO[bytes]) -> None:
    """Call the function with a batch; one that raises is asked item by item, and what is left out is told."""
    try:
        given = list(function([dict(request) for request in batch]))
    except Exception:  # noqa: BLE001 - whatever a system under test raises is its failure
        if len(batch) > 1:
            for request in batch:
                _answer(function, [request], answers)
            return
        traceback.print_exc()
        given = [{"id": batch[0]["id"], "error": "crash"}]
    for entry in given:
        answers.write(_line(entry))
    ids = {entry["id"] for entry in given if isinstance(entry, dict) and isinstance(entry.get("id"), str)}
    strangers = len(given) - len(ids & {request["id"] for request in batch})
    left_out = [request["id"] for request in batch if request["id"] not in ids]
    # An entry that names no item of the batch already stands in the place of an answer.
    for name in left_out[strangers:]:
        answers.write(_line({"id": name, "error": "no-answer"}))


def _line(entry: Any) -> bytes:
    try:
        text = json.dumps(entry, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        known = {"error": "unparsable"}
        with contextlib.suppress(TypeError, KeyError):
            known["id"] = str(entry["id"])
        text = json.dumps(known)
    return text.encode("ascii") + b"\n"


if __name__ == "__main__":
    sys.exit(main())
