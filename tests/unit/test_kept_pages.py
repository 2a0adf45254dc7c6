"""Pages that a version keeps: found again byte for byte, and not passed on without a word about rights."""

import hashlib
import itertools

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from support.versions import RECIPE, judged, small_version

from harness.core.pages import page_path, withheld_files
from harness.core.recipe import SourceSettings
from harness.core.schema import PAGES, RAW
from harness.curation import kept_pages
from harness.curation.kept_pages import WAITING, named_pages, waiting_pages
from harness.reports.publish_text import plan_text
from harness.store.pages import find_page
from harness.store.versions import VersionFolder, write_manifest, write_row_groups
from harness.workflows.publish import plan_publication

PAGE = b"<html>\x1b[2J\xe3\xd1\xcd\xc8\xc7<p>text"


def _with_pages(folder, license_=None, page=PAGE):
    """Write a small version whose source keeps the page of its first document."""
    source = SourceSettings(name="desk", license="CC0-1.0", keep_pages=True, pages_license=license_)
    version = small_version(folder, RECIPE.model_copy(update={"sources": (source,)}))
    first = version.documents(["id", "locator"]).to_pylist()[0]
    row = first | {"raw_sha256": hashlib.sha256(PAGE).hexdigest(), "charset_declared": None, "page": page}
    path = page_path("desk")
    files = {path: write_row_groups(folder / path, PAGES, iter([pa.Table.from_pylist([row], PAGES)]))}
    manifest = version.manifest.model_copy(update={"files": {**version.manifest.files, **files}})
    write_manifest(folder, manifest)
    return VersionFolder(folder, manifest), first["id"]


def test_of_raw_records_the_pages_of_the_source_are_taken_with_their_positions():
    """Other sources, other media and what could not be read stay out; whether one will be kept is not known yet."""
    page = {"recipe_source": 1, "media": "html", "payload": PAGE, "id": "mapped", "locator": "a.html"}
    rows = [
        page,
        page | {"recipe_source": 0},
        page | {"media": "text"},
        {"recipe_source": 1, "error": "unreadable-file", "locator": "b.html"},
        page | {"locator": "c.html"},
    ]
    raw = pa.Table.from_pylist([{name: row.get(name) for name in RAW.names} for row in rows], RAW)
    waiting = waiting_pages(raw, 10, 1)
    assert [(row["position"], row["locator"], row["page"]) for row in waiting.to_pylist()] == [
        (10, "a.html", PAGE),
        (14, "c.html", PAGE),
    ]


@given(st.lists(st.integers(0, 9), max_size=30), st.lists(st.integers(0, 30), max_size=6))
def test_groups_hang_on_the_pages_alone(sizes, cuts):
    """However the pages came, the same groups, each ended by the page that passes the limit."""
    rows = [{"position": row, "locator": str(row), "page": b"x" * size} for row, size in enumerate(sizes)]
    table = pa.Table.from_pylist([{name: row.get(name) for name in WAITING.names} for row in rows], WAITING)
    bounds = [0, *sorted(min(cut, len(rows)) for cut in cuts), len(rows)]
    pieces = [table.slice(start, stop - start) for start, stop in itertools.pairwise(bounds)]
    ids = pa.array([f"id-{row}" for row in range(len(rows))], pa.string())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept_pages, "GROUP_BYTES", 12)
        groups = [group.to_pylist() for group in named_pages(iter(pieces), ids)]
        assert groups == [group.to_pylist() for group in named_pages(iter([table]), ids)]
    assert [row["id"] for group in groups for row in group] == ids.to_pylist()
    totals = [sum(len(row["page"]) for row in group) for group in groups]
    assert all(total >= 12 for total in totals[:-1])
    assert all(total - len(group[-1]["page"]) < 12 for total, group in zip(totals, groups, strict=True))


def test_a_page_is_found_by_the_id_of_its_record(tmp_path):
    """With its bytes as they were read; another record has none."""
    version, kept = _with_pages(tmp_path / "v")
    page = find_page(version, kept)
    assert (page.content, page.is_raw, page.path) == (PAGE, True, "pages/desk.parquet")
    assert find_page(version, "another") is None


def test_bytes_in_a_frame_of_ours_are_told_apart(tmp_path):
    """The item of a feed has the hash of its own XML."""
    version, kept = _with_pages(tmp_path / "v", page=b"<html><body><article>x")
    assert find_page(version, kept).is_raw is False


@pytest.mark.parametrize(("license_", "uploaded"), [(None, False), (" ", False), ("CC-BY-4.0", True)])
def test_pages_are_published_only_with_a_licence_of_their_own(tmp_path, license_, uploaded):
    """The article's licence says nothing of the layout, the comments and the advertisements around it."""
    version, _ = _with_pages(tmp_path / "v", license_)
    plan = plan_publication(version, judged(version), "acme/tiny-news")
    path = page_path("desk")
    assert (path in {file.path for file in plan.files}) is uploaded
    assert (path in plan.withheld) is not uploaded
    assert ("withheld" in plan_text(plan)) is not uploaded
    assert (path in withheld_files(version.manifest.recipe)) is not uploaded


def test_a_licence_for_pages_that_are_not_kept_is_a_mistake():
    """Whoever states it believes that they are."""
    with pytest.raises(ValidationError, match="keep_pages"):
        SourceSettings(name="desk", pages_license="CC0-1.0")
