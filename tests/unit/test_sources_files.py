"""A folder becomes records: in natural order, by extension, with nothing left out in silence."""

import hashlib
import os
from pathlib import Path

import pytest

from harness.core.errors import ConfigurationError, InputError, SeveralErrors
from harness.core.recipe import SourceSettings
from harness.core.schema import RAW
from harness.sources import read_raw, settings_for, settings_for_pattern
from harness.sources.raw_file import Limits


def rows_of(root, limits=None, **settings):
    """Read a folder into plain rows."""
    source = SourceSettings(name="s", path=".", **settings)
    return [row for batch in read_raw([source], root, limits) for row in batch.to_pylist()]


def by_locator(rows):
    """Index rows by locator; no two share one."""
    found = {row["locator"]: row for row in rows}
    assert len(found) == len(rows)
    return found


def test_a_file_is_one_record_with_its_bytes_and_their_hash(tmp_path):
    """The payload is what lies on the disk, undecoded."""
    (tmp_path / "a.txt").write_bytes(b"\xe4\xd5")
    [row] = rows_of(tmp_path)
    assert (row["payload"], row["raw_bytes"], row["media"], row["encoding"]) == (b"\xe4\xd5", 2, "text", None)
    assert row["raw_sha256"] == hashlib.sha256(b"\xe4\xd5").hexdigest()


def test_files_come_in_natural_order(tmp_path):
    """A reader expects a2 before a10, folder by folder, and more digits than any integer do no harm."""
    names = ["a2.txt", "a10.txt", "b/1.txt", "b/02.txt", "b/2.txt", "b-c.txt", "9" * 200 + ".txt"]
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    found = [row["locator"] for row in rows_of(tmp_path)]
    assert found == ["9" * 200 + ".txt", "a2.txt", "a10.txt", "b/1.txt", "b/02.txt", "b/2.txt", "b-c.txt"]


def test_the_extension_tells_the_format_and_unknown_ones_are_text(tmp_path):
    """Pages are HTML, whatever the case of their extension; a name without one is text."""
    for name in ("a.HTML", "b.htm", "c.xhtml", "d.md", "README", "e.strange"):
        (tmp_path / name).write_text("x")
    media = {row["locator"]: row["media"] for row in rows_of(tmp_path)}
    assert media == {
        "a.HTML": "html", "b.htm": "html", "c.xhtml": "html", "d.md": "text", "README": "text", "e.strange": "text",
    }  # fmt: skip


def test_a_known_format_that_is_not_read_is_told_and_not_taken_for_an_article(tmp_path):
    """A table or an archive published as one article would be worse than an error."""
    (tmp_path / "a.docx").write_bytes(b"PK")
    [row] = rows_of(tmp_path)
    assert (row["error"], row["payload"]) == ("unsupported-format", None)


@pytest.mark.parametrize(
    ("page", "label"),
    [
        (b'<meta charset="Windows-1256"><p>x', "windows-1256"),
        (b"<meta http-equiv=content-type content='text/html; charset=ISO-8859-6'>", "iso-8859-6"),
        (b'<?xml version="1.0" encoding="UTF-8"?><html>', "utf-8"),
        (b"<p>charset=utf-8</p>", None),
    ],
)
def test_a_page_brings_the_label_that_it_claims(tmp_path, page, label):
    """Decoding breaks ties by it; nothing else does."""
    (tmp_path / "a.html").write_bytes(page)
    assert rows_of(tmp_path)[0]["charset_declared"] == label


def test_hidden_files_are_no_records(tmp_path):
    """What systems leave behind is excluded by a documented default."""
    for name in (".DS_Store", ".git/config", "__MACOSX/a.txt", "Thumbs.db", "kept.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert [row["locator"] for row in rows_of(tmp_path)] == ["kept.txt"]


@pytest.mark.parametrize(
    ("include", "exclude", "expected"),
    [
        (("**/*",), (), ["a.txt", "b.html", "in/c.txt", "in/deep/d1.txt"]),
        (("*.txt",), (), ["a.txt"]),
        (("**/*.txt",), (), ["a.txt", "in/c.txt", "in/deep/d1.txt"]),
        (("in/",), (), ["in/c.txt", "in/deep/d1.txt"]),
        (("**/d[0-3].t?t", "b.*"), (), ["b.html", "in/deep/d1.txt"]),
        (("**/*",), ("in/**",), ["a.txt", "b.html"]),
        (("**/[!a]*",), (), ["b.html", "in/c.txt", "in/deep/d1.txt"]),
        (("nothing*",), (), ["nothing*"]),
        (("*.txt", "*.pdf"), (), ["*.pdf", "a.txt"]),
    ],
)
def test_patterns_choose_files(tmp_path, include, exclude, expected):
    """A star stays inside a folder, two stars do not; a pattern that matches nothing is an error of its own."""
    for name in ("a.txt", "b.html", "in/c.txt", "in/deep/d1.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    rows = rows_of(tmp_path, include=include, exclude=exclude)
    assert [row["locator"] for row in rows] == expected
    assert {row["locator"] for row in rows if row["error"]} <= {"nothing*", "*.pdf"}


def test_a_pattern_that_is_none_is_refused(tmp_path):
    """A set that runs backwards is a slip of the recipe's author."""
    with pytest.raises(ConfigurationError, match="no pattern"):
        rows_of(tmp_path, include=("[z-a].txt",))


def test_links_pipes_and_broken_links_are_errors_and_the_rest_goes_on(tmp_path):
    """Nothing outside the source is read, nothing blocks, nothing is left out in silence."""
    outside = tmp_path / "outside.txt"
    outside.write_text("secret")
    root = tmp_path / "root"
    (root / "real").mkdir(parents=True)
    (root / "real" / "a.txt").write_text("x")
    (root / "leaves.txt").symlink_to(outside)
    (root / "leaves-folder").symlink_to(tmp_path)
    (root / "inside.txt").symlink_to(root / "real" / "a.txt")
    (root / "folder").symlink_to(root / "real")
    (root / "broken.txt").symlink_to("nowhere")
    os.mkfifo(root / "pipe.txt")
    rows = by_locator(rows_of(root, include=("**/*.txt",)))
    assert {name: row["error"] for name, row in rows.items()} == {
        "real/a.txt": None,
        "inside.txt": None,
        "leaves.txt": "link-leaves-source",
        "leaves-folder": "link-leaves-source",
        "folder": "link-to-folder",
        "broken.txt": "unreadable-file",
        "pipe.txt": "not-a-file",
    }
    assert b"secret" not in [row["payload"] for row in rows.values()]


def test_a_file_that_vanishes_is_an_error_without_its_absolute_path(tmp_path):
    """The detail of an error enters the version, and a place on this machine must not."""
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "b.txt").write_text("y")
    batches = read_raw([SourceSettings(name="s", path=".")], tmp_path)
    (tmp_path / "a.txt").unlink()
    rows = [row for batch in batches for row in batch.to_pylist()]
    assert [row["error"] for row in rows] == ["unreadable-file", None]
    assert str(tmp_path) not in rows[0]["detail"]


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_what_may_not_be_read_is_an_error(tmp_path):
    """A file and a folder without permission are records of their own."""
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "a.txt").chmod(0)
    (tmp_path / "b").mkdir()
    (tmp_path / "b").chmod(0)
    codes = {row["locator"]: row["error"] for row in rows_of(tmp_path)}
    (tmp_path / "b").chmod(0o700)
    assert codes == {"a.txt": "unreadable-file", "b": "unreadable-folder"}


def test_a_record_above_the_limit_is_too_large_and_one_at_it_is_not(tmp_path):
    """Memory has a bound that a single file cannot move."""
    (tmp_path / "a.txt").write_bytes(b"x" * 10)
    (tmp_path / "b.txt").write_bytes(b"x" * 11)
    assert [row["error"] for row in rows_of(tmp_path, Limits(record_bytes=10))] == [None, "too-large"]


def test_batches_have_the_schema_and_a_bounded_payload(tmp_path):
    """A batch ends with the record that fills it."""
    for number in range(10):
        (tmp_path / f"{number}.txt").write_bytes(b"x" * 30)
    batches = list(read_raw([SourceSettings(name="s", path=".")], tmp_path, Limits(batch_bytes=80)))
    assert [batch.num_rows for batch in batches] == [3, 3, 3, 1]
    assert all(batch.schema == RAW for batch in batches)


def test_a_name_that_is_not_utf8_is_shown_with_its_bytes(tmp_path):
    """A table's text cannot hold such a name, and the file is read all the same."""
    with open(os.path.join(os.fsencode(tmp_path), b"a\xff.txt"), "w") as stream:  # noqa: PTH123, PTH118 - bytes
        stream.write("x")
    [row] = rows_of(tmp_path)
    assert (row["locator"], row["payload"]) == (r"a\xff.txt", b"x")


def test_sources_keep_the_recipes_order_and_their_flags(tmp_path):
    """Appended sources come last, whatever they are called."""
    for name in ("z", "a"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.txt").write_text(name)
    sources = [
        SourceSettings(name="first", path="z", title_in_first_line=True),
        SourceSettings(name="second", path=str(tmp_path / "a")),
    ]
    rows = [row for batch in read_raw(sources, tmp_path) for row in batch.to_pylist()]
    assert [(row["recipe_source"], row["payload"], row["title_in_first_line"]) for row in rows] == [
        (0, b"z", True),
        (1, b"a", False),
    ]


def test_all_missing_places_are_told_at_once(tmp_path):
    """Nobody wants to learn of them one by one."""
    sources = [SourceSettings(name="a", path="x"), SourceSettings(name="b", path="y")]
    with pytest.raises(SeveralErrors, match=r"(?s)source 'a'.*source 'b'") as raised:
        read_raw(sources, tmp_path)
    assert raised.value.exit_code == 3


def test_a_folder_or_a_file_needs_no_recipe(tmp_path):
    """Its settings name no place on this machine, and a single file's locator is its name."""
    folder = tmp_path / "أخبار"
    folder.mkdir()
    file = folder / "My Article.txt"
    file.write_text("x")
    for path, root in ((folder, folder), (file, folder)):
        settings = settings_for(path)
        assert not Path(settings.path).is_absolute()
        [batch] = read_raw([settings], root)
        assert batch["locator"].to_pylist() == ["My Article.txt"]
    assert (settings_for(folder).name, settings_for(file).name) == ("articles", "my-article")
    with pytest.raises(InputError):
        settings_for(tmp_path / "nowhere")


def test_a_pattern_is_read_from_the_folder_before_its_first_sign(tmp_path):
    """The rest of it is what the recipe includes; without a sign, or without the folder, it is no pattern."""
    for name in ("raw/a.txt", "raw/b/c.txt", "raw/d.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    settings, folder = settings_for_pattern(str(tmp_path / "raw" / "**" / "*.txt"))
    assert (settings.include, folder) == (("**/*.txt",), (tmp_path / "raw").resolve())
    [batch] = read_raw([settings], folder)
    assert batch["locator"].to_pylist() == ["a.txt", "b/c.txt"]
    for other in ("raw", "nowhere/*.txt"):
        assert settings_for_pattern(str(tmp_path / other)) is None
