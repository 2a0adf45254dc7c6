"""One telling of an article: the text that a raw record carries, and the truth about it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, Self

from articles import Article

Kind = Literal[
    "original", "exact", "edited", "spelling", "framed", "related", "mojibake", "damaged", "truncated", "lossy",
    "twin", "short", "foreign", "empty", "binary", "broken-json",
]  # fmt: skip
Place = Literal["wire", "legacy", "desk", "web", "feed", "batch", "scrape"]
Expected = Literal["kept", "duplicate", "rejected", "error"]


@dataclass(frozen=True)
class Telling:
    """What one raw record says, before it is put into bytes.

    Args:
        article: What it tells; its `id` is null in the truth where there is no article.
        kind: What was done to the article.
        place: The source of the recipe under which it lies.
        title: The headline as this record has it.
        body: The text without the headline.
        published: The date as this record has it; None where it has none.
        lang: The language that the text is in.
        lang_declared: The language that its metadata claims.
        expected: What a build has to make of it, by construction.
        group: Records of one group are copies of each other: one of them is kept.
        related_to: The article that this one quotes.
        encoding: A fixed encoding, or None for the place's turn.
        defects: What was planted, as words; `synonyms:4` counts.
    """

    article: Article
    kind: Kind
    place: Place
    title: str
    body: str
    published: datetime | None
    lang: str
    lang_declared: str
    expected: Expected
    group: str | None
    related_to: str | None = None
    encoding: str | None = None
    defects: tuple[str, ...] = ()

    @classmethod
    def of(cls, article: Article, place: Place) -> Self:
        """Tell an article as it was written."""
        return cls(
            article, "original", place, article.title, article.body, article.published,
            article.lang, article.lang, "kept", article.id,
        )  # fmt: skip

    def copied(self, kind: Kind, place: Place, hours_later: int) -> Self:
        """Tell it again elsewhere, some hours later: of copies, the earliest complete one stays."""
        assert self.published is not None, "only dated tellings are copied"
        published = self.published + timedelta(hours=hours_later)
        return replace(self, kind=kind, place=place, published=published, expected="duplicate", encoding=None)

    def with_text(self, body: str, *defects: str, title: str | None = None) -> Self:
        """Change what it says, and note what was done."""
        return replace(
            self, body=body, title=self.title if title is None else title, defects=self.defects + defects
        )
