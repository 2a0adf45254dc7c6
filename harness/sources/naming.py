"""Names of files: their natural order, patterns that choose them, and which ones are hidden."""

import re

from harness.core.errors import ConfigurationError

_DIGITS = re.compile(r"([0-9]+)")
# What systems leave behind in folders and archives; with names that begin with a dot, never a record.
_LEFT_BEHIND = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini"})

NaturalKey = tuple[tuple[tuple[tuple[int, str], ...], ...], str]


def natural_key(path: str) -> NaturalKey:
    """Give the key by which `a2` comes before `a10`, compared folder by folder; a total order."""
    return tuple(_segment_key(segment) for segment in path.split("/")), path


def _segment_key(segment: str) -> tuple[tuple[int, str], ...]:
    # A number sorts by its length, then its digits: names may have more digits than int() accepts.
    # Texts and numbers alternate, so that like is compared with like.
    parts = _DIGITS.split(segment)
    return tuple(
        (len(part.lstrip("0")), part.lstrip("0")) if place % 2 else (0, part)
        for place, part in enumerate(parts)
    )


def is_hidden(path: str) -> bool:
    """Tell whether a path, or a folder on its way, is excluded by default.

    These are names that begin with a dot (`.git/`, `.DS_Store`) and what systems leave behind
    (`__MACOSX/`, `Thumbs.db`, `desktop.ini`).
    """
    return any(part.startswith(".") or part in _LEFT_BEHIND for part in path.split("/"))


def compile_patterns(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Join glob patterns into one expression for whole relative paths.

    `*` and `?` stay inside a folder, `**/` is any number of folders, none included, `[a-c]` and `[!a-c]`
    are one character of a set; a pattern that ends in `/` means all below it.

    Raises:
        ConfigurationError: A pattern has a set that runs backwards, such as `[z-a]`.
    """
    try:
        return re.compile(
            "|".join(f"(?:{_translate(pattern)})" for pattern in patterns) or r"(?!)", re.DOTALL
        )
    except re.error as error:
        raise ConfigurationError(
            f"this is no pattern for file names: {error.msg}",
            where=", ".join(patterns),
            remedy="patterns look like '**/*.txt' or 'news-[0-9]*.html'",
        ) from None


_GLOB_TOKEN = re.compile(r"\*\*/|\*\*|\*|\?|\[!?\]?[^\]/]*\]|.", re.DOTALL)
_GLOB_MEANING = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def _translate(pattern: str) -> str:
    pattern = pattern.removeprefix("./")
    if pattern.endswith("/"):
        pattern += "**"
    return "".join(_translate_token(token) for token in _GLOB_TOKEN.findall(pattern))


def _translate_token(token: str) -> str:
    if token in _GLOB_MEANING:
        return _GLOB_MEANING[token]
    if len(token) > 2 and token.startswith("["):
        negated = token.startswith("[!")
        members = re.escape(token[2 if negated else 1 : -1]).replace(r"\-", "-")
        return f"(?!/)[{'^' if negated else ''}{members}]"
    return re.escape(token)
