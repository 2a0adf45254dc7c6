"""Answers that a system gave elsewhere, read from a JSONL file: `{"id": …, "output": …}` or `"error"` a line."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from harness.core.errors import HarnessError, InputError, named, raise_all
from harness.core.fingerprints import sha256_of
from harness.core.settings import suggestion
from harness.evaluation.results import FailureKind, SystemIdentity
from harness.evaluation.tasks import TaskBrief
from harness.systems.settings import SystemSettings
from harness.systems.system import Output, Request, Response, System, SystemFamily, as_said

_LINES_NAMED = 5
_FORM = 'write one object a line, such as {"id": "…", "output": "…"}'
_FAILURES: tuple[str, ...] = get_args(FailureKind)


class Predictions:
    """A predictions file as a system.

    Its fingerprint is the hash of the file's bytes; of its path only the file's name is kept.

    Args:
        path: The file.

    Raises:
        InputError: It cannot be read, is not UTF-8, a line is no prediction, or an id comes twice.
    """

    def __init__(self, path: Path) -> None:
        content = _read(path)
        self._path = path
        self._answers = _answers(content, path)
        self.identity = SystemIdentity(
            uri=f"preds:{path.name}", name=path.stem, version="", fingerprint=sha256_of(content)
        )

    def prepare(self, brief: TaskBrief) -> None:
        """Check that every prediction belongs to an item; items without one are failures (`no-answer`).

        Raises:
            InputError: The file names items that the task does not have.
        """
        unknown = sorted(self._answers.keys() - set(brief.item_ids))
        if unknown:
            raise InputError(
                f"{_counted(unknown, 'prediction is', 'predictions are')} for no item of the task: {named(unknown)}",
                where=str(self._path),
                remedy=f"take the ids from the task's items; the first is {json.dumps(brief.item_ids[0], ensure_ascii=False)}",
            )

    def answer(self, batch: Sequence[Request]) -> Sequence[Response]:
        """Give what the file says of each item."""
        return [self._answers.get(request.id, Response(request.id, None, "no-answer")) for request in batch]


def _counted(ids: Sequence[str], one: str, many: str) -> str:
    return f"{len(ids)} {one if len(ids) == 1 else many}"


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError("there is no such file", where=str(path), remedy="check the path") from None
    except IsADirectoryError:
        raise InputError(
            "this is a folder, not a file", where=str(path), remedy="name the predictions file itself"
        ) from None
    except OSError as error:
        raise InputError(
            f"the file cannot be read: {error.strerror}",
            where=str(path),
            remedy="check the path, and who may read the file",
        ) from error


def _answers(content: bytes, path: Path) -> Mapping[str, Response]:
    _refuse_array(content, path)
    errors: list[HarnessError] = []
    answers: dict[str, Response] = {}
    times: Counter[str] = Counter()
    for number, line in _lines(content, path):
        try:
            response = _response(line, where=f"{path}: line {number}")
        except InputError as error:
            errors.append(error)
            continue
        times[response.id] += 1
        answers[response.id] = response
    doubled = sorted(key for key, count in times.items() if count > 1)
    if doubled:
        errors.append(
            InputError(
                f"{_counted(doubled, 'id comes', 'ids come')} more than once: {named(doubled)}",
                where=str(path),
                remedy="keep one prediction an item",
            )
        )
    if not times and not errors:
        errors.append(InputError("the file holds no prediction", where=str(path), remedy=_FORM))
    raise_all(_shortened(errors, path))
    return answers


def _refuse_array(content: bytes, path: Path) -> None:
    """Refuse JSON that is no JSONL in one sentence: line by line it would give one error each."""
    if not content.lstrip().startswith(b"["):
        return
    try:
        entries = json.loads(content)
    except (ValueError, RecursionError):
        return  # told line by line
    if all(isinstance(entry, dict) for entry in entries):
        raise InputError(
            "the file is one JSON array",
            where=str(path),
            remedy="write its objects one a line, without brackets and commas around them (jq -c '.[]')",
        )


def _lines(content: bytes, path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        broken = content[: error.start].count(b"\n") + 1
        raise InputError(
            f"line {broken} is not UTF-8 (byte {error.start} of the file)",
            where=str(path),
            remedy="write the file as UTF-8",
        ) from error
    # Not splitlines: U+2028 and its kin may stand inside a JSON string.
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, line


def _response(line: str, *, where: str) -> Response:
    try:
        entry = _DECODER.decode(line)
    except json.JSONDecodeError as error:
        # Which line it is in the file stands in `where`; that it is the first of its own would mislead.
        told = f"this line is not JSON: {error.msg} at character {error.pos + 1}"
        raise InputError(told, where=where, remedy=_FORM) from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"this line is not JSON: {error}", where=where, remedy=_FORM) from error
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
        raise InputError("this line is no object with an 'id' that is a string", where=where, remedy=_FORM)
    if ("output" in entry) == ("error" in entry):
        raise InputError(
            f"the prediction for {named([entry['id']])} needs either 'output' or 'error'",
            where=where,
            remedy="keep 'output' where the system answered, and 'error' where it failed",
        )
    if "error" in entry:
        said = entry.get("said")
        failure = _failure(entry["error"], where)
        return Response(entry["id"], None, failure, said=as_said(said) if isinstance(said, str) else None)
    return Response(entry["id"], *_output(entry["output"], where))


def _output(output: Any, where: str) -> tuple[Output | None, FailureKind | None]:
    if output is None:
        return None, "no-answer"
    if isinstance(output, str):
        return output, None
    if isinstance(output, list) and all(isinstance(part, str) for part in output):
        return tuple(output), None
    raise InputError(
        "an output is a string, a list of strings, or null",
        where=where,
        remedy="write a label in quotes, a ranking as a list of ids, best first, or null for no answer",
    )


def _failure(error: Any, where: str) -> FailureKind:
    if error not in _FAILURES:
        raise InputError(
            f"no kind of failure is called {json.dumps(error, ensure_ascii=False)}",
            where=where,
            remedy=suggestion(str(error), list(_FAILURES)),
        )
    kind: FailureKind = error
    return kind


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


# One for all lines: json.loads would make one for each.
_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


def _shortened(errors: list[HarnessError], path: Path) -> list[HarnessError]:
    """Keep the first few errors: a file in another format would give one a line."""
    if len(errors) <= _LINES_NAMED:
        return errors
    more = InputError(
        f"{len(errors) - _LINES_NAMED} further lines are wrong",
        where=str(path),
        remedy="mend the lines above first",
    )
    return [*errors[:_LINES_NAMED], more]


def _open(settings: SystemSettings) -> System:
    return Predictions(Path(settings.argument))


FAMILIES = (
    SystemFamily(
        name="preds",
        usage="preds:FILE.jsonl",
        kinds=None,
        open=_open,
        takes_argument=True,
        answers_one_task=True,
        summary='answers from a file, one {"id": …, "output": …} a line',
    ),
)
