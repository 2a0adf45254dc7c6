"""What an OpenAI-compatible server is sent, and what its replies mean."""

import json
import math
from dataclasses import dataclass
from typing import Any

from harness.evaluation.results import FailureKind
from harness.systems.posting import Reply
from harness.systems.settings import SystemSettings
from harness.systems.system import MOST_SAID_CHARS, Metered, Response, as_said

_SHOWN_CHARS = 200
_TOO_MANY, _OVERLOADED = 429, 503
# The request itself is at fault: too long, or what the server's filter declines.
_DECLINED = frozenset({400, 413, 422})
# It would be the same for every item: address, model or key.
_FATAL = frozenset({401, 402, 403, 404, 405, 410, 501})


@dataclass(frozen=True)
class Retry:
    """No answer yet: worth another try.

    Args:
        kind: What the item fails by if no try brings more.
        wait_s: How long the server asks to be left alone; None where it does not say.
        busy: Whether it is the server's load, so that other requests should wait, too.
        said: What came instead of an answer.
    """

    kind: FailureKind
    wait_s: float | None = None
    busy: bool = False
    said: str | None = None


@dataclass(frozen=True)
class Fatal:
    """No request can succeed: what the server says to it."""

    words: str


def body_of(content: str, settings: SystemSettings, model: str) -> bytes:
    """Write what is sent for one item."""
    system = [{"role": "system", "content": settings.system_prompt}] if settings.system_prompt else []
    sent = {
        "model": model,
        "messages": [*system, {"role": "user", "content": content}],
        "max_tokens": settings.max_tokens,
        "temperature": settings.temperature,
        "seed": settings.seed,
        "logprobs": settings.logprobs or None,
    }
    return json.dumps({name: value for name, value in sent.items() if value is not None}).encode("ascii")


def read_reply(item_id: str, reply: Reply, *, uncut: bool = False) -> Response | Retry | Fatal:
    """Tell what a reply means for its item.

    Args:
        item_id: The item.
        reply: What the server said.
        uncut: Whether an answer that ended at the limit of tokens is none.
    """
    if reply.status in range(200, 300):
        return _read_body(item_id, reply, uncut=uncut)
    said = _said(reply)
    if reply.status == _TOO_MANY:
        return Retry("refused", reply.retry_after_s, busy=True, said=said)
    if reply.status in _FATAL or reply.status in range(300, 400):
        return Fatal(f"status {reply.status}: {shown(reply.body)}")
    if reply.status in _DECLINED:
        return Response(item_id, None, "refused", said=said)
    return Retry("crash", reply.retry_after_s, busy=reply.status == _OVERLOADED, said=said)


def shown(body: bytes) -> str:
    """Quote the beginning of a body."""
    return json.dumps(body[:_SHOWN_CHARS].decode("utf-8", "replace"), ensure_ascii=False)


def _read_body(item_id: str, reply: Reply, *, uncut: bool) -> Response | Retry:
    if not reply.body.strip():
        return Retry("no-answer")
    try:
        content = json.loads(reply.body.decode("utf-8"))
    except (ValueError, RecursionError):
        return Retry("unparsable", said=_said(reply))
    if not reply.is_whole:
        return Retry("unparsable", said=_said(reply))
    return _answer(item_id, content, reply, uncut=uncut)


def _said(reply: Reply) -> str | None:
    """Give a body that is no answer; read as UTF-8, since that is what JSON is written in."""
    # Four bytes a character at most: a body may be 16 MB long, of which a line or two are kept.
    return as_said(reply.body[: 4 * (MOST_SAID_CHARS + 1)].decode("utf-8", "replace"))


def _answer(item_id: str, content: Any, reply: Reply, *, uncut: bool) -> Response:
    """Read a completion; one that is none is unparsable, and asking again would bring the same."""
    try:
        (choice, *_) = content["choices"]
        message = choice["message"]
        text, refusal = message.get("content"), message.get("refusal")
        metered = _metered(content, choice)
        if not isinstance(text, str | None):
            return Response(item_id, None, "unparsable", metered, _said(reply))
    except (KeyError, TypeError, ValueError, AttributeError):
        return Response(item_id, None, "unparsable", said=_said(reply))
    if refusal or choice.get("finish_reason") == "content_filter":
        return Response(item_id, None, "refused", metered, as_said(str(refusal or text or "")))
    if text is None or not text.strip():
        return Response(item_id, None, "no-answer", metered)
    if uncut and choice.get("finish_reason") == "length":
        return Response(item_id, None, "unparsable", metered, as_said(text))
    return Response(item_id, text.strip(), metered=metered)


def _metered(content: Any, choice: Any) -> Metered | None:
    usage = content.get("usage") or {}
    logprobs = (choice.get("logprobs") or {}).get("content") or []
    numbers = [token["logprob"] for token in logprobs if isinstance(token.get("logprob"), int | float)]
    total = math.fsum(numbers) if numbers and len(numbers) == len(logprobs) else None
    if not usage and total is None:
        return None
    return Metered(
        input_tokens=_count(usage.get("prompt_tokens")),
        output_tokens=_count(usage.get("completion_tokens")),
        logprob=total if total is not None and math.isfinite(total) else None,
    )


def _count(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value < 1 << 53 else 0
