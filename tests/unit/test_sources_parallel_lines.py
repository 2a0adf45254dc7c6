"""Line-aligned files: a document in each language, and a refusal where the lines do not fit."""

import hashlib
import os
from pathlib import Path

import pytest

from harness.core.errors import HarnessError, InputError
from harness.core.recipe import Defaults, SourceSettings
from harness.sources import read_raw

IDS = "bbc.1\nbbc.1\nbbc.1\ndaily.co.uk.22\nplain\n"
ARABIC = ["عنوان أول", "سطر أول", "سطر ثان", "عنوان ثان", "وحيد"]
ENGLISH = ["First headline", "line one", "line two", "Second headline", "single"]


def settings(**changes):
    """Describe the folder of two languages."""
    known = {"languages": {"t.eng.txt": "en", "t.arb.txt": "ar"}, "document_ids": "IDS.tsv"}
    return SourceSettings(name="p", kind="parallel-lines", path=".", **(known | changes))


def read(root, **changes):
    """Read the folder into plain rows."""
    return [row for batch in read_raw([settings(**changes)], root) for row in batch.to_pylist()]


@pytest.fixture
def folder(tmp_path):
    """Write three documents in two languages."""
    (tmp_path / "IDS.tsv").write_text(IDS)
    (tmp_path / "t.arb.txt").write_text("\n".join(ARABIC) + "\n", encoding="utf-8-sig")
    (tmp_path / "t.eng.txt").write_text("\r\n".join(ENGLISH))
    return tmp_path


def test_a_document_in_one_language_is_one_record(folder):
    """Its headline is the first line, its text the others, its hash that of its lines in the file."""
    rows = read(folder, license="CC0-1.0", defaults=Defaults(source="default"))
    facts = ("locator", "id", "title", "source", "lang_declared")
    assert [tuple(row[fact] for fact in facts) for row in rows] == [
        ("t.arb.txt#L1-L3", "bbc.1.ar", "عنوان أول", "bbc", "ar"),
        ("t.arb.txt#L4-L4", "daily.co.uk.22.ar", "عنوان ثان", "daily.co.uk", "ar"),
        ("t.arb.txt#L5-L5", "plain.ar", "وحيد", "default", "ar"),
        ("t.eng.txt#L1-L3", "bbc.1.en", "First headline", "bbc", "en"),
        ("t.eng.txt#L4-L4", "daily.co.uk.22.en", "Second headline", "daily.co.uk", "en"),
        ("t.eng.txt#L5-L5", "plain.en", "single", "default", "en"),
    ]
    assert rows[0]["payload"].decode() == "سطر أول\nسطر ثان"
    assert rows[0]["raw_sha256"] == hashlib.sha256("\n".join(ARABIC[:3]).encode()).hexdigest()
    assert rows[3]["payload"] == b"line one\nline two"
    assert {row["license"] for row in rows} == {"CC0-1.0"}


@pytest.mark.parametrize("asked", [True, False])
def test_one_line_is_taken_for_the_headline_and_no_second(folder, asked):
    """A recipe may say again what holds for this kind of source; the first line of the text stays."""
    rows = read(folder, title_in_first_line=asked)
    assert not any(row["title_in_first_line"] for row in rows)


def test_a_legacy_encoding_is_told_by_the_whole_file(folder):
    """The bytes stay; the headline is read with the file's encoding."""
    lines = [line + " وقالت الوزارة إن العمل يبدأ قريباً" for line in ARABIC]
    (folder / "t.arb.txt").write_bytes("\n".join(lines).encode("cp1256"))
    row = read(folder)[0]
    assert (row["title"], row["encoding"]) == (lines[0], "windows-1256")
    assert row["payload"].decode("cp1256") == "\n".join(lines[1:3])


def test_files_of_other_lengths_are_refused_together(folder):
    """A shifted line would pair texts that are no translations of each other."""
    (folder / "t.arb.txt").write_text("one\n")
    (folder / "t.eng.txt").write_text("\n".join(ENGLISH) + "\nmore\n")
    with pytest.raises(HarnessError, match=r"(?s)has 1 lines.*t.arb.txt.*has 6 lines.*t.eng.txt") as raised:
        read(folder)
    assert raised.value.exit_code == 3


def test_a_document_in_two_places_is_refused(folder):
    """One document is one run of lines."""
    (folder / "IDS.tsv").write_text("a\nb\na\nb\n\n")
    with pytest.raises(
        HarnessError, match=r"(?s)'a' do not stand together.*line 3.*names no document.*line 5"
    ):
        read(folder)


@pytest.mark.parametrize("name", ["IDS.tsv", "t.arb.txt"])
def test_a_missing_file_is_named(folder, name):
    """Whichever it is."""
    (folder / name).unlink()
    with pytest.raises(InputError, match=f"(?s)no such file.*{name}"):
        read(folder)


def test_an_encoding_without_lines_of_bytes_is_refused(folder):
    """UTF-16 is to be converted."""
    (folder / "t.arb.txt").write_text("\n".join(ARABIC), encoding="utf-16")
    with pytest.raises(InputError, match="utf-16"):
        read(folder)


@pytest.mark.needs_data
@pytest.mark.skipif("HARNESS_DATA" not in os.environ, reason="HARNESS_DATA is unset")
def test_the_real_corpus_gives_each_document_in_each_language():
    """123 documents of 1,997 lines in 20 languages, none of them with a letter lost."""
    root = Path(os.environ["HARNESS_DATA"]) / "ntrex"
    languages = {path.name: path.name.split(".")[1] for path in root.glob("newstest2019-*.txt")}
    rows = read(root, languages=languages, document_ids="DOCUMENT_IDS.tsv")
    assert len(rows) == 123 * 20
    assert len({row["id"] for row in rows}) == len(rows)
    lines = sum(row["payload"].count(b"\n") + 2 if row["payload"] else 1 for row in rows)
    assert lines == 1_997 * 20
    assert all(row["encoding"] == "utf-8" and row["payload"].decode("utf-8") is not None for row in rows)
