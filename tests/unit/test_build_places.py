"""Where a build may read and write: nobody's files are lost, and no version is read as an article."""

import os
from pathlib import Path

import pytest
from support.versions import small_version

from harness.core.errors import ConfigurationError, InputError
from harness.core.workspace import Workspace
from harness.workflows.targets import BuildTarget

ARTICLE = "أعلنت بلدية وادي الزهر افتتاح مكتبة عامة جديدة في حي الميناء.\n"


@pytest.fixture
def articles(tmp_path):
    """A folder with one article."""
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text(ARTICLE, encoding="utf-8")
    return folder


def asked(articles: Path, out: Path) -> BuildTarget:
    """Ask to build a folder without a recipe into some place."""
    target = BuildTarget.resolve(Workspace(articles.parent), str(articles), out)
    target.request(workers=1, strict=False)
    return target


def refused(articles: Path, out: Path) -> str:
    """Say why a place is refused."""
    with pytest.raises(ConfigurationError) as caught:
        asked(articles, out)
    assert caught.value.remedy
    return caught.value.what


def test_a_folder_with_some_manifest_in_it_is_no_version(articles, tmp_path):
    """Web extensions and phone applications have a `manifest.json`, too; theirs must not cost them their files."""
    project = tmp_path / "project"
    project.mkdir()
    (project / "manifest.json").write_text('{"name": "my application"}', encoding="utf-8")
    (project / "main.js").write_text("years of work", encoding="utf-8")
    assert "main.js" in refused(articles, project)


def test_a_version_with_somebodys_notes_in_it_is_not_replaced(articles, tmp_path):
    """A file that the manifest does not list is not ours to remove."""
    version = small_version(tmp_path / "version").path
    asked(articles, version)
    (version / "notes.txt").write_text("seen by Huda", encoding="utf-8")
    assert "notes.txt" in refused(articles, version)


def test_an_empty_folder_a_new_one_and_a_judged_version_may_be_replaced(articles, tmp_path):
    """What a build or a validation wrote may go."""
    (tmp_path / "empty").mkdir()
    version = small_version(tmp_path / "version")
    version.write_gates({})
    for out in (tmp_path / "empty", tmp_path / "new", version.path):
        asked(articles, out)


def test_a_file_is_not_replaced(articles, tmp_path):
    """`--out` that names a file would cost it."""
    (tmp_path / "out").write_text("x", encoding="utf-8")
    assert "'out'" in refused(articles, tmp_path / "out")


def test_a_version_inside_its_own_source_is_refused(articles):
    """The next build would read its tables and its card as articles."""
    assert "be read as articles" in refused(articles, articles / "out" / "1.0.0")


def test_a_version_beside_the_articles_that_the_recipe_names_is_allowed(articles):
    """Patterns that leave the version out are enough."""
    recipe = articles / "recipe.toml"
    recipe.write_text(
        'name = "x"\n[[sources]]\nname = "x"\npath = "."\ninclude = ["*.txt"]\n', encoding="utf-8"
    )
    asked(recipe, articles / "out")
    asked(recipe, articles / ".hidden")


def test_a_pipe_is_no_source(tmp_path):
    """It stood for the folder around it, and that was built."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="a pipe"):
        BuildTarget.resolve(Workspace(tmp_path), str(tmp_path / "pipe"), tmp_path / "out")


def test_an_empty_target_is_not_this_folder(tmp_path):
    """A script whose variable is unset does not build whatever lies around."""
    with pytest.raises(ConfigurationError, match="empty"):
        BuildTarget.resolve(Workspace(tmp_path), "", tmp_path / "out")


def test_a_recipe_with_a_misspelt_suite_is_refused_before_the_build(articles):
    """An hour of work is not followed by a gate that does not exist."""
    recipe = articles / "recipe.toml"
    recipe.write_text(
        'name = "x"\ngates = ["encodng"]\n[[sources]]\nname = "x"\npath = "."\n', encoding="utf-8"
    )
    with pytest.raises(ConfigurationError, match="no suite is called 'encodng'") as caught:
        BuildTarget.resolve(Workspace(articles), str(recipe), None)
    assert caught.value.remedy == "did you mean 'encoding'?"
