"""Cleaning and decoding on professional text: what they change there is counted, and none of it is wrong."""

import os
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pytest

from harness.text.cleaning import clean_batch
from harness.text.decoding import NotTextError, decode
from harness.text.mojibake import repaired_line
from harness.text.rules.joins import broken_paragraph

pytestmark = pytest.mark.needs_data
_INVISIBLE = re.compile("[\u200b\u2060\ufeff]")


@pytest.fixture(scope="module")
def data():
    """The folder with the real text."""
    folder = os.environ.get("HARNESS_DATA")
    if folder is None:
        pytest.skip("HARNESS_DATA is not set: the real text is not at hand")
    return Path(folder)


def _lines(path):
    return [line for line in path.read_text(encoding="utf-8").split("\n") if line]


def _ntrex(data, language):
    return _lines(data / "ntrex" / f"newstest2019-ref.{language}.txt")


def _rules(cleaned):
    return Counter(cleaned.edits.column("rule").to_pylist())


def _as_seen(line):
    """What a reader sees: forms and compositions look alike, zero width looks like nothing."""
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", line))


def test_safe_changes_no_visible_character_of_39940_lines(data):
    """In 20 languages the safe profile changes invisible things only: upper 95 % bound 0.8 lines in 10,000."""
    files = sorted((data / "ntrex").glob("newstest2019-*.txt"))
    lines = [line for path in files for line in _lines(path)]
    cleaned = clean_batch(pa.array(lines), "safe")
    assert len(lines) == 39_940
    assert _rules(cleaned) == {"no-break-spaces": 2398, "nfc": 731, "zero-width": 13, "presentation-forms": 3}
    pairs = zip(lines, cleaned.text.to_pylist(), strict=True)
    assert [before for before, after in pairs if _as_seen(before) != _as_seen(after)] == []


def test_no_sound_line_is_read_again_and_misread_ones_are(data):
    """Mojibake made of real lines is undone; the share that is left is the rule's caution."""
    lines = _ntrex(data, "arb")
    as_utf8 = sum(repaired_line(line.encode().decode("latin-1")) == line for line in lines)
    assert as_utf8 == len(lines)
    legacy = [line.encode("cp1256", "ignore") for line in lines]
    back = sum(repaired_line(line.decode("latin-1")) == line.decode("cp1256") for line in legacy)
    assert back / len(lines) > 0.985


@pytest.mark.parametrize(
    ("corpus", "rules"),
    [
        # Two blanks before a comma and a stop.
        ("ntrex", {"nfc": 10, "no-break-spaces": 2, "spaced-punctuation": 2}),
        # Eight blanks before stops, one on the wrong side of its comma.
        ("sib", {"nfc": 17, "spaced-punctuation": 9}),
        # This treebank writes the Latin comma throughout; 60 of the 664 were read, all are commas between
        # Arabic words.
        ("pud", {"latin-stops": 664, "spaced-punctuation": 1}),
    ],
)
def test_what_news_changes_in_sound_arabic_is_known_and_right(data, corpus, rules):
    """All changes by `news-ar` in 4,001 Arabic lines are counted; those of punctuation were read and are right."""
    pud = _lines(data / "ud_pud" / "ar_pud-ud-test.conllu")
    texts = {
        "ntrex": lambda: _ntrex(data, "arb"),
        "sib": lambda: [
            line.split("\t")[2] for part in ("train", "dev", "test")
            for line in _lines(data / "sib200_arb" / f"{part}.tsv")[1:]
        ],
        "pud": lambda: [line.removeprefix("# text = ") for line in pud if line.startswith("# text = ")],
    }  # fmt: skip
    assert _rules(clean_batch(pa.array(texts[corpus]()), "news-ar")) == rules


def _documents(data):
    ids = _lines(data / "ntrex" / "DOCUMENT_IDS.tsv")
    documents: dict[str, list[str]] = {}
    for document, line in zip(ids, _ntrex(data, "arb"), strict=True):
        documents.setdefault(document, []).append(line.strip())
    return list(documents.values())


def _paragraphs(document, sentences):
    body = document[1:]
    return [document[0], *(" ".join(body[at : at + sentences]) for at in range(0, len(body), sentences))]


@pytest.mark.parametrize(("sentences", "wrong"), [(1, 2), (2, 1), (3, 0)])
def test_true_boundaries_are_hardly_ever_joined(data, sentences, wrong):
    """Of all boundaries of 123 documents those joined stand behind a paragraph that ends in a comma or lacks its stop."""
    joined = 0
    for document in _documents(data):
        paragraphs = _paragraphs(document, sentences)
        for kept in (paragraphs, paragraphs[1:]):
            joined += len(list(broken_paragraph.find("\n\n".join(kept))))
    assert joined == wrong


def test_breaks_cut_into_real_paragraphs_are_joined_where_they_were_cut(data):
    """Every word boundary of two paragraphs a document is a cut: what is joined is joined there."""
    right = elsewhere = cuts = 0
    for document in _documents(data):
        paragraphs = _paragraphs(document, 2)
        for number in (1, len(paragraphs) // 2):
            words = paragraphs[number].split() if number < len(paragraphs) else []
            for cut in range(6, len(words) - 3):
                if words[cut - 1][-1] in '.!?؟…:،,"»”':
                    continue
                head = [*paragraphs[:number], " ".join(words[:cut])]
                place = len("\n\n".join(head))
                text = "\n\n".join([*head, " ".join(words[cut:]), *paragraphs[number + 1 :]])
                found = [change.start for change in broken_paragraph.find(text)]
                cuts += 1
                right += place in found
                elsewhere += len([start for start in found if start != place])
    assert elsewhere <= 0.05 * (right + elsewhere)
    assert right > 0.2 * cuts


@pytest.mark.parametrize(
    ("language", "encoding", "least"),
    [
        ("arb", "windows-1256", 0.995), ("arb", "iso-8859-6", 0.99), ("arb", "cp720", 0.995),
        ("fas", "windows-1256", 0.99), ("urd", "windows-1256", 0.99), ("arb", "utf-16-le", 0.995),
        ("hin", "utf-16-be", 0.995), ("zho-CN", "utf-16-le", 0.99), ("rus", "windows-1251", 0.99),
        ("heb", "windows-1255", 0.99), ("tur", "windows-1254", 0.97),
    ],
)  # fmt: skip
def test_encodings_of_short_real_texts_are_told(data, language, encoding, least):
    """Pieces of 40 to 400 characters, re-encoded, are read as they were written."""
    lines = _ntrex(data, language)
    right = tried = 0
    for number in range(0, len(lines) - 8, 10):
        text = " ".join(lines[number : number + 8])[: (40, 60, 100, 200, 400)[number // 10 % 5]]
        payload = text.encode(encoding, "ignore")
        tried += 1
        try:
            right += decode(payload).text == payload.decode(encoding)
        except NotTextError:
            continue
    assert right / tried >= least
