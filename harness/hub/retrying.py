"""Trying again, a bounded number of times, what a busy or contended server refused."""

from collections.abc import Callable
from typing import TypeVar, cast

from harness.core.errors import HarnessError, InputError

# Another commit came between (409, 412), too many requests (429), the server's own trouble (5xx).
_PASSING = frozenset({409, 412, 429, 500, 502, 503, 504})
_ATTEMPTS = 6
_LONGEST_PAUSE_S = 60.0

Result = TypeVar("Result")


def persistently(step: Callable[[], Result], *, where: str, pause: Callable[[float, str], None]) -> Result:
    """Run a step until it is through or fails for good; waits 1, 2, 4, 8, 16 s, or what the server asks for.

    An answer that got lost leaves open whether the step was done. So a step must look at the server first
    and do only what is left to do.

    Args:
        step: What to do; repeated whole.
        where: The address, for errors.
        pause: Waits for a number of seconds; is told why.

    Raises:
        InputError: The server refuses, cannot be reached, or stays busy.
    """
    for attempt in range(_ATTEMPTS):
        try:
            return step()
        except (OSError, RuntimeError, _http_error()) as error:
            refusal = _http_cause(error)
            if refusal is None:
                raise
            status = _status(refusal)
            if attempt + 1 == _ATTEMPTS or (status is not None and status not in _PASSING):
                raise _as_ours(refusal, status, where) from error
            pause(_asked_pause_s(refusal) or 2.0**attempt, _why(status))
    raise AssertionError("the loop returns or raises")


def _http_error() -> type[Exception]:
    """Give the base of what the client raises for a refusal (with a response) and a lost connection (without)."""
    from huggingface_hub.errors import HTTPError  # type: ignore[attr-defined]  # noqa: PLC0415 - heavy

    return cast("type[Exception]", HTTPError)


def _http_cause(error: BaseException | None) -> BaseException | None:
    """Find the refusal in an error; the client wraps those of uploads and downloads in others."""
    while error is not None and not isinstance(error, _http_error()):
        error = error.__cause__
    return error


def _status(error: BaseException) -> int | None:
    """Give the HTTP status, or None where no answer came."""
    response = getattr(error, "response", None)
    return None if response is None else int(response.status_code)


def _why(status: int | None) -> str:
    if status is None:
        return "the Hub cannot be reached"
    return "another commit came between" if status in (409, 412) else f"the Hub is busy ({status})"


def _asked_pause_s(error: BaseException) -> float | None:
    response = getattr(error, "response", None)
    asked = "" if response is None else response.headers.get("Retry-After", "")
    return min(float(asked), _LONGEST_PAUSE_S) if asked.isdigit() else None


def _as_ours(error: BaseException, status: int | None, where: str) -> HarnessError:
    # The client's message names the request and the server's answer; it never carries the token.
    said = next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
    if status in (401, 403):
        return InputError(
            f"the Hub does not let this token write: {said}",
            where=where,
            remedy="use a token with write access to the organisation, or check the repository's name",
        )
    if status is None:
        return InputError(
            f"the Hub cannot be reached: {said}", where=where, remedy="check the network and HF_ENDPOINT"
        )
    return InputError(
        f"the Hub refuses: {said}",
        where=where,
        remedy="try again later; what was done is not done twice" if status in _PASSING else "see the answer",
    )
