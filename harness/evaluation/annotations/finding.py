"""Finding in which documents texts stand, blanks and spelling aside: many texts in one pass over the corpus."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from harness.text.levels import normalised

# Published texts were repaired and cleaned since somebody annotated them: presentation forms, tatweel and invisible
# marks may be gone, and lines joined. The price: texts that differ in vowel signs alone are one.
_LEVEL = "ar-light"
# Of what a text begins with, blanks left out: positions that share it are looked at. Shorter texts are found as whole
# lines alone; they stand in too many places to say which document is meant.
_WINDOW = 12
_SEPARATOR = "\0"
_BASE = np.uint64(0x9E3779B97F4A7C15)  # odd, so that multiplying by it loses nothing

_Hashes = npt.NDArray[np.uint64]


def find_texts(texts: Sequence[str], documents: Sequence[str]) -> list[tuple[int, ...]]:
    """Find the documents that each text stands in.

    Args:
        texts: What to look for; a blank one is nowhere.
        documents: Texts of documents.

    Returns:
        For each text the documents' positions, ascending.
    """
    wanted = [_packed(text) for text in normalised(list(texts), _LEVEL)]
    folded = normalised(list(documents), _LEVEL)
    found = _whole_lines(set(wanted), folded)
    for text, places in _inside({text for text in wanted if len(text) >= _WINDOW}, folded).items():
        found.setdefault(text, set()).update(places)
    return [tuple(sorted(found.get(text, ()))) if text else () for text in wanted]


def _packed(text: str) -> str:
    return "".join(text.replace(_SEPARATOR, " ").split())


def _whole_lines(wanted: set[str], documents: Sequence[str]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for place, text in enumerate(documents):
        for line in map(_packed, text.split("\n")):
            if line in wanted:
                found.setdefault(line, set()).add(place)
    return found


def _inside(wanted: set[str], documents: Sequence[str]) -> dict[str, set[int]]:
    """Find texts of a window's length and more: by the hash of their beginning, then letter by letter."""
    if not wanted:
        return {}
    packed = [_packed(text) + _SEPARATOR for text in documents]
    corpus = "".join(packed)
    ends = np.cumsum([len(text) for text in packed])
    by_hash: dict[int, list[str]] = {}
    for text in sorted(wanted):
        by_hash.setdefault(int(_window_hashes(text[:_WINDOW])[0]), []).append(text)
    hashes = _window_hashes(corpus)
    places = np.flatnonzero(np.isin(hashes, np.array(list(by_hash), np.uint64)))
    found: dict[str, set[int]] = {}
    for place, hashed in zip(places.tolist(), hashes[places].tolist(), strict=True):
        for text in by_hash[hashed]:
            if corpus.startswith(text, place):
                found.setdefault(text, set()).add(int(np.searchsorted(ends, place, side="right")))
    return found


def _window_hashes(text: str) -> _Hashes:
    """Hash every run of `_WINDOW` characters, shape (runs,); none where the text is shorter."""
    letters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint64)
    runs = max(len(letters) - _WINDOW + 1, 0)
    hashes = np.zeros(runs, np.uint64)
    for place in range(_WINDOW):
        hashes = hashes * _BASE + letters[place : place + runs]
    return hashes
