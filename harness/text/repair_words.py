"""What decoding repaired, in words: for each code of `harness.text.repairs` a sentence for people."""

from collections.abc import Callable

from harness.text.traced import Unreadable

_SHOWN = 3
_LINE_ENDS = {"crlf": "CR LF", "cr": "CR"}


def repair_in_words(code: str) -> str:
    """Say what a repair's code means; a code that is not known is given as it is."""
    name, _, rest = code.partition(":")
    say = _SAYINGS.get(name)
    return say(rest) if say else code


def _bom(encoding: str) -> str:
    return f"a byte-order mark of {encoding} stood before the text"


def _newlines(kind: str) -> str:
    return f"every line ended in {_LINE_ENDS.get(kind, kind)}; now in a line feed"


def _truncated(digits: str) -> str:
    return f"the last character was cut off; its bytes {_spaced(digits)} are left out"


def _damaged(rest: str) -> str:
    return _places(rest, "not readable in the encoding")


def _surrogates(rest: str) -> str:
    return _places(rest, "half of a surrogate pair")


def _bytes(written: str) -> str:
    if written.startswith("all="):
        return "the encoding can write this text in several ways; the original bytes are kept"
    lines = written.count(".") + 1
    return f"the encoding can write {_plural(lines, 'line')} in several ways; their original bytes are kept"


def _places(rest: str, what: str) -> str:
    number, _, listed = rest.partition(":")
    lost = [Unreadable.parse(one) for one in listed.split(".") if "=" in one]
    shown = ", ".join(f"{_spaced(one.payload.hex())} at byte {one.offset}" for one in lost[:_SHOWN])
    more = f" and {len(lost) - _SHOWN} more" if len(lost) > _SHOWN else ""
    return f"{_plural(int(number), 'place')} {what}, each now U+FFFD: {shown}{more}"


def _spaced(digits: str) -> str:
    return bytes.fromhex(digits).hex(" ").upper()


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


_SAYINGS: dict[str, Callable[[str], str]] = {
    "bom": _bom,
    "newlines": _newlines,
    "utf8-truncated-tail": _truncated,
    "utf8-damaged": _damaged,
    "damaged": _damaged,
    "surrogates": _surrogates,
    "bytes": _bytes,
}
