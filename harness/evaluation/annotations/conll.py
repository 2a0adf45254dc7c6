"""CoNLL: one token a line with its tag, a blank line behind each sentence; BIO, IOB1 and IOBES, all read as BIO."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from harness.core.errors import HarnessError, InputError
from harness.evaluation.annotations.binding import NAMES, Anchor
from harness.evaluation.annotations.files import place_of, raise_first, read_lines

Scheme = Literal["bio", "iob1", "iobes"]
_OUTSIDE = "O"
_DOCUMENT_START = "-DOCSTART-"
# Before the first token of a sentence alone: a hash may be a token itself.
_COMMENT = re.compile(r"#\s*(?P<key>\w[\w. ]*?)\s*=\s*(?P<value>.*\S)|#\s*new(?P<new>doc|par)\b.*")
# What a comment calls a document. `newdoc id` is CoNLL-U's.
_NAMES_OF = {"newdoc id": "id", "doc_id": "id", "document_id": "id"} | {name: name for name in NAMES}
_PREFIXES: Mapping[Scheme, str] = {"bio": "BI", "iob1": "BI", "iobes": "BIES"}
_FORM = (
    "write one token a line: the token, a tab or blanks, and its tag last; a blank line behind each sentence"
)


@dataclass(frozen=True)
class Sentence:
    """One sentence as it was annotated.

    Args:
        number: From 1, in the order of the file.
        anchor: Which document it says that it is of.
        tokens: As given.
        tags: As many, as BIO.
    """

    number: int
    anchor: Anchor
    tokens: tuple[str, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True)
class _Row:
    line: int
    token: str
    tag: str
    columns: int


def read_conll(path: Path, scheme: Scheme) -> list[Sentence]:
    """Read a CoNLL file.

    The first column is the token, the last one its tag; columns are parted by tabs where a line has one, else by
    blanks. `-DOCSTART-` and the comment `# newdoc id = ID` begin a document (also `# id`, `# locator`,
    `# raw_sha256`); other comments are passed over.

    Args:
        path: The file.
        scheme: How its tags mark spans.

    Raises:
        NoEvidenceError: There is no such file.
        InputError: A line has no tag, or a tag cannot stand where it stands; mistakes come together.
    """
    errors: list[HarnessError] = []
    sentences: list[Sentence] = []
    for number, (names, rows) in enumerate(_sentences(path, errors), start=1):
        tags = _as_bio(rows, scheme, path, errors)
        tokens = tuple(row.token for row in rows)
        text = " ".join(tokens)
        anchor = Anchor(place_of(Path(path.name), rows[0].line), names, text)
        sentences.append(Sentence(number, anchor, tokens, tags))
    raise_first(errors, path)
    return sentences


def _sentences(path: Path, errors: list[HarnessError]) -> Iterator[tuple[Mapping[str, str], list[_Row]]]:
    """Give each sentence's rows with what names its document; broken lines go to `errors`."""
    names: dict[str, str] = {}
    rows: list[_Row] = []
    width = 0  # columns of the first row, which all others have to have
    begins = False  # whether the names are of a document of which no sentence was seen yet
    for line, text in enumerate([*read_lines(path), ""], start=1):
        comment = None if rows else _COMMENT.fullmatch(text.strip())
        if not text.strip():
            if rows:
                yield dict(names), rows
            rows, begins = [], begins and not rows
        elif comment:
            told = _NAMES_OF.get((comment["key"] or "").lower())
            if told or comment["new"] == "doc":
                names = names if begins else {}
                names |= {told: comment["value"]} if told else {}
                begins = True
        elif text.startswith(_DOCUMENT_START):
            names, begins = {}, True
        else:
            row = _row(line, text, path, errors)
            if row and row.columns != (width := width or row.columns):
                errors.append(_uneven(row, width, path))
            rows += [row] if row else []


def _row(line: int, text: str, path: Path, errors: list[HarnessError]) -> _Row | None:
    columns = text.strip("\t ").split("\t") if "\t" in text.strip("\t ") else text.split()
    if len(columns) < 2 or not columns[0].strip() or not columns[-1].strip():
        errors.append(
            InputError(f"this line has no tag: {text[:60]!r}", where=place_of(path, line), remedy=_FORM)
        )
        return None
    return _Row(line, columns[0].strip(), columns[-1].strip(), len(columns))


def _uneven(row: _Row, width: int, path: Path) -> InputError:
    return InputError(
        f"this line has {row.columns} columns, and those before it have {width}",
        where=place_of(path, row.line),
        remedy="give every line as many; where tokens hold blanks, part all columns by tabs",
    )


def _as_bio(rows: Sequence[_Row], scheme: Scheme, path: Path, errors: list[HarnessError]) -> tuple[str, ...]:
    """Write a sentence's tags as BIO; what cannot be goes to `errors`."""
    given = [row.tag for row in rows]
    befores, behinds = [None, *given[:-1]], [*given[1:], None]
    for row, before, behind in zip(rows, befores, behinds, strict=True):
        problem = _malformed(row.tag, scheme) or _misplaced(row.tag, before, behind, scheme)
        if problem:
            errors.append(InputError(problem[0], where=place_of(path, row.line), remedy=problem[1]))
    return tuple(_bio(tag, before, scheme) for tag, before in zip(given, befores, strict=True))


_Problem = tuple[str, str] | None


def _malformed(tag: str, scheme: Scheme) -> _Problem:
    if tag == _OUTSIDE or (tag[0] in _PREFIXES[scheme] and tag[1:2] == "-" and len(tag) > 2):
        return None
    forms = ", ".join(f"{prefix}-KIND" for prefix in _PREFIXES[scheme])
    remedy = f"write O, {forms}" + (
        "" if scheme == "iobes" else '; for E- and S- say scheme = "iobes" in tasks.toml'
    )
    return f"the tag {tag[:40]!r} is none of the scheme '{scheme}'", remedy


def _misplaced(tag: str, before: str | None, behind: str | None, scheme: Scheme) -> _Problem:
    """Tell what is wrong with a tag beside its neighbours; IOB1 lets an I begin a span."""
    if scheme == "iob1" or tag == _OUTSIDE:
        return None
    opened = before is not None and before[0] in "BI" and before[2:] == tag[2:]
    if tag[0] in "IE" and not opened:
        remedy = f"write B-{tag[2:]} where the span begins"
        iob1 = '; where the file means a span to begin with I, say scheme = "iob1"' if tag[0] == "I" else ""
        return f"{tag} continues no span: before it stands {before or 'nothing'}", remedy + iob1
    goes_on = behind is not None and behind[0] in "IE" and behind[2:] == tag[2:]
    if scheme == "iobes" and tag[0] in "BI" and not goes_on:
        ends = "S" if tag[0] == "B" else "E"
        return f"{tag} ends without E-{tag[2:]}", f"write {ends}-{tag[2:]} where the span ends"
    return None


def _bio(tag: str, before: str | None, scheme: Scheme) -> str:
    if tag == _OUTSIDE:
        return tag
    if scheme == "iob1":
        goes_on = tag[0] == "I" and before is not None and before != _OUTSIDE and before[2:] == tag[2:]
        return ("I" if goes_on else "B") + tag[1:]
    return {"S": "B", "E": "I"}.get(tag[0], tag[0]) + tag[1:]
