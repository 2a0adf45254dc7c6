"""Text from outside in Markdown: shown letter by letter, never obeyed."""

import re
from collections.abc import Sequence

from harness.text.visible import visible

# All that CommonMark, GFM's tables and strike-through, and the math of common renderers act on inside a
# line. The colon of an address and the at sign keep bare ones from turning into links.
_ACTIVE = re.compile(r"([\\`*_\[\]<>|~$&@]|:(?=//))")
# At the start of a line, behind up to three blanks, these open a list, a heading or a rule; a full stop and a
# bracket do so after a number.
_OPENS_BLOCK = re.compile(r"^( {0,3}(?:[0-9]+(?=[.)])|(?=[-+=#])))(?=.(?:[-=#\s]|$))")
_OPENS_CODE = re.compile(r"^ (?= {3})")
_CLOSES_HEADING = re.compile(r"(?<= )(?=#+ *$)")
_WWW = re.compile(r"\bwww\.", re.IGNORECASE)
_BARE_BAR = re.compile(r"(?<!\\)\|")


def plain(text: str) -> str:
    r"""Write text so that Markdown shows it as it is: without line breaks, markup, links or images.

    The result may be a line, a heading or a cell, or stand inside one: blanks at its edges are kept.
    Backslash escapes are used throughout; the renderer takes them away again.
    """
    escaped = _ACTIVE.sub(r"\\\1", visible(text))
    escaped = _WWW.sub(lambda match: match[0][:-1] + r"\.", escaped)
    escaped = _CLOSES_HEADING.sub(r"\\", _OPENS_BLOCK.sub(r"\1\\", escaped))
    return _OPENS_CODE.sub("&#32;", escaped)  # a blank has no backslash escape


def code(text: str) -> str:
    """Write text as a code span, on one line; nothing where there is no text."""
    shown = visible(text)
    if r"\|" in shown:
        # In a table's cell, renderers disagree on whose backslash this is; a tag leaves no doubt anywhere.
        return f"<code>{plain(text)}</code>"
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    fence = "`" * (longest + 1) if shown else ""
    # Blanks keep a backtick at an end from joining the fence; the renderer takes one on each side away.
    padding = " " if shown.strip(" ") and (shown[0] in "` " or shown[-1] in "` ") else ""
    return f"{fence}{padding}{shown}{padding}{fence}"


def table(header: tuple[str, ...], rows: Sequence[tuple[str, ...]], *, numbers: int = 0) -> str:
    """Write a table of cells that are Markdown already; the last `numbers` columns are set to the right.

    A bar in a code span needs a backslash here and nowhere else: it parts cells before spans are looked for.
    """
    rules = ["---"] * (len(header) - numbers) + ["---:"] * numbers
    lines = ([_BARE_BAR.sub(r"\|", cell) for cell in line] for line in (header, rules, *rows))
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
