"""What the corpus is made from: the articles, the later stories, and the wording that is put around them."""

import tomllib
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Article:
    """One article as its author wrote it; paragraphs of `body` are parted by one blank line."""

    id: str
    lang: str
    title: str
    published: datetime
    section: str
    source: str
    author: str | None
    body: str

    @property
    def paragraphs(self) -> list[str]:
        """The paragraphs of the body, in order."""
        return self.body.split("\n\n")


def read_articles() -> list[Article]:
    """Read all articles, Arabic ones first, then by id."""
    tables = [_read(path) for path in sorted((HERE / "articles").glob("*.toml"))]
    found = [Article(**_known(table)) for table in tables]
    return sorted(found, key=lambda article: (article.lang != "ar", article.id))


def read_follow_ups(articles: list[Article]) -> list[tuple[Article, Article]]:
    """Read the later stories, each with the article that it quotes."""
    by_id = {article.id: article for article in articles}
    return [_follow_up(row, by_id[row["of"]]) for row in _read(HERE / "follow_ups.toml")["follow_up"]]


def read_wording() -> dict[str, Any]:
    """Read the words of editors, feeds and pages."""
    return _read(HERE / "wording.toml")


def _follow_up(row: dict[str, Any], earlier: Article) -> tuple[Article, Article]:
    quoted = [earlier.paragraphs[number] for number in row["keep"]]
    body = "\n\n".join([row["body"].strip("\n"), *quoted])
    published = earlier.published.replace(day=min(earlier.published.day + 2, 28))
    later = replace(earlier, id=row["id"], title=row["title"], published=published, body=body, author=None)
    return later, earlier


def _known(table: dict[str, Any]) -> dict[str, Any]:
    return {
        **table,
        "author": table.get("author"),
        "published": datetime.fromisoformat(table["published"]),
        "body": table["body"].strip("\n"),
    }


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
