"""Making invisible and directing characters visible, so that text from outside cannot steer what shows it."""

import re
import unicodedata

# What can move a terminal's cursor, reorder a line or hide text: all controls (C0, DEL, C1), lone
# surrogates, line and paragraph separators, direction marks, embeddings, overrides and isolates, invisible
# operators, annotation marks, the byte-order mark, "tag" characters, soft hyphens, grapheme joiners. ZWNJ and ZWJ are left
# alone: Persian, Kurdish and emoji are spelled with them.
_HIDDEN = re.compile(
    "["
    "\\x00-\\x1f\\x7f-\\x9f"
    "\\u00ad\\u034f\\u061c\\u180e"
    "\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f"
    "\\ufeff\\ufff9-\\ufffb"
    "\\ud800-\\udfff"
    "\\U000e0000-\\U000e007f"
    "]"
)
_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"


def visible(text: str, *, keep: str = "") -> str:
    r"""Write out every character that a terminal or a page would obey instead of showing.

    Controls become `\x1b`, `\n` and the like; direction controls and other invisible characters become
    `[U+202E RIGHT-TO-LEFT OVERRIDE]`. Everything else stays, so the result can be printed, but not read
    back: a backslash in the text stays a backslash.

    Args:
        text: Text from outside.
        keep: Characters to leave alone, such as a line feed where lines are wanted.
    """
    return _HIDDEN.sub(lambda match: match[0] if match[0] in keep else spelled_out(match[0]), text)


def visible_parts(text: str) -> list[tuple[str, bool]]:
    """Cut text into runs and say which of them is a hidden character, for pages that mark it.

    Returns:
        Pairs of (piece, whether it is one hidden character), which joined give the text back.
    """
    parts: list[tuple[str, bool]] = []
    end = 0
    for match in _HIDDEN.finditer(text):
        parts += [(text[end : match.start()], False)] if match.start() > end else []
        parts.append((match[0], True))
        end = match.end()
    return parts + ([(text[end:], False)] if end < len(text) else [])


def spelled_out(character: str) -> str:
    r"""Write one character as people name it: `\n`, `\x1b`, `[U+202E RIGHT-TO-LEFT OVERRIDE]`."""
    code = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    if code < 0x100 and unicodedata.category(character) == "Cc":
        return f"\\x{code:02x}"
    return f"[{code_point(character)}]"


def code_point(character: str) -> str:
    """Name a code point, as in `U+200F RIGHT-TO-LEFT MARK`; without a name where it has none."""
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".rstrip()


def excerpt(text: str, *, limit: int) -> str:
    """Cut text to at most `limit` characters, at a blank where one is near, and mark the cut.

    A mark that combines with the letter before it is not parted from it.
    """
    if len(text) <= limit:
        return text
    end = limit - 1
    while end > 0 and unicodedata.combining(text[end]):
        end -= 1
    blank = max(text.rfind(" ", 0, end + 1), text.rfind("\n", 0, end + 1))
    # A word longer than a fifth of the excerpt is cut rather than left out.
    return text[: blank if blank > 0.8 * end else end].rstrip() + ELLIPSIS
