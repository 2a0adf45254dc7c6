"""Pages of figures, docs/text-quality.md above all: each benchmark writes its own part of one."""

import platform
import re
import sys
from collections.abc import Iterable, Sequence
from importlib import metadata
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGE = DOCS / "text-quality.md"


def publish(part: str, lines: Iterable[str], *, to: Path = PAGE) -> None:
    """Print a part, and with `--write` put it into the page in place of what stood there."""
    text = "\n".join(lines)
    print(text)
    if "--write" not in sys.argv[1:]:
        return
    begin, end = f"<!-- begin: {part} -->", f"<!-- end: {part} -->"
    page = to.read_text(encoding="utf-8")
    if begin not in page:
        sys.exit(f"{to} has no part '{part}'")
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    to.write_text(pattern.sub(lambda _: f"{begin}\n{text}\n{end}", page), encoding="utf-8")


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Write a Markdown table."""
    lines = [f"| {' | '.join(header)} |", "|" + "---|" * len(header)]
    return lines + [f"| {' | '.join(map(str, row))} |" for row in rows]


def share(right: int, of: int) -> str:
    """Write a share as people compare it: four decimals, `none` where nothing was tried."""
    return f"{right / of:.4f}" if of else "none"


def versions(*distributions: str) -> str:
    """Name what was measured, by version; what is not installed is said to be missing."""
    return ", ".join([f"Python {platform.python_version()}", *map(_version, distributions)])


def _version(distribution: str) -> str:
    try:
        return f"{distribution} {metadata.version(distribution)}"
    except metadata.PackageNotFoundError:
        return f"{distribution} **missing**"
