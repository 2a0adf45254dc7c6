"""The program under test, run as users run it: a subprocess with its own environment."""

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

_TIMEOUT_S = 300


@dataclass(frozen=True)
class Outcome:
    """How a command ended, and what it said where."""

    code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        """The result of a command that was given `--format json`."""
        return json.loads(self.stdout)


def harness(*arguments: str | Path, cwd: Path, env: Mapping[str, str] | None = None) -> Outcome:
    """Run `harness` in a folder, with nothing of the caller's settings but what is given."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("HARNESS_", "HF_"))}
    done = subprocess.run(
        [sys.executable, "-m", "harness", *map(str, arguments)],
        cwd=cwd,
        env={**clean, "HF_HUB_OFFLINE": "1", **(env or {})},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=_TIMEOUT_S,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def harness_inside(*arguments: str | Path, cwd: Path, env: Mapping[str, str] | None = None) -> Outcome:
    """Run `harness` in this process, where a library that takes seconds to import is imported once.

    For commands whose promise is what they answer; what they do to a process is tried by `harness`.
    """
    from harness.cli.app import main  # noqa: PLC0415 - of this door alone

    clean = {name: value for name, value in os.environ.items() if not name.startswith(("HARNESS_", "HF_"))}
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.dict(os.environ, {**clean, "HF_HUB_OFFLINE": "1", **(env or {})}, clear=True),
        contextlib.chdir(cwd),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = main([str(argument) for argument in arguments])
    return Outcome(code, out.getvalue(), err.getvalue())


def tree_bytes(folder: Path) -> dict[str, bytes]:
    """Read every file below a folder, for comparing two of them byte for byte."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
