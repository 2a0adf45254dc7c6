"""The protocol of systems in other processes: a JSON object a line, `{id, input}` there, `{id, output, error?}` back."""

import json
from collections.abc import Sequence
from typing import Any, get_args

from harness.evaluation.results import FailureKind
from harness.systems.system import Request, Response, as_said

_FAILURES: tuple[FailureKind, ...] = get_args(FailureKind)
# What a system says of itself in words of its own is a failure of its program.
_OWN_WORDS: FailureKind = "crash"


def one_a_line(batch: Sequence[Request]) -> bytes:
    """Write each request as a line of its own."""
    return b"".join(_encoded({"id": request.id, "input": request.input}) for request in batch)


def all_in_a_line(batch: Sequence[Request]) -> bytes:
    """Write a batch as one line, an array."""
    return _encoded([{"id": request.id, "input": request.input} for request in batch])


def read_answer(line: bytes) -> Response | None:
    """Read a line that a system wrote; None where it is no answer to anything.

    An answer that names its item and is neither a text nor a list of texts is `unparsable`. `error` is a
    kind of failure, or words of the system's own, which count as a crash.
    """
    try:
        entry = _DECODER.decode(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
        return None
    if entry.get("error") is not None:
        return Response(entry["id"], None, failure_named(entry["error"]), said=_own_words(entry))
    return _answer(entry["id"], entry.get("output", ...))


def failure_named(word: object) -> FailureKind:
    """Read the kind of a failure that a system reports."""
    for kind in _FAILURES:
        if kind == word:
            return kind
    return _OWN_WORDS


def _answer(item_id: str, output: Any) -> Response:
    if output is None:
        return Response(item_id, None, "no-answer")
    if isinstance(output, str):
        return Response(item_id, output)
    if isinstance(output, list) and all(isinstance(part, str) for part in output):
        return Response(item_id, tuple(output))
    said = "" if output is ... else json.dumps(output, ensure_ascii=False)
    return Response(item_id, None, "unparsable", said=as_said(said))


def _own_words(entry: dict[str, Any]) -> str | None:
    """Take what a system says of a failure: under `said`, or in `error` where that is no kind of failure."""
    said, error = entry.get("said"), entry["error"]
    if isinstance(said, str):
        return as_said(said)
    return None if error in _FAILURES else as_said(str(error))


def _encoded(value: object) -> bytes:
    return _ENCODER.encode(value).encode("utf-8") + b"\n"


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


# One each for all lines: json.dumps and json.loads would make one for each.
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)
