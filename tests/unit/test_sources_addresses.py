"""Sources at an address: read as a folder is, never reached for unasked, and told when they cannot be."""

import builtins
import json

import fsspec
import pytest

from harness.core.errors import ConfigurationError, InputError
from harness.core.recipe import SourceSettings
from harness.sources import read_raw, settings_for_address
from harness.sources.raw_file import Limits


@pytest.fixture
def memory():
    """Give a file system that lives in memory, and empty it."""
    files = fsspec.filesystem("memory")
    files.store.clear()
    files.pseudo_dirs[:] = [""]
    yield files
    files.store.clear()


def read(path, root="/nowhere", limits=None, **settings):
    """Read an address into plain rows."""
    source = SourceSettings(name="s", path=path, **settings)
    return [row for batch in read_raw([source], root, limits) for row in batch.to_pylist()]


def test_a_folder_at_an_address_is_read_like_any_folder(memory):
    """Locators are relative, the order is natural, patterns, hidden names and metadata work the same."""
    for name in ("a10.txt", "a2.txt", "in/b.jsonl", ".hidden", "no.html", "about.jsonl"):
        memory.pipe(f"/corpus/{name}", b'{"text":"x"}' if name.endswith("jsonl") else b"x")
    memory.pipe("/corpus/about.jsonl", json.dumps({"file": "a2.txt", "title": "t"}).encode())
    rows = read("memory://corpus", exclude=("*.html",), metadata="about.jsonl")
    assert [(row["locator"], row["title"]) for row in rows] == [
        ("a2.txt", "t"), ("a10.txt", None), ("in/b.jsonl#L1", None),
    ]  # fmt: skip


def test_one_file_at_an_address_is_a_source(memory):
    """Its locator is its name."""
    memory.pipe("/corpus/a.jsonl", b'{"text":"x"}\n{"text":"y"}\n')
    assert [row["locator"] for row in read("memory://corpus/a.jsonl")] == ["a.jsonl#L1", "a.jsonl#L2"]


def test_the_same_files_give_the_same_records_wherever_they_are(memory, tmp_path):
    """An address is no part of a record."""
    for name in ("a.txt", "b/c.html"):
        memory.pipe(f"/corpus/{name}", name.encode())
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    assert read("memory://corpus") == read(".", tmp_path) == read(f"file://{tmp_path}")


def test_nothing_at_an_address_is_bad_input(memory):
    """As with a folder that is not there."""
    with pytest.raises(InputError, match="no such file or folder"):
        read("memory://nothing-here")


def test_a_protocol_that_nobody_knows_is_wrong_use():
    """A slip in the address, most likely."""
    with pytest.raises(ConfigurationError, match="nosuch") as raised:
        read("nosuch://bucket/x")
    assert "s3://" in raised.value.remedy


def test_a_missing_package_is_named_with_the_extra_that_brings_it(monkeypatch):
    """What to install is part of the refusal."""
    real = builtins.__import__

    def without_s3fs(name, *rest, **named):
        if name.startswith("s3fs"):
            raise ImportError("no s3fs here")
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without_s3fs)
    with pytest.raises(ConfigurationError, match="not installed") as raised:
        read("s3://bucket/x")
    assert "corpus-harness[s3]" in raised.value.remedy


@pytest.mark.parametrize(
    "address",
    ["ftp://me:secret@host/x", "https://host/x?X-Amz-Signature=secret", "https://host/x?token=secret"],
)
def test_credentials_in_an_address_are_refused_without_being_shown(address):
    """A recipe is published."""
    with pytest.raises(ConfigurationError, match="published") as raised:
        read(address)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("value", ["1", "true"])
def test_the_hub_is_not_asked_when_it_is_switched_off(monkeypatch, value):
    """HF_HUB_OFFLINE holds here, too."""
    monkeypatch.setenv("HF_HUB_OFFLINE", value)
    with pytest.raises(InputError, match="switched off"):
        read("hf://datasets/org/name")


def test_a_network_that_fails_ends_the_build(memory, monkeypatch):
    """A dropped connection must not pass for a corpus of broken articles."""
    memory.pipe("/corpus/a.txt", b"x")
    batches = read_raw([SourceSettings(name="s", path="memory://corpus")], "/nowhere")

    def fails(*_, **__):
        raise TimeoutError("no answer")

    monkeypatch.setattr(type(memory), "_open", fails)
    with pytest.raises(InputError, match="no answer"):
        list(batches)


def test_one_file_that_vanished_is_an_error_record(memory):
    """The others are still there."""
    memory.pipe("/corpus/a.txt", b"x")
    memory.pipe("/corpus/b.txt", b"y")
    batches = read_raw([SourceSettings(name="s", path="memory://corpus")], "/nowhere", Limits())
    memory.rm("/corpus/a.txt")
    rows = [row for batch in batches for row in batch.to_pylist()]
    assert [(row["error"], row["detail"]) for row in rows] == [
        ("unreadable-file", "No such file or directory"),
        (None, None),
    ]


def test_an_address_is_described_without_reaching_for_it():
    """The name comes from its last part."""
    settings = settings_for_address("s3://bucket/News Archive/2024.jsonl.gz")
    assert (settings.name, settings.path) == ("2024", "s3://bucket/News Archive/2024.jsonl.gz")
    assert settings_for_address("-").name == "stdin"
