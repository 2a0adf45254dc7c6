"""Which way a text runs, told from the letters that it mostly consists of."""

import unicodedata
from typing import Literal

Direction = Literal["ltr", "rtl"]
_RIGHT_TO_LEFT = frozenset({"R", "AL"})


def direction_of(text: str) -> Direction:
    """Tell the base direction by majority: most letters of a right-to-left script give `rtl`.

    The first strong letter, which HTML's `dir=auto` goes by, is wrong for an Arabic line that opens with
    a Latin name. Text without letters, and a tie, run from left to right.
    """
    classes = [unicodedata.bidirectional(character) for character in text]
    right = sum(kind in _RIGHT_TO_LEFT for kind in classes)
    return "rtl" if right > classes.count("L") else "ltr"
