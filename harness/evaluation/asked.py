"""What an item asked, for reading: several texts are set apart instead of shown as the JSON that systems are given."""

import json
from typing import Any

from harness.text.visible import excerpt

_LEAST_CHARS = 60  # of each of several texts
_BETWEEN = "\n\N{EM DASH}\n"
_JSON = ("[", "{")


def shown_input(text: str, *, limit: int) -> str:
    """Write an item's input as an excerpt.

    Args:
        text: A text; or JSON, as some kinds of task ask: a list of texts (a pair, sentences, or tokens, which are
            joined by blanks), or an object (a question with its context).
        limit: How many characters at most; of several texts, each has its share.
    """
    parts = _parts(text)
    if parts is None:
        return excerpt(text, limit=limit)
    if not any(" " in part for part in parts):
        return excerpt(" ".join(parts), limit=limit)
    share = max(limit // len(parts) - len(_BETWEEN), _LEAST_CHARS)
    return excerpt(_BETWEEN.join(excerpt(part, limit=share) for part in parts), limit=limit)


def _parts(text: str) -> list[str] | None:
    if not text.startswith(_JSON):
        return None
    try:
        asked = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if isinstance(asked, dict):
        return [f"{name}: {_value(value)}" for name, value in asked.items()]
    return asked if isinstance(asked, list) and all(isinstance(one, str) for one in asked) else None


def _value(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return " · ".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
