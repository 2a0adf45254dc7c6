"""Chat models behind any OpenAI-compatible server (vLLM, Ollama, llama.cpp, …), asked only where the user names one."""

import os
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from urllib.parse import urlsplit

from harness.core.errors import ConfigurationError, InputError
from harness.core.fingerprints import fingerprint
from harness.evaluation.results import SystemIdentity
from harness.evaluation.tasks import KINDS, TaskBrief
from harness.systems.chat import Fatal, Retry, body_of, read_reply, shown
from harness.systems.posting import Endpoint, UnreachableError, is_local, post
from harness.systems.prompts import Asking, default_prompts, version_told
from harness.systems.settings import SystemSettings
from harness.systems.system import Request, Response, System, SystemFamily, as_said

_OPTIONS = frozenset(
    {
        "timeout_s", "concurrency", "attempts", "backoff_s", "most_wait_s", "requests_per_minute", "temperature",
        "max_tokens", "seed", "logprobs", "api_key_variable", "system_prompt", "prompts", "prices",
    }
)  # fmt: skip
# What changes an answer; limits of time and load, and prices, do not.
_SHAPING = frozenset({"temperature", "max_tokens", "seed", "logprobs", "system_prompt", "prompts"})
_ADAPTER_VERSION = "1"  # of how requests are made and replies read: raise it when an answer changes
# Nobody there. After all tries it ends the run, rather than failing item after item.
_GONE = Retry("no-answer", busy=False)


class ChatModel:
    """A model behind a server.

    Requests go out side by side. Load (429, 503), errors of the server, time-outs and torn replies are tried
    again, each time after twice the wait, or when the server says; what is left then is a failure of its kind.
    Whoever waits because of load has all others wait, too.

    Args:
        identity: Which system it is.
        settings: Its options, with the prompt of one kind of task.
        model: The model's name at the server.
        endpoint: Where completions are.
    """

    def __init__(
        self, identity: SystemIdentity, settings: SystemSettings, model: str, endpoint: Endpoint
    ) -> None:
        self.identity = identity
        self._settings = settings
        self._model = model
        self._endpoint = endpoint
        self._asking = Asking("", "")
        self._threads = ThreadPoolExecutor(settings.concurrency, thread_name_prefix="chat")
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._next_start = 0.0
        self._fatal: InputError | None = None
        self._words = ""

    def prepare(self, brief: TaskBrief) -> None:
        """Take the prompt for the kind of task, and the labels to choose from."""
        self._asking = Asking.of(brief, self._settings.prompts[brief.kind])

    def answer(self, batch: Sequence[Request]) -> Sequence[Response]:
        """Ask for a batch.

        Raises:
            InputError: The server is not there, or does not take the key or the model. What it answered
                before is given back first, where it answered anything of this batch.
        """
        if self._fatal is not None:
            raise self._fatal
        responses = list(self._threads.map(self._asked, batch))
        if self._fatal is not None and all(response.failure is not None for response in responses):
            raise self._fatal
        return responses

    def close(self) -> None:
        """Send nothing any more."""
        self._stopping.set()
        self._threads.shutdown(wait=True, cancel_futures=True)

    def last_words(self) -> str:
        """Give what the server said last that was no answer."""
        return self._words

    def _asked(self, request: Request) -> Response:
        last = Retry("crash")
        body = body_of(self._asking.content(request.input), self._settings, self._model)
        for attempt in range(self._settings.attempts):
            self._wait_for_turn()
            if self._stopping.is_set() or self._fatal is not None:
                break
            outcome = self._tried(request.id, body)
            if isinstance(outcome, Response):
                return self._read(request, outcome)
            last = outcome
            if attempt + 1 < self._settings.attempts:
                self._wait(last, attempt)
        else:
            if last is _GONE:
                self._end("no server answers there")
        return Response(request.id, None, last.kind, said=last.said)

    def _read(self, request: Request, response: Response) -> Response:
        """Take the model's words for an answer, or for none, which asking again would bring again."""
        if not isinstance(response.output, str):
            return response
        answer = self._asking.answer(request.input, response.output)
        if answer is None:
            said = as_said(response.output)
            return replace(response, output=None, failure="unparsable", said=said)
        return replace(response, output=answer)

    def _tried(self, item_id: str, body: bytes) -> Response | Retry:
        try:
            reply = post(self._endpoint, body)
        except TimeoutError:
            self._words = f"no reply within {self._settings.timeout_s:g} s"
            return Retry("time-out")
        except UnreachableError as error:
            self._words = str(error)
            return _GONE
        if self._endpoint.key:  # some servers tell the key that they refuse
            reply = replace(reply, body=reply.body.replace(self._endpoint.key.encode(), b"[key]"))
        outcome = read_reply(item_id, reply, uncut=self._asking.wants_whole_answers)
        if isinstance(outcome, Fatal):
            self._end(outcome.words)
            return Retry("crash")
        if isinstance(outcome, Retry) or outcome.failure is not None:
            self._words = f"status {reply.status}: {shown(reply.body)}"
        return outcome

    def _end(self, words: str) -> None:
        self._fatal = InputError(
            f"the server cannot be asked: {words}",
            where=self.identity.uri,
            remedy=f"check address, model and the key in {self._settings.api_key_variable}; answers so far are "
            "kept, and the same command goes on",
        )

    def _wait(self, retry: Retry, attempt: int) -> None:
        seconds = retry.wait_s if retry.wait_s is not None else self._settings.backoff_s * 2**attempt
        seconds = min(seconds, self._settings.most_wait_s)
        if retry.busy:
            with self._lock:
                self._next_start = max(self._next_start, time.monotonic() + seconds)
        else:
            self._stopping.wait(seconds)

    def _wait_for_turn(self) -> None:
        """Wait until load and the limit of requests allow the next."""
        rate = self._settings.requests_per_minute
        while not self._stopping.is_set():
            with self._lock:
                wait_s = self._next_start - time.monotonic()
                if wait_s <= 0:
                    if rate is not None:
                        self._next_start = time.monotonic() + 60.0 / rate
                    return
            self._stopping.wait(wait_s)


def _open(settings: SystemSettings) -> System:
    base, _, model = settings.argument.partition("#")
    base = base.rstrip("/")
    _require_address(base, model, settings)
    key = os.environ.get(settings.api_key_variable, "").strip()
    if key and urlsplit(base).scheme == "http" and not is_local(base):
        raise ConfigurationError(
            f"the key in {settings.api_key_variable} would cross the network in the clear",
            where=settings.uri,
            remedy="use https, or unset the variable if the server needs no key",
        )
    said = settings.model_dump(mode="json", include=set(_SHAPING))
    uri = f"openai:{base}#{model}"
    asked_by = ", ".join(version_told(kind, prompt) for kind, prompt in settings.prompts.items())
    identity = SystemIdentity(
        uri=uri,
        name=settings.name if settings.name != settings.uri else model,
        version=asked_by,
        fingerprint=fingerprint([uri, _ADAPTER_VERSION, asked_by, said]),
    )
    endpoint = Endpoint(f"{base}/chat/completions", key, settings.timeout_s)
    return ChatModel(identity, settings, model, endpoint)


def _require_address(base: str, model: str, settings: SystemSettings) -> None:
    try:
        parts = urlsplit(base)
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname)
        has_more = parts.username is not None or bool(parts.query)
    except ValueError:
        is_address, has_more = False, False
    if not is_address or has_more or not model:
        raise ConfigurationError(
            "a user, a password or a query has no place in the address"
            if has_more
            else f"'{settings.argument}' is no address of a server with a model",
            where="--system",
            remedy=f"write openai:http://localhost:8000/v1#MODEL; a key comes from the variable {settings.api_key_variable}",
        )


FAMILIES = (
    SystemFamily(
        name="openai",
        usage="openai:BASE_URL#MODEL",
        kinds=frozenset(default_prompts().keys() & KINDS.keys()),
        open=_open,
        takes_argument=True,
        one_by_one=True,
        batch_items=32,
        options=_OPTIONS,
        prompts={kind: prompt.text for kind, prompt in default_prompts().items()},
        summary="a chat model behind an OpenAI-compatible server, called only where it is named",
    ),
)
