"""The house keeps its shape: no Python under `datasets/`, and the library of that name is the real one."""

from pathlib import Path

import datasets

ROOT = Path(__file__).resolve().parent.parent


def test_no_python_file_lies_in_the_folder_of_corpora():
    """A module there would shadow the `datasets` library for every test session."""
    assert not list((ROOT / "datasets").rglob("*.py"))


def test_the_library_named_datasets_is_the_installed_one():
    """The folder of corpora has the library's name and must never be imported in its place."""
    assert "site-packages" in str(datasets.__file__)
