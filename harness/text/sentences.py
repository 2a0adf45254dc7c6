"""Where sentences end: a plain rule for scripts that mark it, with what it gets wrong said beside it."""

import re

# Marks that end a sentence where a blank follows, with what closes behind them; those of Chinese and Japanese need none.
_END = re.compile(r"(?:[.!?؟۔…।։።]+[\"'»”’)\]]*(?=\s)|[。！？]+[」』”’）]*)\s*")
_LAST_WORD = re.compile(r"(\w+)\.$")
_SHORTEST_BEFORE_STOP = 2  # letters; before a stop, a lone one is an initial or stands for a title (J., د.)


def sentences(text: str) -> list[str]:
    """Cut a text into sentences, in their order, without the blanks around them.

    A line ends a sentence. A full stop does not where one letter stands before it, or a small letter behind it.
    Abbreviations of two letters and more (Dr. Smith) are taken for ends; they would need a list for each language.
    """
    return [sentence for line in text.split("\n") for sentence in _of_line(line.strip())]


def _of_line(line: str) -> list[str]:
    found: list[str] = []
    start = 0
    for end in _END.finditer(line):
        if _is_end(line[start : end.end()].rstrip(), line[end.end() :]):
            found.append(line[start : end.end()].rstrip())
            start = end.end()
    rest = line[start:].strip()
    return [*found, rest] if rest else found


def _is_end(before: str, behind: str) -> bool:
    last = _LAST_WORD.search(before)
    is_initial = last is not None and len(last[1]) < _SHORTEST_BEFORE_STOP and not last[1].isdigit()
    return not is_initial and not behind[:1].islower()
