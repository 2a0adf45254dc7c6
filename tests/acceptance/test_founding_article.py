"""The article that the project was founded on, and its twin, come out as promised: mended, and nothing else."""

import os
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from support.command import harness

TWIN = Path(__file__).resolve().parents[1] / "fixtures" / "seed_twin.txt"
RESIDUE = "Star InactiveStar InactiveStar InactiveStar InactiveStar Inactive"
ARABIC_COMMA = "\N{ARABIC COMMA}"


def _founding_article() -> Path:
    folder = os.environ.get("HARNESS_SEED")
    if not folder:
        pytest.skip("HARNESS_SEED does not point to the founding article")
    return next(Path(folder).glob("*.txt"))


@pytest.fixture(
    scope="module", params=["twin", pytest.param("founding article", marks=pytest.mark.needs_seed)]
)
def article(request):
    """Give the twin everywhere, and the founding article where it is at hand."""
    return TWIN if request.param == "twin" else _founding_article()


def _build(article: Path, out: Path, profile: str) -> tuple[dict, list[dict]]:
    done = harness("build", article, "--out", out, "--profile", profile, cwd=out.parent)
    assert done.code == 0, done.stderr
    documents = [
        row for path in sorted(out.glob("data/*/*.parquet")) for row in pq.read_table(path).to_pylist()
    ]
    assert len(documents) == 1
    return documents[0], pq.read_table(out / "edits" / "00000.parquet").to_pylist()


@pytest.fixture(scope="module")
def mended(article, tmp_path_factory):
    """Build the article with the profile for Arabic news."""
    return _build(article, tmp_path_factory.mktemp("mended") / "version", "news-ar")


@pytest.fixture(scope="module")
def safe(article, tmp_path_factory):
    """Build the article with the profile that is always on."""
    return _build(article, tmp_path_factory.mktemp("safe") / "version", "safe")


def _expected(raw: str) -> str:
    """Mend the raw text by hand, step by step, with nothing of the code under test."""
    body = raw.removesuffix(RESIDUE).rstrip("\n")
    assert body.count(" , ") == 6
    body = body.replace(" , ", f"{ARABIC_COMMA} ")
    body = body.replace(f" {ARABIC_COMMA}", ARABIC_COMMA)
    broken_at = body.index("\n\nفي ")
    assert body[broken_at - 1] not in ".؟!:"
    return body[:broken_at] + " " + body[broken_at + 2 :]


def test_the_article_comes_out_mended_and_not_otherwise_changed(article, mended):
    """Six commas, the stray blanks, the broken sentence and the residue are mended: these and no more."""
    document, _ = mended
    assert document["text"] == _expected(article.read_text(encoding="utf-8"))


def test_a_latin_comma_becomes_an_arabic_comma_and_never_a_full_stop(article, mended):
    """The defect looks like a full stop; what the author meant is not ours to say."""
    document, _ = mended
    raw = article.read_text(encoding="utf-8")
    assert document["text"].count(".") == raw.count(".")
    assert document["text"].count(ARABIC_COMMA) == raw.count(ARABIC_COMMA) + 6


def test_encoding_and_language_are_told(mended):
    """The article is UTF-8 and Arabic, in spite of its English residue."""
    document, _ = mended
    assert (document["encoding"], document["lang"]) == ("utf-8", "ar")


def test_every_edit_replays_forwards_and_backwards(article, mended):
    """Raw text and ledger give the published text; published text and ledger give the raw text."""
    document, edits = mended
    raw = article.read_text(encoding="utf-8")
    text = raw
    for edit in edits:
        start, before = edit["start"], edit["before"]
        assert text[start : start + len(before)] == before
        text = text[:start] + edit["after"] + text[start + len(before) :]
    assert text.encode() == document["text"].encode()
    for edit in reversed(edits):
        start, after = edit["start"], edit["after"]
        assert text[start : start + len(after)] == after
        text = text[:start] + edit["before"] + text[start + len(after) :]
    assert text.encode() == raw.encode()


def test_the_cut_residue_is_kept_in_the_ledger(mended):
    """What was cut from the text can be read in the edits."""
    _, edits = mended
    assert [edit["before"].strip() for edit in edits if RESIDUE in edit["before"]] == [RESIDUE]


def test_the_safe_profile_cuts_the_residue_and_flags_the_rest(article, safe):
    """By default nothing that could be the author's is touched; signals tell what was seen."""
    document, edits = safe
    raw = article.read_text(encoding="utf-8")
    assert document["text"] == raw.removesuffix(RESIDUE).rstrip("\n")
    assert len(edits) == 1
    assert document["residue_hits"] == 1
    assert document["latin_stops"] == 6
    assert document["spaced_punctuation"] >= 6
    assert document["broken_paragraphs"] == 1
