"""The program under test, run as users run it: a subprocess with its own environment."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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


def tree_bytes(folder: Path) -> dict[str, bytes]:
    """Read every file below a folder, for comparing two of them byte for byte."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
