"""Each source's pages go through the extractor that its recipe names, and through no other."""

from pathlib import Path

import pytest
from support.command import harness
from support.packages import needs_pycld2

from harness.core.recipe import Recipe, SourceSettings
from harness.sources.html import extract
from harness.text.decoding import decode
from harness.workflows.build import BuildRequest, build

pytestmark = needs_pycld2

PAGE = Path(__file__).resolve().parents[1] / "fixtures" / "pages" / "build" / "magazine-1" / "page.html"
RECIPE = 'name = "x"\n[[sources]]\nname = "pages"\npath = "raw"\nextractor = "{}"\n'


def test_two_sources_with_two_extractors_stand_in_one_version(tmp_path):
    """Texts and stages tell them apart; a page without an article is an error, a text is left alone."""
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "a.html").write_bytes(PAGE.read_bytes())
    (raw / "b.html").write_text("<html><body></body></html>")
    (raw / "c.txt").write_text("قال المتحدث باسم البلدية إن العمل يبدأ غداً.", encoding="utf-8")
    names = ("trafilatura", "resiliparse")
    recipe = Recipe(
        name="x",
        sources=[SourceSettings(name=name, path="raw", extractor=name) for name in names],
        duplicates={"action": "keep"},
    )
    version = build(BuildRequest(recipe, tmp_path, tmp_path / "out", workers=1), lambda _: None).version
    rows = version.documents().to_pylist()
    texts = {row["text"] for row in rows if row["locator"].endswith("a.html")}
    page = decode(PAGE.read_bytes(), markup=True).text
    assert texts == {extract(page, name).text for name in names}
    assert len(texts) == 2
    assert sum(row["locator"].endswith("c.txt") for row in rows) == 2
    assert version.manifest.counts.errors_by == {"no-text-extracted": 2}
    assert all(f"{name} " in version.manifest.stages["extract"] for name in names)


@pytest.mark.parametrize(("name", "code"), [("readability", 2), ("resiliparse", 0)])
def test_an_extractor_that_is_not_there_is_refused(tmp_path, name, code):
    """With the choices, before anything is read."""
    folder = tmp_path / "datasets" / "x"
    (folder / "raw").mkdir(parents=True)
    (folder / "raw" / "a.html").write_bytes(PAGE.read_bytes())
    (folder / "recipe.toml").write_text(RECIPE.format(name))
    done = harness("build", "x", cwd=tmp_path)
    assert done.code == code, done.stderr
    assert code == 0 or ("trafilatura" in done.stderr and "resiliparse" in done.stderr)
