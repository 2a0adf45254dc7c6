"""Measure extraction on the gold pages: words, facts and pages a second, ours beside the plain libraries.

Run as `python benchmarks/extraction.py`. It prints tables in Markdown; `--half build` leaves out the pages that
were held back, and is what to use while working on extraction. `--write` puts them into docs/extraction.md.
"""

import argparse
import re
import sys
import time
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa

from harness.curation.dates import parse_published
from harness.sources.html import ExtractedPage, extract
from harness.text.decoding import decode_batch

PAGES = Path(__file__).resolve().parents[1] / "tests" / "fixtures" / "pages"
DOCS = Path(__file__).resolve().parents[1] / "docs" / "extraction.md"
_BEGIN, _END = "<!-- figures -->", "<!-- end of figures -->"
HALVES = ("build", "held-out")
FACTS = ("title", "published", "author", "section")
_WORD = re.compile(r"\w+")
_TIMED_ROUNDS = 3


@dataclass(frozen=True)
class GoldPage:
    """A decoded page and what is true of its article; a fact that the page does not state is None."""

    name: str
    half: str
    page: str
    paragraphs: tuple[str, ...]
    facts: dict[str, str | None]


@dataclass(frozen=True)
class WordScore:
    """Words of one page: found and true, found, true."""

    common: int
    found: int
    gold: int

    @property
    def precision(self) -> float:
        """Share of the words found that are the article's; 0 where none was found."""
        return self.common / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Share of the article's words that were found."""
        return self.common / self.gold

    @property
    def f1(self) -> float:
        """Harmonic mean of the two; 0 where nothing is common."""
        return 2 * self.common / (self.found + self.gold)


Extraction = Callable[[str], ExtractedPage]


def read_gold(half: str) -> list[GoldPage]:
    """Read one half of the gold pages, decoded as a build decodes them, in order of their names."""
    folders = sorted(path.parent for path in (PAGES / half).glob("*/gold.toml"))
    payload = pa.array([(folder / "page.html").read_bytes() for folder in folders], pa.large_binary())
    nothing = pa.nulls(len(folders), pa.string())
    decoded = decode_batch(
        payload, encoding=nothing, declared=nothing, markup=pa.array([True] * len(folders), pa.bool_())
    )
    return [
        _gold_page(folder, page) for folder, page in zip(folders, decoded["text"].to_pylist(), strict=True)
    ]


def _gold_page(folder: Path, page: str) -> GoldPage:
    gold = tomllib.loads((folder / "gold.toml").read_text(encoding="utf-8"))
    facts = {name: gold.get(name) for name in FACTS}
    return GoldPage(folder.name, folder.parent.name, page, tuple(gold["paragraphs"]), facts)


def words(text: str) -> Counter[str]:
    """Count words: runs of letters, marks of them, digits and underscores, in NFC, without invisible marks."""
    visible = "".join(
        char for char in unicodedata.normalize("NFC", text) if unicodedata.category(char) != "Cf"
    )
    return Counter(_WORD.findall(visible.casefold()))


def score_words(gold: GoldPage, text: str) -> WordScore:
    """Compare the bags of words: order does not count, repetition does.

    The title is no part of the gold text; where the text begins with it, it is taken off for all alike.
    """
    title = gold.facts["title"] or ""
    found = words(text.lstrip().removeprefix(title))
    true = words("\n".join(gold.paragraphs))
    return WordScore((found & true).total(), found.total(), true.total())


def right_facts(gold: GoldPage, found: ExtractedPage) -> dict[str, bool]:
    """Tell for each fact whether it is as the page states it; None is right where the page states none.

    Blanks and invisible marks do not count. Of dates the day counts, as it stands there.
    """
    told = {name: _plain(getattr(found, name)) for name in FACTS}
    told["published"] = _day(told["published"])
    return {name: told[name] == _plain(gold.facts[name]) for name in FACTS}


def _plain(text: str | None) -> str | None:
    if text is None:
        return None
    visible = "".join(char for char in text if unicodedata.category(char) != "Cf")
    return " ".join(visible.split()) or None


def _day(published: str | None) -> str | None:
    """Give the local day of a date that a build can read."""
    without_zone = re.sub(r"(?<=:\d\d)(?:Z|[+-]\d\d:?\d\d)$", "", published or "")
    instant = parse_published(pa.array([without_zone], pa.string()))[0].as_py()
    return instant.date().isoformat() if instant else None


def plain_trafilatura(page: str) -> ExtractedPage:
    """Extract by trafilatura alone, in its fast mode, with its own metadata."""
    import trafilatura  # noqa: PLC0415 - only this peer needs it

    found: Any = trafilatura.bare_extraction(page, fast=True, include_comments=False, with_metadata=True)
    if found is None:
        return ExtractedPage("")
    section = ", ".join(found.categories or []) or None
    return ExtractedPage(found.text or "", found.title, found.date, found.author, section)


def plain_resiliparse(page: str) -> ExtractedPage:
    """Extract by resiliparse alone; it reads no metadata."""
    from resiliparse.extract.html2text import extract_plain_text  # noqa: PLC0415 - only this peer needs it

    return ExtractedPage(extract_plain_text(page, main_content=True, alt_texts=False, list_bullets=False))


def ours(extractor: str) -> Extraction:
    """Extract as a build does."""
    return lambda page: extract(page, extractor)


CONTENDERS: dict[str, Extraction] = {
    "harness, trafilatura": ours("trafilatura"),
    "harness, resiliparse": ours("resiliparse"),
    "trafilatura alone": plain_trafilatura,
    "resiliparse alone": plain_resiliparse,
}


def pages_per_second(extraction: Extraction, pages: Sequence[GoldPage]) -> float:
    """Time the best of some rounds over the pages, after one that warms up; CPU seconds of one core."""
    for gold in pages:
        extraction(gold.page)
    rounds = []
    for _ in range(_TIMED_ROUNDS):
        started = time.process_time()
        for gold in pages:
            extraction(gold.page)
        rounds.append(time.process_time() - started)
    return len(pages) / min(rounds)


def report(halves: Sequence[str]) -> Iterator[str]:
    """Write the tables, line by line."""
    yield (
        f"trafilatura {version('trafilatura')}, resiliparse {version('resiliparse')}, lxml {version('lxml')}, "
        f"Python {sys.version_info.major}.{sys.version_info.minor}."
    )
    for half in halves:
        gold = read_gold(half)
        yield f"\n### {half}: {len(gold)} pages\n"
        yield from _table(gold)
    if "build" in halves:
        yield from _single_pages()


def _table(pages: Sequence[GoldPage]) -> Iterator[str]:
    yield "| | precision | recall | F1 | least F1 | title | date | author | section | pages/s |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for name, extraction in CONTENDERS.items():
        found = [extraction(gold.page) for gold in pages]
        scores = [score_words(gold, one.text) for gold, one in zip(pages, found, strict=True)]
        right = [right_facts(gold, one) for gold, one in zip(pages, found, strict=True)]
        means = [_mean([getattr(score, kind) for score in scores]) for kind in ("precision", "recall", "f1")]
        facts = [f"{sum(one[fact] for one in right)}/{len(pages)}" for fact in FACTS]
        if name == "resiliparse alone":
            facts = ["–"] * len(FACTS)
        cells = [f"{value:.3f}" for value in [*means, min(score.f1 for score in scores)]]
        yield f"| {name} | {' | '.join([*cells, *facts])} | {pages_per_second(extraction, pages):.0f} |"


def _single_pages() -> Iterator[str]:
    """List the pages on which the default is not perfect; only of the half that may be looked at."""
    yield "\n### build: pages where words are missed or added, harness with trafilatura\n"
    yield "| page | missed | added |\n|---|---|---|"
    for gold in read_gold("build"):
        score = score_words(gold, extract(gold.page).text)
        missed, added = score.gold - score.common, score.found - score.common
        if missed or added:
            yield f"| {gold.name} | {missed} | {added} |"


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def main() -> int:
    """Print the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=HALVES, action="append", help="only this half; may be repeated")
    parser.add_argument(
        "--write", action="store_true", help="put both halves' figures into docs/extraction.md"
    )
    chosen = parser.parse_args()
    lines = []
    for line in report(HALVES if chosen.write else chosen.half or HALVES):
        print(line)
        lines.append(line)
    if chosen.write:
        before, rest = DOCS.read_text(encoding="utf-8").split(_BEGIN)
        _, after = rest.split(_END)
        figures = "\n".join(lines)
        DOCS.write_text(f"{before}{_BEGIN}\n{figures}\n{_END}{after}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
