"""A dataset of the Hub is read as a source through the unmodified client, and only when it was named."""

import pyarrow.parquet as pq
import pytest
from support.command import harness
from support.stand_in_hub import TOKEN, Blob, running_hub

ARTICLE = "أعلنت بلدية وادي الزهر افتتاح مكتبة عامة جديدة في حي {}، وتضم القاعة الكبرى عشرين ألف كتاب."


@pytest.fixture(scope="module")
def hub():
    """Serve a dataset with articles in two formats and a page of documentation."""
    files = {
        "README.md": Blob(b"# about"),
        "data/a2.txt": Blob(ARTICLE.format("الميناء").encode()),
        "data/a10.txt": Blob(ARTICLE.format("السوق").encode()),
        "data/b.jsonl": Blob(f'{{"text": "{ARTICLE.format("الجبل")}"}}\n'.encode(), large=True),
    }
    with running_hub() as running:
        running.create("somebody/news").add("articles", "", files)
        for blob in files.values():
            running.large[blob.sha256] = blob.content
        yield running


def settings(hub, folder, *, offline):
    """Point clients at the server, with a cache of their own."""
    return {
        "HF_ENDPOINT": hub.url,
        "HF_HOME": str(folder / "home"),
        "HF_TOKEN": TOKEN,
        "HF_HUB_DISABLE_XET": "1",
        "NO_PROXY": "*",
        "HF_HUB_OFFLINE": "1" if offline else "0",
    }


def test_a_folder_of_a_dataset_is_a_source(hub, tmp_path):
    """Locators are relative to the folder that was named."""
    done = harness(
        "build",
        "hf://datasets/somebody/news/data",
        "--out",
        "out",
        cwd=tmp_path,
        env=settings(hub, tmp_path, offline=False),
    )
    assert done.code == 0, done.stderr
    records = pq.read_table(tmp_path / "out" / "records" / "00000.parquet")
    assert records["locator"].to_pylist() == ["a2.txt", "a10.txt", "b.jsonl#L1"]
    assert records["status"].to_pylist().count("error") == 0


def test_nothing_is_asked_for_when_the_hub_is_switched_off(hub, tmp_path):
    """Exit code 3 before the first request."""
    hub.requests.clear()
    done = harness(
        "build",
        "hf://datasets/somebody/news",
        "--out",
        "out",
        cwd=tmp_path,
        env=settings(hub, tmp_path, offline=True),
    )
    assert done.code == 3
    assert "HF_HUB_OFFLINE" in done.stderr
    assert hub.requests == []
