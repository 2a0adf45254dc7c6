"""Write tests/fixtures/pages: articles of the demo corpus laid into pages of invented sites, with their gold.

Run as `python tests/generators/gold_pages/generate.py`. A design says by `own(...)` and its like which words are the
article's, so that gold and page cannot drift apart.
"""

import sys
import tomllib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import tomli_w
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

HERE = Path(__file__).resolve().parent
ARTICLES = HERE.parent / "demo_news" / "articles"
PAGES = HERE.parents[1] / "fixtures" / "pages"
HALVES = ("build", "held-out")


@dataclass
class _Ink:
    """What a design writes with; remembers what it wrote as the article's own."""

    paragraphs: list[str] = field(default_factory=list)

    def own(self, text: str) -> Markup:
        """Write a paragraph, heading, item or row of the article."""
        self.paragraphs.append(text)
        return escape(text)

    def linked(self, text: str) -> Markup:
        """Write a paragraph whose fourth and fifth words are a link and whose last is bold."""
        self.paragraphs.append(text)
        words = text.split(" ")
        head, link, middle, last = words[:3], words[3:5], words[5:-1], words[-1]
        return Markup('{} <a href="/tag/7">{}</a> {} <strong>{}</strong>').format(
            *(" ".join(part) for part in (head, link, middle)), last
        )

    def spaced(self, text: str, mark: str = "&nbsp;") -> Markup:
        """Write a paragraph with `mark` for every third blank."""
        self.paragraphs.append(text)
        words = [str(escape(word)) for word in text.split(" ")]
        return Markup(  # noqa: S704 - escaped word by word, `mark` is the design's
            "".join(word + (mark if place % 3 == 2 else " ") for place, word in enumerate(words)).strip()
        )

    def lines(self, text: str, cut: int = 2) -> Markup:
        """Write a paragraph broken by `<br>` after every `cut` sentences."""
        self.paragraphs.append(text)
        sentences = text.replace(". ", ".\n").split("\n")
        groups = [" ".join(sentences[at : at + cut]) for at in range(0, len(sentences), cut)]
        return Markup("<br>\n").join(escape(group) for group in groups)


@dataclass(frozen=True)
class GoldPage:
    """A page as bytes, and the gold of its article as TOML."""

    half: str
    name: str
    page: bytes
    gold: str


def gold_pages() -> list[GoldPage]:
    """Lay out every page that the plan names, in its order."""
    plan = _read(HERE / "plan.toml")
    return [
        _page_of(half, design, number, plan)
        for half in HALVES
        for design in plan[half]
        for number in range(len(design["articles"]))
    ]


def _page_of(half: str, design: dict[str, Any], number: int, plan: dict[str, Any]) -> GoldPage:
    article = _read(ARTICLES / f"ar-{design['articles'][number]:03d}.toml")
    published = datetime.fromisoformat(article["published"])
    section = plan["sections"][article["section"]]
    author = article.get("author", design.get("nobody"))
    ink = _Ink()
    environment = Environment(
        loader=FileSystemLoader(HERE / "designs"), autoescape=True, undefined=StrictUndefined
    )
    environment.globals |= {"own": ink.own, "linked": ink.linked, "spaced": ink.spaced, "lines": ink.lines}
    text = environment.get_template(f"{half}/{design['design']}.html").render(
        title=article["title"],
        paragraphs=article["body"].strip("\n").split("\n\n"),
        author=author,
        section=section,
        published=published,
        month=plan["months"][published.month - 1],
        weekday=plan["weekdays"][published.weekday()],
        sections=list(plan["sections"].values()),
        others=_others(design["articles"][number]),
        variant=number,
        page_number=1000 + design["articles"][number],
    )
    says = design.get("says", ["author", "section", "published"])
    gold = {"title": article["title"]}
    if "published" in says:
        gold["published"] = published.date().isoformat()
    if "author" in says and author:
        gold["author"] = author
    if "section" in says:
        gold["section"] = section
    return GoldPage(
        half,
        f"{design['design']}-{number + 1}",
        text.encode(design.get("charset", "utf-8"), "xmlcharrefreplace"),
        tomli_w.dumps(gold | {"paragraphs": ink.paragraphs}, multiline_strings=False),
    )


def _others(number: int) -> list[str]:
    """Give the titles of eight other articles."""
    return [_read(ARTICLES / f"ar-{(number + 7 * step) % 60 + 1:03d}.toml")["title"] for step in range(1, 9)]


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def main() -> int:
    """Write all pages."""
    for one in gold_pages():
        folder = PAGES / one.half / one.name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "page.html").write_bytes(one.page)
        (folder / "gold.toml").write_text(one.gold, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
