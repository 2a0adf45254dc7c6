"""A second batch of the same articles, as a careless scraper left it: damaged, misread, mislabelled."""

from dataclasses import replace
from typing import Any

from articles import Article, read_articles
from dice import Dice
from raw_folder import sidecar, text_files
from spoiling import as_mojibake, with_letters_replaced
from telling import Kind, Telling

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# So many articles of each kind, in the order of the Arabic ones.
_DAMAGED, _LETTERS_LOST, _MISREAD, _SOUND = 12, 5, 4, 4


def regression_files() -> tuple[dict[str, bytes], list[dict[str, Any]]]:
    """Write the batch: contents by path below its folder, and the rows of the truth."""
    raws = list(text_files(_tellings(), "scrape"))
    files = {f"scrape/{raw.locator}": raw.payload for raw in raws} | sidecar("scrape", raws)
    return files, [{"source": "scrape", "locator": raw.locator, **raw.truth} for raw in raws]


def _tellings() -> list[Telling]:
    articles = read_articles()
    arabic = iter(article for article in articles if article.lang == "ar")
    others = [article for article in articles if article.lang != "ar"]
    return [
        *(_damaged(next(arabic)) for _ in range(_DAMAGED)),
        *(_with_letters_lost(next(arabic)) for _ in range(_LETTERS_LOST)),
        *(_misread(next(arabic)) for _ in range(_MISREAD)),
        *(Telling.of(next(arabic), "scrape") for _ in range(_SOUND)),
        *(_mislabelled(article) for article in others),
    ]


def _damaged(article: Article) -> Telling:
    """Lose letters to a reader that replaced what it could not decode, and then a few bytes on the disk."""
    lossy = with_letters_replaced(article.body, Dice(f"lossy/{article.id}"), share=0.03, by=_REPLACEMENT)
    return _scraped(article, lossy, "damaged", "replacement-characters")


def _with_letters_lost(article: Article) -> Telling:
    """Lose letters to a question mark: nothing tells the decoder, and no reading brings them back."""
    lossy = with_letters_replaced(article.body, Dice(f"lost/{article.id}"), share=0.04, by="?")
    return _scraped(article, lossy, "lossy", "letters-as-question-marks")


def _misread(article: Article) -> Telling:
    """Read UTF-8 in a wrong encoding and drop the controls that came out: no reading back brings them back."""
    first, gap, rest = article.body.partition("\n\n")
    misread = "".join(
        char for char in as_mojibake(rest, "utf-8", "cp1252") if char.isprintable() or char == "\n"
    )
    return _scraped(article, f"{first}{gap}{misread}", "mojibake", "mojibake-beyond-repair")


def _scraped(article: Article, body: str, kind: Kind, defect: str) -> Telling:
    return replace(Telling.of(article, "scrape").with_text(body, defect), kind=kind)


def _mislabelled(article: Article) -> Telling:
    return replace(Telling.of(article, "scrape"), kind="foreign", lang_declared="ar")
