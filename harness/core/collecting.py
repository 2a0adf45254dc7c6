"""How often Python looks for objects that only hold each other."""

import contextlib
import gc
from collections.abc import Iterator

# New objects after which the youngest are looked through; Python's own 700 are reached twice for every document.
_OBJECTS = 50_000


@contextlib.contextmanager
def rarely_collecting() -> Iterator[None]:
    """Let Python look seldom while much is made that holds nothing in a circle, such as edits of texts.

    Each look goes through all that was made since, and now and then through every object of the process: a thirtieth
    of the time of a build (perf, 50,000 articles). What holds nothing in a circle is freed at once all the same.
    """
    before = gc.get_threshold()
    gc.set_threshold(_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
