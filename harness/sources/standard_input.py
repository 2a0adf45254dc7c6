"""Standard input as a source: copied to the disk once, since articles are read more than once."""

import contextlib
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import BinaryIO, cast

from harness.sources.listing import Listed

STANDARD_INPUT = "-"
_LOOKED_AT_BYTES = 1 << 16


@dataclass(frozen=True)
class StandardInput:
    """What came in, as one file: `stdin.jsonl` where its first line begins an object, else `stdin.txt`."""

    copy: BinaryIO
    listed: list[Listed]
    is_single: bool = True

    @classmethod
    def read(cls) -> "StandardInput":
        """Read standard input to its end; a second call in a process gives the same again."""
        copy = _copied()
        copy.seek(0)
        first = copy.read(_LOOKED_AT_BYTES).removeprefix(b"\xef\xbb\xbf").lstrip()
        name = "stdin.jsonl" if first.startswith(b"{") else "stdin.txt"
        return cls(copy, [Listed(name, name)])

    @contextlib.contextmanager
    def open(self, path: str) -> Iterator[BinaryIO]:  # noqa: ARG002 - there is one file
        """Open what came in from its beginning."""
        self.copy.seek(0)
        yield self.copy

    def path_of(self, name: str) -> str:
        """Give the name: nothing lies beside standard input."""
        return name

    def is_same(self, path: str, other: str) -> bool:
        """Compare names."""
        return path == other


@cache
def _copied() -> BinaryIO:
    copy = tempfile.TemporaryFile(prefix="harness-stdin-")  # noqa: SIM115 - read until the process ends
    shutil.copyfileobj(sys.stdin.buffer, copy)
    return cast("BinaryIO", copy)
