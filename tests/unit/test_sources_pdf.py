"""PDF: the text that a file has, and a reason in words where it has none that can be read."""

import builtins
import io

import pypdf
import pytest
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from harness.core.recipe import FieldMapping, SourceSettings
from harness.sources import read_raw
from harness.sources.raw_file import Limits


def read(root, limits=None, **fields):
    """Read a folder into plain rows."""
    source = SourceSettings(name="s", path=".", fields=FieldMapping(**fields))
    return [row for batch in read_raw([source], root, limits) for row in batch.to_pylist()]


def pdf_of(*pages, password=None):
    """Write a PDF file with a line of text on each page, none where the text is empty."""
    writer = pypdf.PdfWriter()
    font = DictionaryObject(
        {
            NameObject(f"/{key}"): NameObject(f"/{one}")
            for key, one in (("Type", "Font"), ("Subtype", "Type1"), ("BaseFont", "Helvetica"))
        }
    )
    for text in pages:
        page = writer.add_blank_page(200, 200)
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
        )
        content = DecodedStreamObject()
        content.set_data(f"BT /F1 12 Tf 20 100 Td ({text}) Tj ET".encode() if text else b"")
        page[NameObject("/Contents")] = writer._add_object(content)
    writer.add_metadata({"/Title": "A Title", "/Author": "Somebody"})
    if password is not None:
        writer.encrypt(password)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def test_a_file_is_one_record_of_its_pages(tmp_path):
    """Pages are paragraphs; the file's own title is taken where the recipe asks for it."""
    (tmp_path / "a.pdf").write_bytes(pdf_of("First page.", "", "Third page."))
    [row] = read(tmp_path)
    assert (row["locator"], row["payload"], row["media"], row["title"]) == (
        "a.pdf",
        b"First page.\n\nThird page.",
        "text",
        None,
    )
    assert row["reader"] == f"pypdf {pypdf.__version__}"
    [row] = read(tmp_path, title="pdf.title", author="pdf.author")
    assert (row["title"], row["author"]) == ("A Title", "Somebody")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (pdf_of(""), "no-text-extracted"),
        (pdf_of("x", password="x"), "encrypted-file"),  # noqa: S106 - of a file in memory
        (pdf_of("x")[:200], "unreadable-file"),
        (b"no pdf", "unreadable-file"),
        (b"", "unreadable-file"),
    ],
    ids=["scan", "encrypted", "cut", "other", "empty"],
)
def test_a_file_without_text_that_can_be_read_is_told(tmp_path, content, code):
    """Scans, passwords and damage are different things to mend; nothing of it is printed."""
    (tmp_path / "a.pdf").write_bytes(content)
    (tmp_path / "b.txt").write_text("x")
    rows = read(tmp_path)
    assert [row["error"] for row in rows] == [code, None]


def test_a_file_above_the_limit_is_too_large(tmp_path):
    """Its text, not its pictures."""
    (tmp_path / "a.pdf").write_bytes(pdf_of("x" * 30))
    assert [row["error"] for row in read(tmp_path, Limits(record_bytes=20))] == ["too-large"]


def test_without_the_extra_the_error_names_it(tmp_path, monkeypatch):
    """The rest is built, and the ledger says what to install."""
    (tmp_path / "a.pdf").write_bytes(pdf_of("x"))
    real = builtins.__import__

    def without_pypdf(name, *rest, **named):
        if name.startswith("pypdf"):
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without_pypdf)
    [row] = read(tmp_path)
    assert (row["error"], row["detail"]) == ("needs-extra", "to read PDF: pip install 'corpus-harness[pdf]'")
