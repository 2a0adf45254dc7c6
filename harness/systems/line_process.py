"""A child process that reads lines and writes lines, watched so that it can neither block us nor fill our memory."""

import contextlib
import os
import queue
import select
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from typing import IO, Any

from harness.core.errors import ConfigurationError, InputError

# Longer than any answer, a hundred times over; a line without an end must not take all memory.
_LINE_BYTES = 64 << 20
_BLOCK_BYTES = 1 << 16
_STDERR_KEPT = 4096
_POLITE_S = 1.0  # for a program to end by itself once its input has ended


class Ended(Exception):  # noqa: N818 - an end is what it is, and not always an error
    """The process is gone: it wrote no further line.

    Args:
        how: In words, such as `exit code 3` or `signal 9`.
    """

    def __init__(self, how: str) -> None:
        super().__init__(how)
        self.how = how


class LineProcess:
    """A program at work, without a shell, in a group of its own.

    Writing goes on in a thread: a program that writes before it has read all does not block, nor does one that
    reads nothing. Of its stderr the last few thousand bytes are kept. (Waiting for pipes as this does works
    on POSIX systems alone.)

    Args:
        command: The program and its arguments.
        environment: All that it gets to see.

    Raises:
        InputError: It cannot be started.
        ConfigurationError: This is no POSIX system.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        if not hasattr(select, "poll"):
            raise ConfigurationError(
                "programs and functions as systems need the pipes of a POSIX system",
                where=command[0],
                remedy="run it on Linux or macOS, or give its answers as preds:FILE.jsonl",
            )
        try:
            self._process = subprocess.Popen(  # noqa: S603 - the program that the user named, no shell
                list(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=dict(environment),
                start_new_session=True,
            )
        except OSError as error:
            raise InputError(
                f"the program cannot be started: {error.strerror}",
                where=command[0],
                remedy="check that it may be executed, and that it begins with a line such as #!/usr/bin/env python3",
            ) from error
        self._to_write: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._output: int = _of(self._process.stdout).fileno()
        self._waiting = select.poll()  # not a selector, whose own work would be paid for each line
        self._waiting.register(self._output, select.POLLIN)
        self._lines: deque[bytes] = deque()
        self._partial: list[bytes] = []
        self._has_ended = False
        self._stderr = bytearray()
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._write, self._listen)]
        for thread in self._threads:
            thread.start()

    def send(self, content: bytes) -> None:
        """Have something written to its input; never waits."""
        self._to_write.put(content)

    def receive(self, timeout_s: float) -> bytes | None:
        """Give its next line without the line's end; None where none came in time.

        Raises:
            Ended: It has ended, and all that it wrote was received.
        """
        end = time.monotonic() + timeout_s
        while not self._lines:
            if self._has_ended:
                raise Ended(self._ending())
            if not self._waiting.poll(max(0.0, end - time.monotonic()) * 1000):
                return None
            self._take(os.read(self._output, _BLOCK_BYTES))
        return self._lines.popleft()

    def stop(self, *, politely: bool = False) -> None:
        """End it with all that it started; `politely` lets it end by itself first, for a second."""
        self._to_write.put(None)
        if politely:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_POLITE_S)
        self._kill()
        self._process.wait()
        for thread in self._threads:
            thread.join(_POLITE_S)
        _of(self._process.stdout).close()

    def stderr_tail(self) -> str:
        """Give the end of what it wrote to stderr."""
        return bytes(self._stderr).decode("utf-8", "replace").strip()

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()

    def _ending(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = self._process.wait(_POLITE_S)
            return f"signal {-code}" if code < 0 else f"exit code {code}"
        return "its output closed"

    def _write(self) -> None:
        stream = _of(self._process.stdin)
        with contextlib.suppress(OSError, ValueError):
            while (content := self._to_write.get()) is not None:
                stream.write(content)
                stream.flush()
        with contextlib.suppress(OSError):
            stream.close()

    def _take(self, block: bytes) -> None:
        """Cut what was read into lines. One without an end, it died over; but a whole object is let pass."""
        if block:
            first, *more = block.split(b"\n")
            self._partial.append(first)
            for piece in more:
                self._lines.append(b"".join(self._partial).rstrip(b"\r"))
                self._partial = [piece]
            self._has_ended = sum(map(len, self._partial)) > _LINE_BYTES
            return
        self._has_ended = True
        rest = b"".join(self._partial)
        if rest.endswith(b"}"):
            self._lines.append(rest)

    def _listen(self) -> None:
        stream = _of(self._process.stderr)
        with contextlib.suppress(OSError, ValueError):
            while block := stream.read1(_STDERR_KEPT):
                self._stderr += block
                del self._stderr[:-_STDERR_KEPT]


def _of(stream: IO[bytes] | None) -> Any:
    return stream  # never None: each was asked for
