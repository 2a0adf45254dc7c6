"""One HTTP request with a JSON body: what came back, or that nothing came; no redirects, and an end to waiting."""

import email.utils
import http.client
import ipaddress
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

_BLOCK_BYTES = 1 << 16
# Of an answer with the probabilities of all of its tokens; no model writes more.
_BODY_BYTES = 16 << 20


@dataclass(frozen=True)
class Endpoint:
    """Where requests go.

    Args:
        url: The address.
        key: Sent as a bearer token; "" for none. It is shown nowhere.
        timeout_s: For all of an exchange.
    """

    url: str
    key: str
    timeout_s: float

    def __repr__(self) -> str:
        return f"Endpoint({self.url!r})"


@dataclass(frozen=True)
class Reply:
    """What a server said.

    Args:
        status: The HTTP status.
        body: What came of the body; cut where the connection broke off or the body was endless.
        is_whole: Whether all of it came.
        retry_after_s: How long the server asks to be left alone; None where it says nothing.
    """

    status: int
    body: bytes
    is_whole: bool = True
    retry_after_s: float | None = None


class UnreachableError(Exception):
    """No server answered there."""


def post(endpoint: Endpoint, body: bytes) -> Reply:
    """Send a JSON body.

    Raises:
        UnreachableError: Nobody answers at the address, or the connection broke before a status came.
        TimeoutError: The exchange took longer than it may.
    """
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if endpoint.key:
        headers["Authorization"] = f"Bearer {endpoint.key}"
    request = urllib.request.Request(endpoint.url, data=body, headers=headers)  # noqa: S310 - scheme checked
    end = time.monotonic() + endpoint.timeout_s
    try:
        with _opener(endpoint.url).open(request, timeout=endpoint.timeout_s) as response:
            return _reply(response.status, response.headers, response, end)
    except urllib.error.HTTPError as error:
        with error:
            return _reply(error.code, error.headers, error, end)
    except urllib.error.URLError as error:
        if isinstance(error.reason, TimeoutError):
            raise error.reason from error
        raise UnreachableError(str(error.reason)) from error
    except TimeoutError:
        raise
    except (http.client.HTTPException, OSError) as error:
        raise UnreachableError(str(error) or type(error).__name__) from error


def is_local(url: str) -> bool:
    """Tell whether an address is of this machine, so that what is sent to it crosses no network."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Hands redirects to the caller: followed, they would take the key to another server."""

    def redirect_request(self, *_arguments: Any, **_options: Any) -> None:
        """Follow nothing."""


def _opener(url: str) -> urllib.request.OpenerDirector:
    own = [urllib.request.ProxyHandler({})] if is_local(url) else []
    return urllib.request.build_opener(_NoRedirects(), *own)


def _reply(status: int, headers: Any, stream: Any, end: float) -> Reply:
    body, is_whole = bytearray(), True
    try:
        while block := stream.read1(_BLOCK_BYTES):
            body += block
            _require_time(end)
            if len(body) > _BODY_BYTES:
                is_whole = False
                break
    except TimeoutError:
        raise
    except (http.client.HTTPException, OSError):
        is_whole = False
    told = headers.get("Content-Length")
    if told is not None and told.isdigit() and len(body) < int(told):
        is_whole = False
    return Reply(status, bytes(body), is_whole, _retry_after_s(headers.get("Retry-After")))


def _require_time(end: float) -> None:
    """Refuse a server that gives a byte now and then: each read is in time, and all of them are not."""
    if time.monotonic() > end:
        raise TimeoutError


def _retry_after_s(value: str | None) -> float | None:
    """Read seconds, or a date."""
    if value is None:
        return None
    if value.strip().isascii() and value.strip().isdigit():
        return float(value.strip())
    try:
        until = email.utils.parsedate_to_datetime(value).timestamp()
    except (ValueError, OverflowError):
        return None
    return max(0.0, until - time.time())
