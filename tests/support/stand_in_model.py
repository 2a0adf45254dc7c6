"""A chat model's server for tests: a real one on the loopback, that answers as each test scripts it."""

import contextlib
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Scripted:
    """What a server says to one request.

    `body` None closes the connection without a word; `promised` is a Content-Length that is not kept;
    `slowly_s` parts the bytes of the body.
    """

    status: int = 200
    body: bytes | None = b""
    headers: dict[str, str] = field(default_factory=dict)
    promised: int | None = None
    wait_s: float = 0.0
    slowly_s: float = 0.0


def completion(text: str | None, **more: Any) -> Scripted:
    """Answer as a model does."""
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop", **more}
    usage = {"prompt_tokens": 11, "completion_tokens": 2, "total_tokens": 13}
    return Scripted(body=json.dumps({"choices": [choice], "usage": usage}).encode())


@dataclass
class StandInModel:
    """A running server.

    Args:
        uri: What `--system` is given.
        asked: How often each prompt was sent.
        seen: The requests' headers and bodies.
        most_at_once: How many requests were being answered at the same time, at most.
    """

    uri: str = ""
    asked: Counter[str] = field(default_factory=Counter)
    seen: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)
    most_at_once: int = 0
    now: int = 0


@contextlib.contextmanager
def stand_in_model(script: Callable[[str, int], Scripted]) -> Iterator[StandInModel]:
    """Serve until the block ends; `script` gets a prompt and how often it was sent, this time included."""
    stand_in, lock, ended = StandInModel(), threading.Lock(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        """One connection."""

        def do_POST(self) -> None:
            """Answer as scripted."""
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            prompt = body["messages"][-1]["content"]
            with lock:
                stand_in.seen.append((dict(self.headers), {"path": self.path, **body}))
                stand_in.asked[prompt] += 1
                times = stand_in.asked[prompt]
                stand_in.now += 1
                stand_in.most_at_once = max(stand_in.most_at_once, stand_in.now)
            try:
                self._say(script(prompt, times))
            finally:
                with lock:
                    stand_in.now -= 1

        def _say(self, scripted: Scripted) -> None:
            ended.wait(scripted.wait_s)
            if scripted.body is None:
                self.close_connection = True
                return
            self.send_response(scripted.status)
            length = scripted.promised if scripted.promised is not None else len(scripted.body)
            for name, value in {"Content-Length": str(length), **scripted.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            with contextlib.suppress(OSError):
                if not scripted.slowly_s:
                    self.wfile.write(scripted.body)
                    return
                for byte in scripted.body:
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    if ended.wait(scripted.slowly_s):
                        return

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stand_in.uri = f"openai:http://127.0.0.1:{server.server_port}/v1#tiny"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield stand_in
    finally:
        ended.set()
        server.shutdown()
        server.server_close()
