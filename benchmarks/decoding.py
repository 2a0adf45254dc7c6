"""Decoding of real text held out, in legacy, wide and damaged encodings: ours beside detectors, and wrong labels of pages.

    HARNESS_DATA=... python benchmarks/decoding.py [--write]

Other peers, which are no dependencies: `pip install --target build/peers faust-cchardet chardetng-py`, then
`PYTHONPATH=build/peers`. A peer that is not installed is named as missing.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from heldout import HOW_CHOSEN, arabic_sentences, documents
from page import publish, share, table, versions
from peers import detectors

from harness.text.decoding import NotTextError, decode

LENGTHS = (40, 100, 400, 1000)  # characters
OURS = "harness"
GOAL_ARABIC, GOAL_OTHERS, GOAL_PAGES = 0.995, 0.97, 0.95

Read = Callable[[bytes], str | None]


@dataclass(frozen=True)
class Case:
    """Some bytes and the text that they are, with U+FFFD for what damage took."""

    payload: bytes
    text: str


@dataclass(frozen=True)
class Row:
    """One line of the table: a language's texts in one encoding or with one damage."""

    name: str
    language: str
    make: Callable[[str], Case | None]


def main() -> None:
    """Measure and print; with `--write` into the page too."""
    publish("decoding", _lines())


def _lines() -> Iterator[str]:
    found, missing = detectors()
    readers: dict[str, Read] = {OURS: _ours} | {name: _by_name(detect) for name, detect in found.items()}
    yield f"{HOW_CHOSEN} {versions('chardet', *(name for name in found if name != 'chardet'))}."
    yield f"Not installed, so not measured: {', '.join(missing)}.\n" if missing else ""
    yield "Right is a case whose text is as written, character for character, but for what damage took.\n"
    for title, goal, rows in (
        ("Arabic script", GOAL_ARABIC, ARABIC_ROWS),
        ("Other scripts", GOAL_OTHERS, OTHER_ROWS),
    ):
        yield f"**{title}**, pieces of {', '.join(map(str, LENGTHS))} characters; goal ≥ {goal:g} and ≥ every other in each row\n"
        yield from _rows(rows, readers)
        yield ""
    yield f"**Web pages with a wrong label**; goal ≥ {GOAL_PAGES:g}. A browser obeys the label: 0.\n"
    yield from _pages(readers)


def _rows(rows: Sequence[Row], readers: dict[str, Read]) -> list[str]:
    lines = []
    worse = []
    totals = dict.fromkeys(readers, 0)
    of = 0
    by_length = {length: dict.fromkeys(readers, 0) for length in LENGTHS}
    of_length = dict.fromkeys(LENGTHS, 0)
    for row in rows:
        cases = [(length, case) for length, case in _cases(row)]
        right = dict.fromkeys(readers, 0)
        for length, case in cases:
            of_length[length] += 1
            for name, read in readers.items():
                is_right = _same(read(case.payload), case.text)
                right[name] += is_right
                by_length[length][name] += is_right
        lines.append([row.name, len(cases), *(share(right[name], len(cases)) for name in readers)])
        of += len(cases)
        totals = {name: totals[name] + right[name] for name in readers}
        if right[OURS] < max(right.values()):
            worse.append(row.name)
    lines.append(["**all**", of, *(f"**{share(totals[name], of)}**" for name in readers)])
    lines += [
        [
            f"all of {length} characters",
            of_length[length],
            *(share(right[name], of_length[length]) for name in readers),
        ]
        for length, right in by_length.items()
    ]
    return [
        *table(["", "cases", *readers], lines),
        "",
        f"Rows where another is better: {', '.join(worse) or 'none'}.",
    ]


def _cases(row: Row) -> Iterator[tuple[int, Case]]:
    texts = [" ".join(document.sentences) for document in documents(row.language)]
    if row.language == "arb":
        sentences = arabic_sentences()
        texts += [" ".join(sentences[start : start + 12]) for start in range(0, len(sentences), 60)]
    for number, text in enumerate(texts):
        for length in LENGTHS:
            # From another place for each length, so that the cases are different texts.
            start = (number * 37 + length) % max(len(text) - length, 1)
            case = row.make(text[start : start + length])
            if case is not None and not case.text.isascii():
                yield length, case


# What people wrote before there was Unicode: its signs are written by those that the encoding has.
_OLD_SIGNS = str.maketrans({"“": '"', "”": '"', "„": '"', "’": "'", "‘": "'", "–": "-", "—": "-", "…": "...", "ی": "ي", "\u200c": " ", "\u200f": "", "\u200e": "", "\xa0": " ", "€": "EUR"})  # fmt: skip
_MOST_LOST = 0.03  # of a piece's characters; one with more is not text of this encoding


def _legacy(encoding: str) -> Callable[[str], Case | None]:
    def make(text: str) -> Case | None:
        old = text.translate(_OLD_SIGNS)
        payload = old.encode(encoding, "ignore")
        kept = payload.decode(encoding)
        return Case(payload, kept) if len(kept) >= (1 - _MOST_LOST) * len(old) else None

    return make


def _wide(encoding: str, mark: str = "") -> Callable[[str], Case | None]:
    return lambda text: Case((mark + text).encode(encoding), text)


def _damaged(every: int) -> Callable[[str], Case | None]:
    """Overwrite a byte in about so many with one that UTF-8 does not know, at places that the text's hash gives."""

    def make(text: str) -> Case | None:
        payload = bytearray(text.encode())
        seed = hashlib.sha256(bytes(payload)).digest()
        for block in range(max(len(payload) // every, 1)):
            place = block * every + seed[block % 32] * every // 256
            if place < len(payload):
                payload[place] = 0xFF
        return Case(bytes(payload), bytes(payload).decode("utf-8", "replace"))

    return make


def _cut_off(text: str) -> Case | None:
    """Cut in the middle of the last character that has two bytes or more."""
    payload = text.encode()
    while payload and payload[-1] < 0x80:
        payload = payload[:-1]
    payload = payload[:-1]
    return Case(payload, payload.decode("utf-8", "ignore")) if payload else None


ARABIC_ROWS = (
    *(Row(f"windows-1256, {name}", language, _legacy("cp1256"))
      for name, language in (("Arabic", "arb"), ("Persian", "fas"), ("Urdu", "urd"))),
    Row("ISO-8859-6, Arabic", "arb", _legacy("iso8859-6")),
    Row("cp720, Arabic", "arb", _legacy("cp720")),
    *(Row(f"UTF-16 with mark, {language}", language, _wide("utf-16-le", "\ufeff")) for language in ("arb", "ckb-Arab")),
    *(Row(f"UTF-16-{order} without mark, {language}", language, _wide(f"utf-16-{order.lower()}"))
      for order in ("LE", "BE") for language in ("arb", "fas", "urd", "pus", "ckb-Arab", "uig", "snd-Arab")),
    *(Row(f"UTF-8, a byte in {every} damaged, {language}", language, _damaged(every))
      for every in (200, 50) for language in ("arb", "fas", "urd", "uig")),
    *(Row(f"UTF-8 cut off, {language}", language, _cut_off) for language in ("arb", "fas", "urd", "ckb-Arab")),
)  # fmt: skip
OTHER_ROWS = (
    *(Row(f"{encoding}, {name}", language, _legacy(encoding)) for name, language, encodings in (
        ("Russian", "rus", ("windows-1251", "koi8-r", "iso8859-5", "cp866", "mac-cyrillic")),
        ("Hebrew", "heb", ("windows-1255", "iso8859-8")),
        ("Turkish", "tur", ("windows-1254", "iso8859-9")),
        ("German", "deu", ("windows-1252", "iso8859-15", "cp850", "mac-roman")),
        ("French", "fra", ("windows-1252", "iso8859-15", "cp850", "mac-roman")),
        ("Spanish", "spa", ("windows-1252", "iso8859-1")),
        ("Chinese", "zho-CN", ("gb18030", "gbk")),
    ) for encoding in encodings),
    *(Row(f"UTF-16-LE without mark, {language}", language, _wide("utf-16-le")) for language in ("rus", "heb", "hin", "amh", "zho-CN")),
    *(Row(f"UTF-8, a byte in 50 damaged, {language}", language, _damaged(50)) for language in ("rus", "hin", "zho-CN", "tur", "fra")),
    *(Row(f"UTF-8, a byte in 200 damaged, {language}", language, _damaged(200)) for language in ("tur", "fra", "deu", "spa")),
)  # fmt: skip


def _ours(payload: bytes) -> str | None:
    try:
        return decode(payload).text
    except NotTextError:
        return None


def _by_name(detect: Callable[[bytes], str | None]) -> Read:
    def read(payload: bytes) -> str | None:
        name = detect(payload)
        try:
            return payload.decode(name, "replace") if name else None
        except LookupError:
            return None

    return read


def _same(read: str | None, written: str) -> bool:
    # How many U+FFFD stand for a damaged place is a decoder's own business.
    return read is not None and _plain(read) == _plain(written)


def _plain(text: str) -> str:
    return text.replace("\ufffd", "").removeprefix("\ufeff")


_PAGE = """<!DOCTYPE html><html><head><meta charset="{label}"><title>{title}</title>
<script>var site = {{"name": "daily", "menu": ["home", "news", "sport"]}}; window.dataLayer = [];</script>
<style>body {{ margin: 0 }} .menu li {{ float: left }}</style></head>
<body><div class="menu"><ul><li><a href="/">Home</a></li><li><a href="/rss">RSS</a></li></ul></div>
<article><h1>{title}</h1><p>{text}</p></article><footer>&copy; 2019 Daily News</footer></body></html>"""
# (language, the encoding that it is in, what the page says)
_WRONG_LABELS = (
    ("arb", "windows-1256", "utf-8"), ("arb", "windows-1256", "iso-8859-1"), ("arb", "utf-8", "windows-1256"),
    ("arb", "iso8859-6", "utf-8"), ("arb", "iso8859-6", "windows-1256"), ("fas", "windows-1256", "utf-8"),
    ("fas", "utf-8", "iso-8859-1"), ("urd", "windows-1256", "windows-1252"), ("urd", "utf-8", "windows-1256"),
    ("rus", "windows-1251", "utf-8"), ("rus", "koi8-r", "windows-1251"), ("heb", "windows-1255", "utf-8"),
    ("tur", "windows-1254", "utf-8"), ("fra", "windows-1252", "utf-8"), ("zho-CN", "gb18030", "utf-8"),
    ("hin", "utf-8", "iso-8859-1"),
)  # fmt: skip
_PAGE_CHARS = 1000


def _pages(readers: dict[str, Read]) -> list[str]:
    lines = []
    totals = dict.fromkeys(readers, 0)
    of = 0
    for language, encoding, label in _WRONG_LABELS:
        cases = list(_labelled(language, encoding, label))
        right = {
            name: sum(_same(_read_page(name, read, case.payload, label), case.text) for case in cases)
            for name, read in readers.items()
        }
        lines.append(
            [
                f"{language}: {encoding}, labelled {label}",
                len(cases),
                *(share(right[n], len(cases)) for n in readers),
            ]
        )
        of += len(cases)
        totals = {name: totals[name] + right[name] for name in readers}
    lines.append(["**all**", of, *(f"**{share(totals[name], of)}**" for name in readers)])
    return table(["page", "cases", *readers], lines)


def _labelled(language: str, encoding: str, label: str) -> Iterator[Case]:
    for document in documents(language):
        title, *body = (sentence.translate(_OLD_SIGNS) for sentence in document.sentences)
        page = _PAGE.format(label=label, title=title, text=" ".join(body)[:_PAGE_CHARS])
        payload = page.encode(encoding, "ignore")
        yield Case(payload, payload.decode(encoding))


def _read_page(name: str, read: Read, payload: bytes, label: str) -> str | None:
    if name != OURS:
        return read(payload)
    try:
        return decode(payload, declared=label, markup=True).text
    except NotTextError:
        return None


if __name__ == "__main__":
    main()
