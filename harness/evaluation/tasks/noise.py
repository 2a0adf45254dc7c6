"""Noise on what a task asks, typed and drawn by seed: every item clean and with each noise, with the same reference."""

import functools
import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pyarrow as pa

from harness.core.errors import NoEvidenceError
from harness.core.fingerprints import canonical_json, fingerprint
from harness.evaluation.draws import Draws
from harness.evaluation.tasks.spelling import mistype
from harness.evaluation.tasks.task import NoiseName, Task
from harness.text.characters import ARABIC_LETTERS, presentation_letters

CLEAN = "clean"
MARK = "~"  # between an item's own id and its noise

_Spoil = Callable[[str, Draws, float], str]
_WORD = re.compile(r"\S+")
_TYPED = re.compile(r"\w{3,}")
_ARABIC_LETTER = re.compile(f"[{ARABIC_LETTERS}]")
# Letters that one body and other dots make: what a scanner confuses.
_DOTTED = ("بتثنئ", "جحخ", "دذ", "رز", "سش", "صض", "طظ", "عغ", "فق", "هة", "یى")
_VOWELS = ("\N{ARABIC FATHA}", "\N{ARABIC DAMMA}", "\N{ARABIC KASRA}", "\N{ARABIC SUKUN}")
_LATIN, _ARABIC = "0123456789", "٠١٢٣٤٥٦٧٨٩"
_CP1252 = {byte: sign for byte in range(256) if (sign := bytes([byte]).decode("cp1252", "ignore"))}
_OTHER_DIGITS = str.maketrans(_LATIN + _ARABIC, _ARABIC + _LATIN)


def with_noise(task: Task, noises: tuple[NoiseName, ...], *, share: float, seed: int) -> Task:
    """Ask each item as it is and once more with each noise that changes it.

    Args:
        task: Any; its candidates and examples stay clean.
        noises: What to do.
        share: Of words that are hit, in (0, 1]; of lines for mojibake, one at least; digits are all changed.
        seed: Of the draws.

    Raises:
        NoEvidenceError: No noise changes any item.
    """
    rows = []
    for row in task.items.to_pylist():
        rows.append({**row, "variant": CLEAN})
        for noise in noises:
            spoilt = spoil(row["input"], noise, Draws(seed, row["item_id"], noise), share)
            if spoilt != row["input"]:
                rows.append(
                    {**row, "item_id": f"{row['item_id']}{MARK}{noise}", "variant": noise, "input": spoilt}
                )
    if len(rows) == task.items.num_rows:
        raise NoEvidenceError(
            f"none of {', '.join(noises)} changes an item of the task '{task.subject.task}'",
            where=f"{task.subject.dataset}@{task.subject.version}",
            remedy="choose other noises in tasks.toml",
        )
    subject = task.subject.model_copy(
        update={
            "items": len(rows),
            "gold": f"{task.subject.gold}; the same for an item with noise",
            "task_fingerprint": fingerprint([task.subject.task_fingerprint, rows]),
        }
    )
    return replace(task, subject=subject, items=pa.Table.from_pylist(rows, schema=task.items.schema))


def spoil(text: str, noise: NoiseName, draws: Draws, share: float) -> str:
    """Put one noise into an input; of one that is JSON, into the texts inside it."""
    if text[:1] in {"[", "{"}:
        try:
            return canonical_json(_spoilt(json.loads(text), noise, draws, share))
        except (ValueError, RecursionError):
            pass  # a text that begins with a bracket
    return _SPOIL[noise](text, draws, share)


def _spoilt(value: Any, noise: NoiseName, draws: Draws, share: float) -> Any:
    if isinstance(value, str):
        return _SPOIL[noise](value, draws, share)
    if isinstance(value, list):
        return [_spoilt(one, noise, draws, share) for one in value]
    if isinstance(value, dict):
        return {key: _spoilt(one, noise, draws, share) for key, one in value.items()}
    return value


def _misread(text: str, draws: Draws, share: float) -> str:
    """Read UTF-8 as windows-1252, where it has no such byte as ISO-8859-1: a share of the lines, one at least."""
    lines = text.split("\n")
    hit = {row for row, line in enumerate(lines) if draws.chance(share) and not line.isascii()}
    odd = [row for row, line in enumerate(lines) if not line.isascii()]
    hit = hit or ({draws.pick(odd)} if odd else set())
    return "\n".join(_as_latin(line) if row in hit else line for row, line in enumerate(lines))


def _as_latin(line: str) -> str:
    encoded = line.encode("utf-8", "surrogatepass")
    return "".join(_CP1252.get(byte, chr(byte)) for byte in encoded)


def _in_words(change: Callable[[str, Draws], str], pattern: re.Pattern[str] = _WORD) -> _Spoil:
    def spoil_words(text: str, draws: Draws, share: float) -> str:
        return pattern.sub(
            lambda word: change(word.group(), draws) if draws.chance(share) else word.group(), text
        )

    return spoil_words


def _with_forms(word: str, _draws: Draws) -> str:
    return word.translate(_isolated_forms())


@functools.cache
def _isolated_forms() -> dict[int, str]:
    parts = ((form, unicodedata.decomposition(form).split()) for form in presentation_letters())
    return {int(told[1], 16): form for form, told in parts if len(told) == 2 and told[0] == "<isolated>"}


def _with_other_dots(word: str, draws: Draws) -> str:
    places = [place for place, letter in enumerate(word) if any(letter in group for group in _DOTTED)]
    if not places:
        return word
    place = draws.pick(places)
    group = next(group for group in _DOTTED if word[place] in group)
    return word[:place] + draws.pick([one for one in group if one != word[place]]) + word[place + 1 :]


def _with_vowels(word: str, draws: Draws) -> str:
    return _ARABIC_LETTER.sub(lambda letter: letter.group() + draws.pick(_VOWELS), word)


def _in_other_digits(text: str, _draws: Draws, _share: float) -> str:
    return text.translate(_OTHER_DIGITS)


_SPOIL: dict[NoiseName, _Spoil] = {
    "mojibake": _misread,
    "presentation-forms": _in_words(_with_forms),
    "ocr-dots": _in_words(_with_other_dots),
    "typing": _in_words(mistype, _TYPED),
    "diacritics": _in_words(_with_vowels),
    "digits": _in_other_digits,
}
