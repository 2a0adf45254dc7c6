"""Tellings as files: text files, pages, a feed and an archive, each with its metadata, and the truth about them."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC
from email.utils import format_datetime
from typing import Any

from dice import Dice
from spoiling import cut_inside_a_character, with_bytes_destroyed
from telling import Place, Telling
from webpages import TEMPLATES, address_of, page_of

# Encodings in turn, for each place.
_UTF8 = "utf-8"
_TURNS: dict[Place, tuple[str, ...]] = {
    "wire": (_UTF8, "utf-8-bom", _UTF8, "utf-8-crlf", _UTF8),
    "legacy": (
        "windows-1256", "utf-16-le-bom", "windows-1256", "utf-16-be-bom", "windows-1256", "utf-16-le",
        "windows-1256", "utf-16-be",
    ),
    "desk": (_UTF8, _UTF8, "windows-1256"),
    "batch": (_UTF8, _UTF8, "utf-8-bom", "windows-1256"),
    "scrape": (_UTF8,),
}  # fmt: skip
# What a page is written in, and what it says it is.
_PAGE_TURNS: tuple[tuple[str, str | None], ...] = (
    (_UTF8, "utf-8"), ("windows-1256", "windows-1256"), (_UTF8, None), ("windows-1256", "utf-8"),
    (_UTF8, "UTF-8"), (_UTF8, "windows-1256"), ("windows-1256", None),
)  # fmt: skip
_MARKS = {_UTF8: b"\xef\xbb\xbf", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
_HEADLINE_IN_TEXT = ("wire", "legacy", "batch")


@dataclass(frozen=True)
class Raw:
    """One raw record: where it lies, its bytes, its metadata (None where it has none) and the truth about it."""

    locator: str
    payload: bytes
    metadata: dict[str, Any] | None
    truth: dict[str, Any]


def raw_files(tellings: list[Telling]) -> tuple[dict[str, bytes], list[dict[str, Any]]]:
    """Put the tellings into files.

    Returns:
        Contents by path below the raw folder, and the rows of the truth in the order of sources.
    """
    headlines = [
        telling.article.title for telling in tellings if telling.kind == "original" and telling.lang == "ar"
    ]
    by_place: dict[Place, list[Telling]] = {}
    for telling in tellings:
        by_place.setdefault(telling.place, []).append(telling)
    files: dict[str, bytes] = {}
    truth: list[dict[str, Any]] = []
    for place, write in _WRITERS.items():
        raws = list(write(by_place.get(place, []), headlines))
        files |= _PACKERS.get(place, _as_files)(place, raws)
        truth += [{"source": place, "locator": raw.locator, **raw.truth} for raw in raws]
    return files, truth


def text_files(tellings: list[Telling], place: Place) -> Iterator[Raw]:
    """Write tellings as text files; what has no letters to write in its turn's encoding goes on to UTF-16."""
    turns = _TURNS[place]
    for number, telling in enumerate(tellings, 1):
        wanted = telling.encoding or turns[(number - 1) % len(turns)]
        text = f"{telling.title}\n\n{telling.body}\n" if place in _HEADLINE_IN_TEXT else telling.body
        encoding, payload, marks = _encoded(text, wanted)
        if telling.kind == "damaged":
            payload = with_bytes_destroyed(payload, Dice(f"damage/{telling.article.id}"))
        elif telling.kind == "truncated":
            payload = cut_inside_a_character(payload)
        yield Raw(
            _NAMES[place](telling, number),
            payload,
            _metadata(telling, number),
            truth_of(telling, encoding, marks),
        )


def truth_of(telling: Telling, encoding: str | None, more: tuple[str, ...] = ()) -> dict[str, Any]:
    """Say what a record is; columns in the order of the table."""
    return {
        "article": telling.article.id,
        "kind": telling.kind,
        "group": telling.group,
        "related_to": telling.related_to,
        "defects": [*telling.defects, *more],
        "encoding": encoding,
        "lang": telling.lang,
        "lang_declared": telling.lang_declared,
        "expected": telling.expected,
    }


def json_lines(rows: list[dict[str, Any]]) -> bytes:
    """Write one JSON object a line."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def _encoded(text: str, wanted: str) -> tuple[str, bytes, tuple[str, ...]]:
    encoding = wanted.removesuffix("-bom").removesuffix("-crlf")
    if wanted.endswith("-crlf"):
        text = text.replace("\n", "\r\n")
    try:
        payload = text.encode(encoding)
    except UnicodeEncodeError:
        return _encoded(text, "utf-16-le-bom")
    marks = (*(("bom",) if wanted.endswith("-bom") else ()), *(("crlf",) if wanted.endswith("-crlf") else ()))
    if payload.isascii() and encoding == "windows-1256":
        encoding = _UTF8  # plain ASCII is both
    return encoding, _MARKS[encoding] + payload if "bom" in marks else payload, marks


def _metadata(telling: Telling, number: int) -> dict[str, Any]:
    row = {
        "id": f"{telling.place}-{number:05d}"
        if telling.place in ("wire", "batch", "scrape") and number % 3
        else None,
        "title": telling.title if telling.place not in _HEADLINE_IN_TEXT else None,
        "published": telling.published.isoformat() if telling.published else None,
        "section": telling.article.section,
        "source": telling.article.source,
        "author": telling.article.author,
        "lang_declared": telling.lang_declared,
    }
    return {key: value for key, value in row.items() if value is not None}


def _wire(tellings: list[Telling], headlines: list[str]) -> Iterator[Raw]:
    del headlines
    yield from text_files(tellings, "wire")


def _legacy(tellings: list[Telling], headlines: list[str]) -> Iterator[Raw]:
    del headlines
    yield from text_files(tellings, "legacy")


def _desk(tellings: list[Telling], headlines: list[str]) -> Iterator[Raw]:
    """Give texts without headlines, and what happened to lie in the same folder."""
    del headlines
    yield from text_files(tellings, "desk")
    yield Raw("notes/d-empty.txt", b"", {"lang_declared": "ar"}, _no_text("empty", "ar"))
    noise = b"".join(hashlib.sha256(f"pixel {row}".encode()).digest() for row in range(40))
    picture = (
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00\x00\x00\x01\x00\x08\x02\x00\x00\x00" + noise
    )
    yield Raw("notes/d-picture.txt", picture, None, _no_text("binary", None))


def _web(tellings: list[Telling], headlines: list[str]) -> Iterator[Raw]:
    for number, telling in enumerate(tellings, 4101):
        template = TEMPLATES[number % len(TEMPLATES)]
        encoding, charset = _PAGE_TURNS[number % len(_PAGE_TURNS)]
        others = [one for one in headlines if one != telling.article.title]
        page = page_of(telling, template, number, charset, Dice(f"headlines/{number}").some(others, 5))
        domain = address_of(telling, number).split("/")[2]
        declared = (f"charset:{charset}",) if charset and charset.lower() != encoding else ()
        yield Raw(
            f"{domain}/{number}.html",
            page.encode(encoding, "xmlcharrefreplace"),
            None,
            truth_of(telling, encoding, (f"page:{template}", *declared)),
        )


def _feed(tellings: list[Telling], headlines: list[str]) -> Iterator[Raw]:
    del headlines
    broken_at = len(tellings) // 2
    for number, telling in enumerate(tellings):
        line = number + 1 + (number >= broken_at)
        if number == broken_at:
            payload = b'{"id": "feed-broken", "title": "\xd8\xae\xd8\xa8\xd8\xb1 \xd9\x85\xd8\xa8\xd8\xaa\xd9\x88\xd8\xb1", "text": "'
            yield Raw(f"feed.jsonl#L{line - 1}", payload, None, _no_text("broken-json", None))
        yield Raw(
            f"feed.jsonl#L{line}",
            json.dumps(_feed_row(telling, number), ensure_ascii=number % 5 == 4).encode(),
            None,
            truth_of(telling, _UTF8),
        )


def _feed_row(telling: Telling, number: int) -> dict[str, Any]:
    row = {
        # One id is given twice, as feeds do.
        "id": f"feed-{7000 + (number - 1 if number == 9 else number)}",
        "title": telling.title,
        "text": telling.body,
        "published": _feed_date(telling, number),
        "url": address_of(telling, 7000 + number),
        "source": telling.article.source,
        "section": telling.article.section,
        "author": telling.article.author,
        "lang": telling.lang_declared,
    }
    return {key: value for key, value in row.items() if value is not None}


def _feed_date(telling: Telling, number: int) -> str | None:
    """Write the date in one of the ways of feeds; copies have it sometimes without a zone, sometimes not at all."""
    assert telling.published is not None, "planned with a date"
    formats: list[Callable[[], str | None]] = [
        telling.published.isoformat,
        lambda: format_datetime(telling.published),
        lambda: telling.published.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    ]
    if telling.expected == "duplicate":
        formats += [
            lambda: telling.published.strftime("%Y-%m-%d %H:%M:%S"),
            lambda: telling.published.strftime("%Y-%m-%d"),
            lambda: None,
        ]
    return formats[number % len(formats)]()


def _batch(tellings: list[Telling], headlines: list[str]) -> Iterator[Raw]:
    del headlines
    for raw in text_files(tellings, "batch"):
        yield replace(raw, locator=f"batch.zip!{raw.locator}")


def _no_text(kind: str, lang_declared: str | None) -> dict[str, Any]:
    return {
        "article": None, "kind": kind, "group": None, "related_to": None, "defects": [], "encoding": None,
        "lang": None, "lang_declared": lang_declared, "expected": "error",
    }  # fmt: skip


def _as_files(place: str, raws: list[Raw]) -> dict[str, bytes]:
    files = {f"{place}/{raw.locator}": raw.payload for raw in raws}
    return files | sidecar(place, raws)


def sidecar(place: str, raws: list[Raw]) -> dict[str, bytes]:
    """Write the metadata of records beside them; no file where none has any."""
    rows = [{"file": raw.locator, **raw.metadata} for raw in raws if raw.metadata is not None]
    return {f"{place}/metadata.jsonl": json_lines(rows)} if rows else {}


def _as_feed(place: str, raws: list[Raw]) -> dict[str, bytes]:
    return {f"{place}/feed.jsonl": b"".join(raw.payload + b"\n" for raw in raws)}


def _as_archive(place: str, raws: list[Raw]) -> dict[str, bytes]:
    """Pack without compression and with one date, so that every machine writes the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for raw in raws:
            member = zipfile.ZipInfo(raw.locator.partition("!")[2], date_time=(1980, 1, 1, 0, 0, 0))
            member.create_system = 3
            member.external_attr = 0o644 << 16
            archive.writestr(member, raw.payload)
    return {f"{place}/batch.zip": packed.getvalue(), **sidecar(place, raws)}


_NAMES: dict[Place, Callable[[Telling, int], str]] = {
    "wire": lambda telling, number: f"{telling.published:%Y-%m}/w-{number:04d}.txt",
    "legacy": lambda _, number: f"archive/l-{number:04d}.txt",
    "desk": lambda telling, number: f"{telling.article.section}/d-{number:04d}.txt",
    "batch": lambda _, number: f"b-{number:04d}.txt",
    "scrape": lambda _, number: f"s-{number:04d}.txt",
}
_WRITERS: dict[Place, Callable[[list[Telling], list[str]], Iterator[Raw]]] = {
    "wire": _wire, "desk": _desk, "legacy": _legacy, "web": _web, "feed": _feed, "batch": _batch,
}  # fmt: skip
_PACKERS: dict[Place, Callable[[str, list[Raw]], dict[str, bytes]]] = {"feed": _as_feed, "batch": _as_archive}
