"""Detectors of encodings that ours is compared with: our own dependencies, and others where they are installed."""

import importlib
from collections.abc import Callable

# A detector gives the name of an encoding or None.
Detector = Callable[[bytes], str | None]


def detectors() -> tuple[dict[str, Detector], list[str]]:
    """Give the detectors that are installed by the name of their distribution, and name those that are not."""
    found: dict[str, Detector] = {}
    missing = []
    for name, opened in _OPENERS.items():
        try:
            found[name] = opened()
        except ImportError:
            missing.append(name)
    return found, missing


def _chardet() -> Detector:
    chardet = importlib.import_module("chardet")
    return lambda payload: chardet.detect(payload)["encoding"]


def _charset_normalizer() -> Detector:
    package = importlib.import_module("charset_normalizer")

    def detect(payload: bytes) -> str | None:
        best = package.from_bytes(payload).best()
        return None if best is None else str(best.encoding)

    return detect


def _cchardet() -> Detector:
    cchardet = importlib.import_module("cchardet")
    return lambda payload: cchardet.detect(payload)["encoding"]


def _chardetng() -> Detector:
    chardetng = importlib.import_module("chardetng_py")
    return lambda payload: str(chardetng.detect(payload, allow_utf8=True))


_OPENERS: dict[str, Callable[[], Detector]] = {
    "chardet": _chardet,
    "charset-normalizer": _charset_normalizer,
    "faust-cchardet": _cchardet,
    "chardetng-py": _chardetng,
}
