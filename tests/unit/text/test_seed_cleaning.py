"""The founding article and its twin: each known defect goes, and nothing else."""

import os
import re
from collections import Counter
from pathlib import Path

import pytest

from harness.text.cleaning import clean, replay, undo
from harness.text.decoding import decode
from harness.text.patterns import suspected_breaks

TWIN = Path(__file__).parents[2] / "fixtures" / "seed_twin.txt"
SEED_FOLDER = os.environ.get("HARNESS_SEED")


def _seed() -> Path:
    if SEED_FOLDER is None:
        pytest.skip("HARNESS_SEED is not set: the founding article is not at hand")
    return Path(SEED_FOLDER) / "000_8cd17d58e663564e.txt"


@pytest.fixture(params=["twin", pytest.param("seed", marks=pytest.mark.needs_seed)])
def article(request):
    """The text of the article or of its twin, decoded."""
    path = TWIN if request.param == "twin" else _seed()
    decoded = decode(path.read_bytes())
    assert (decoded.encoding, decoded.repairs) == ("utf-8", ())
    return decoded.text


def _expected(article: str) -> str:
    """Mend by hand what is known to be wrong with it."""
    text = re.sub(r"\n\n(?:Star Inactive)+\Z", "", article)
    text = text.replace(" , ", "، ").replace(" ، ", "، ")
    return re.sub(r"(?<=[ء-ي])\n\n(?=في)", " ", text)


def test_the_safe_profile_cuts_the_widget_and_nothing_else(article):
    """By default only the residue goes."""
    text, edits = clean(article, "safe")
    assert text == article[: article.index("\n\nStar")]
    assert [edit.rule for edit in edits] == ["residue-rating-widget"]


def test_the_news_profile_mends_every_known_defect_and_nothing_else(article):
    """Widget, six commas, eleven blanks and one break: as if mended by hand."""
    text, edits = clean(article, "news-ar")
    assert text == _expected(article)
    assert Counter(edit.rule for edit in edits) == {
        "residue-rating-widget": 1,
        "latin-stops": 6,
        "spaced-punctuation": 11,
        "broken-paragraph": 1,
    }
    assert replay(article, edits) == text
    assert undo(text, edits) == article


def test_its_break_is_flagged_before_and_not_after(article):
    """The signal sees the broken sentence, and is silent once it is joined."""
    assert len(suspected_breaks(article)) == 1
    assert suspected_breaks(clean(article, "news-ar")[0]) == []
