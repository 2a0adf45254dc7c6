"""A library that took the text out of files is part of a version's identity, where there were such files."""

import pytest
from support.packages import needs_pycld2

from harness.core.recipe import Recipe, SourceSettings
from harness.sources.formats import pdf
from harness.workflows.build import BuildRequest, build

pytestmark = needs_pycld2
TEXT = "The council of the valley opened a public library in the harbour district on Sunday, with room for a café."


def _version(root, out):
    recipe = Recipe(name="read", sources=(SourceSettings(name="s", path="raw"),))
    return build(
        BuildRequest(recipe=recipe, root=root, out=root / out, workers=1), lambda _: None
    ).version.manifest


@pytest.fixture
def root(tmp_path):
    """Write a folder with one text."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path


def test_the_reader_of_pdf_files_shapes_the_version(root, monkeypatch):
    """Another version of it, another identity, though no stage of ours has changed."""
    monkeypatch.setattr(pdf, "_text_of", lambda *_: (TEXT.replace("Sunday", "Monday"), {}))
    (root / "raw" / "b.pdf").write_bytes(b"%PDF")
    hashes = set()
    for number in ("6.1.0", "6.2.0"):
        monkeypatch.setattr(pdf, "version", lambda _, number=number: number)
        manifest = _version(root, f"v{number}")
        assert manifest.stages["read"] == f"pypdf {number}"
        hashes.add(manifest.content_hash)
    assert len(hashes) == 2


def test_a_build_without_such_files_names_none(root):
    """What was not used cannot change anything."""
    assert "read" not in _version(root, "v").stages
