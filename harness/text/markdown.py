"""Text from outside in Markdown: shown letter by letter, never obeyed."""

import re
from collections.abc import Sequence

from harness.text.visible import visible

# All that CommonMark, GFM's tables and strike-through, and the math of common renderers act on inside a
# line. The colon of an address and the at sign keep bare ones from turning into links.
_ACTIVE = re.compile(r"([\\`*_\[\]<>|~$&@]|:(?=//))")
# At the start of a line these open a list, a heading, or a rule; a full stop does so after a number.
_OPENS_BLOCK = re.compile(r"^(\d*)([-+=#.])(?=[-=#\s]|$)")
_WWW = re.compile(r"\bwww\.", re.IGNORECASE)


def plain(text: str) -> str:
    r"""Write text so that Markdown shows it as it is: one line, without markup, links or images.

    Backslash escapes are used throughout; the renderer takes them away again.
    """
    escaped = _ACTIVE.sub(r"\\\1", visible(text).strip(" "))  # four blanks would open a code block
    escaped = _WWW.sub(lambda match: match[0][:-1] + r"\.", escaped)
    return _OPENS_BLOCK.sub(r"\1\\\2", escaped)


def code(text: str) -> str:
    """Write text as a code span, on one line; fit for a table's cell."""
    shown = visible(text)
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    fence = "`" * (longest + 1)
    # Blanks keep a backtick at an end from joining the fence; the renderer takes one on each side away.
    padding = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{padding}{shown}{padding}{fence}".replace("|", r"\|")


def table(header: tuple[str, ...], rows: Sequence[tuple[str, ...]], *, numbers: int = 0) -> str:
    """Write a table of cells that are Markdown already; the last `numbers` columns are set to the right."""
    rules = ["---"] * (len(header) - numbers) + ["---:"] * numbers
    return "\n".join("| " + " | ".join(line) + " |" for line in [header, rules, *rows])
