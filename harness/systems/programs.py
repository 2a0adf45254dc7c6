"""Programs as systems: one process that goes on from batch to batch, restarted where it crashes or hangs."""

import json
import os
import shlex
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.core.errors import InputError, named
from harness.core.fingerprints import fingerprint, sha256_of_file
from harness.evaluation.results import FailureKind, SystemIdentity
from harness.evaluation.tasks import TaskBrief
from harness.systems.line_process import Ended, LineProcess
from harness.systems.settings import SystemSettings
from harness.systems.system import MOST_SAID_CHARS, Request, Response, System, SystemFamily, as_said
from harness.systems.wire import one_a_line, read_answer

PROCESS_OPTIONS = frozenset({"files", "timeout_s", "startup_s"})
# Items that a batch holds: what is lost by a crash is asked again one by one.
PROCESS_BATCH_ITEMS = 32
TASK_FILE = "HARNESS_TASK_FILE"
# A program that was lost so often, each time over a single item and without any answer between, is not
# started again: what is left has failed in the same way.
_GIVE_UP_AFTER = 5
_SHOWN_CHARS = 200


@dataclass(frozen=True)
class Patience:
    """How long a process may be silent while an answer is due, in seconds; `startup_s` more before its first."""

    timeout_s: float
    startup_s: float


class ProcessSystem:
    """A system in a process of its own.

    An item on which the process dies or stays silent costs that item alone: the process is started again,
    and what it still owed of the batch is asked one by one, so that whoever fails then is to blame.

    Args:
        identity: Which system it is.
        command: What to start.
        patience: Limits of time.
        frame: How a batch is written.
    """

    def __init__(
        self,
        identity: SystemIdentity,
        command: Sequence[str],
        patience: Patience,
        frame: Callable[[Sequence[Request]], bytes],
    ) -> None:
        self.identity = identity
        self._command = tuple(command)
        self._patience = patience
        self._frame = frame
        self._process: LineProcess | None = None
        self._has_answered = False  # the process that runs
        self._answered: set[str] = set()
        self._passed_over: set[str] = set()
        self._lost_in_a_row = 0
        self._lost_by: FailureKind = "crash"
        self._words: list[str] = []
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def prepare(self, brief: TaskBrief) -> None:
        """Write what the program may know of the task, for it to find by the variable HARNESS_TASK_FILE."""
        self._folder = tempfile.TemporaryDirectory(prefix="harness-task-")
        known: dict[str, object] = {"kind": brief.kind}
        if brief.pool is not None:
            pairs = zip(brief.pool.ids, brief.pool.texts, strict=True)
            known["top_k"] = brief.pool.top_k
            known["candidates"] = [{"id": name, "text": text} for name, text in pairs]
        examples = [{"input": one.input, "output": one.reference} for one in getattr(brief, "examples", ())]
        if examples:
            known["examples"] = examples
        if brief.answer_lang:
            known["answer_lang"] = brief.answer_lang
        text = json.dumps(known, ensure_ascii=False)
        (Path(self._folder.name) / "task.json").write_text(text, encoding="utf-8")

    def answer(self, batch: Sequence[Request]) -> Sequence[Response]:
        """Ask for a batch.

        Raises:
            InputError: The program cannot be started, or answered an item twice.
        """
        told = {} if self._is_given_up else self._ask(batch)
        for request in batch:
            if request.id not in told:
                told[request.id] = self._ask_alone(request)
        return [told[request.id] for request in batch]

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.stop(politely=True)
            self._process = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def last_words(self) -> str:
        """Tell how it was lost last, what line was no answer, and the end of its stderr."""
        if self._process is not None and (tail := _end_of_stderr(self._process)):
            self._note(tail)
        return "; ".join(self._words)

    @property
    def _is_given_up(self) -> bool:
        return self._lost_in_a_row >= _GIVE_UP_AFTER

    def _ask_alone(self, request: Request) -> Response:
        """Ask for one item; who dies over it without having seen another is to blame himself, not what came before."""
        if self._is_given_up:
            return Response(request.id, None, self._lost_by)
        was_running = self._process is not None
        told = self._ask([request])
        if request.id not in told and was_running and self._lost_by == "crash":
            told = self._ask([request])
        if request.id not in told:
            self._lost_in_a_row += 1
        return told.get(request.id) or Response(request.id, None, self._lost_by)

    def _ask(self, batch: Sequence[Request]) -> dict[str, Response]:
        """Ask for a batch; items are missing from what it gives where the process was lost over them."""
        process = self._running()
        process.send(self._frame(batch))
        due = {request.id for request in batch}
        told: dict[str, Response] = {}
        no_answers: list[str] = []
        # A line that is no answer stands in the place of one, or the wait for that one would be in vain.
        while len(told) + len(no_answers) < len(due):
            try:
                line = process.receive(self._patience_now())
            except Ended as end:
                self._lose(process, "crash", f"it ended with {end.how}")
                return told
            if line is None:
                self._lose(process, "time-out", f"it was silent for {self._patience_now():g} s")
                return told
            response = read_answer(line)
            if response is not None and response.id in due and response.id not in told:
                told[response.id] = response
                self._note_answer(response.id)
            else:
                no_answers += self._weighed(response, line)
        # Which line stood in whose place is not said; they are told in the order of both.
        missing = [request.id for request in batch if request.id not in told]
        self._passed_over.update(missing)
        return told | {
            name: Response(name, None, "unparsable", said=as_said(said))
            for name, said in zip(missing, no_answers, strict=True)
        }

    def _note_answer(self, item_id: str) -> None:
        self._answered.add(item_id)
        self._has_answered = True
        self._lost_in_a_row = 0

    def _weighed(self, response: Response | None, line: bytes) -> list[str]:
        """Give a line that is no answer which is due, and stands in the place of one; nothing if it is a late one."""
        if response is not None and response.id in self._passed_over:
            return []
        if response is not None and response.id in self._answered:
            raise InputError(
                f"the system answered an item more than once: {named([response.id])}",
                where=self.identity.uri,
                remedy="give one line for each id",
            )
        text = line[: 4 * (MOST_SAID_CHARS + 1)].decode("utf-8", "replace")
        shown = json.dumps(text[:_SHOWN_CHARS], ensure_ascii=False)
        self._note(f"a line of its output is no answer: {shown}")
        return [text]

    def _patience_now(self) -> float:
        return self._patience.timeout_s + (0.0 if self._has_answered else self._patience.startup_s)

    def _running(self) -> LineProcess:
        if self._process is None:
            known = {} if self._folder is None else {TASK_FILE: str(Path(self._folder.name) / "task.json")}
            # Python programs would keep their lines until a block is full.
            self._process = LineProcess(self._command, {**os.environ, "PYTHONUNBUFFERED": "1", **known})
            self._has_answered = False
        return self._process

    def _lose(self, process: LineProcess, kind: FailureKind, how: str) -> None:
        process.stop()
        self._process = None
        self._lost_by = kind
        self._note(", ".join(filter(None, (how, _end_of_stderr(process)))))

    def _note(self, words: str) -> None:
        """Keep the last two things worth telling."""
        if words not in self._words:
            self._words = [*self._words[-1:], words]


def _end_of_stderr(process: LineProcess) -> str:
    tail = process.stderr_tail()[-_SHOWN_CHARS:]
    return f"its stderr ends in {json.dumps(tail, ensure_ascii=False)}" if tail else ""


def patience_of(settings: SystemSettings) -> Patience:
    """Take the limits of time from a system's settings."""
    return Patience(settings.timeout_s, settings.startup_s)


def content_of(path: Path) -> str:
    """Hash a file, or all files of a folder with their names.

    Raises:
        InputError: It is not there, or cannot be read.
    """
    try:
        if path.is_dir():
            files = sorted(one for one in path.rglob("*") if one.is_file())
            return fingerprint([[one.relative_to(path).as_posix(), sha256_of_file(one)] for one in files])
        return sha256_of_file(path)
    except OSError as error:
        raise InputError(
            f"the file cannot be read: {error.strerror}",
            where=str(path),
            remedy="check the path, and who may read it",
        ) from error


def _open(settings: SystemSettings) -> System:
    words = _words_of(settings.argument)
    program = shutil.which(words[0])
    if program is None:
        raise InputError(
            f"there is no program '{words[0]}' that may be executed",
            where=settings.uri,
            remedy="check the path (./program for one in this folder), and chmod +x it",
        )
    shown = [Path(words[0]).name, *(_without_place(word) for word in words[1:])]
    facts = [content_of(Path(program)), *(_fact(word) for word in words[1:])]
    facts += [content_of(path) for path in settings.files]
    uri = f"cmd:{shlex.join(shown)}"
    name = settings.name if settings.name != settings.uri else f"cmd:{shown[0]}"
    identity = SystemIdentity(uri=uri, name=name, version="", fingerprint=fingerprint([uri, facts]))
    command = [str(Path(program).absolute()), *words[1:]]
    return ProcessSystem(identity, command, patience_of(settings), one_a_line)


def _words_of(argument: str) -> list[str]:
    try:
        words = shlex.split(argument)
    except ValueError as error:
        raise InputError(
            f"the command cannot be read: {error}", where=argument, remedy="close the quotes in it"
        ) from error
    if not words:
        raise InputError("the command is empty", where="cmd:", remedy="write cmd:./program")
    return words


def _without_place(word: str) -> str:
    """Write an argument without the folders that lead to it: they differ from machine to machine."""
    option, sign, value = word.rpartition("=")
    return f"{option}{sign}{Path(value).name if '/' in value else value}"


def _fact(word: str) -> str:
    """Give what an argument is: the content of a file or folder, else the word itself."""
    path = Path(word.rpartition("=")[2])
    return content_of(path) if path.exists() else word


FAMILIES = (
    SystemFamily(
        name="cmd",
        usage="cmd:PROGRAM",
        kinds=None,
        open=_open,
        takes_argument=True,
        one_by_one=True,
        batch_items=PROCESS_BATCH_ITEMS,
        options=PROCESS_OPTIONS,
        summary='a program that reads {"id": …, "input": …} and writes {"id": …, "output": …}, one a line',
    ),
)
