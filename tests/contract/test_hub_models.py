"""Models that are named by a repository of the Hub: what is fetched of them, and when nothing is asked for."""

import json
import subprocess
import sys

import pytest
from support.stand_in_hub import TOKEN, Blob, running_hub

FETCH = """
import json, sys
from harness.core.errors import HarnessError
from harness.systems.hf.model_files import model_files, require_weights
from harness.systems.settings import SystemSettings

settings = SystemSettings(name="m", uri="hf:somebody/model", **json.loads(sys.argv[1]))
try:
    files = model_files(settings)
    described = sorted(path.name for path in files.folder.iterdir())
    require_weights(files, settings)
    whole = sorted(path.name for path in files.folder.iterdir())
    print(json.dumps({"digest": files.digest, "described": described, "whole": whole}))
except HarnessError as error:
    print(json.dumps({"error": str(error)}))
"""
FILES = {
    "config.json": Blob(b"{}"),
    "tokenizer.json": Blob(b"{}"),
    "modeling_own.py": Blob(b"raise SystemExit"),
    "pytorch_model.bin": Blob(b"\x80\x04."),
    "model.safetensors": Blob(b"numbers", large=True),
    "onnx/config.json": Blob(b"{}"),
}


@pytest.fixture(scope="module")
def hub():
    """Serve a model: with a pickle, code of its own and another format beside what is wanted."""
    with running_hub() as running:
        repo = running.create("somebody/model")
        repo.tags["v1"] = repo.add("first", "", FILES).id
        repo.add("second", "", FILES | {"config.json": Blob(b'{"changed": true}')})
        pickled = running.create("somebody/pickle")
        pickled.add("first", "", {name: FILES[name] for name in ("config.json", "pytorch_model.bin")})
        yield running


def fetched(hub, folder, *, offline=False, name="model", **options):
    """Fetch the model in a process of its own, whose client knows only the server; tell what it says."""
    done = subprocess.run(
        [sys.executable, "-c", FETCH.replace("somebody/model", f"somebody/{name}"), json.dumps(options)],
        capture_output=True,
        text=True,
        check=True,
        cwd=folder,
        env={
            "PATH": "",
            "HF_ENDPOINT": hub.url,
            "HF_HOME": str(folder / "home"),
            "HF_TOKEN": TOKEN,
            "HF_HUB_DISABLE_XET": "1",
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "NO_PROXY": "*",
            "HF_HUB_OFFLINE": "1" if offline else "0",
        },
    )
    return json.loads(done.stdout)


def asked_for(hub):
    """Name the files that were asked for since, and forget them."""
    paths = {
        path.rpartition("/resolve/")[2].partition("/")[2] for _, path in hub.requests if "/resolve/" in path
    }
    hub.requests.clear()
    return paths


def test_what_describes_comes_first_weights_when_they_are_needed_and_nothing_that_runs(hub, tmp_path):
    """The commit is the identity; neither pickles, nor code, nor folders of other formats are asked for."""
    told = fetched(hub, tmp_path)
    assert told == {
        "digest": hub.repos["somebody/model"].commits[-1].id,
        "described": ["config.json", "tokenizer.json"],
        "whole": ["config.json", "model.safetensors", "tokenizer.json"],
    }
    assert asked_for(hub) == {"config.json", "tokenizer.json", "model.safetensors"}
    assert fetched(hub, tmp_path, offline=True) == told | {"described": told["whole"]}
    assert asked_for(hub) == set()


def test_a_revision_is_the_one_that_was_named(hub, tmp_path):
    """A tag leads to its commit, and code comes along only where it was allowed."""
    told = fetched(hub, tmp_path, revision="v1", trust_remote_code=True)
    assert told["digest"] == hub.repos["somebody/model"].tags["v1"]
    assert "modeling_own.py" in told["described"]


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("pickle", {}, "no weights are there as safetensors"),
        ("nobody", {}, "the Hub does not give a model of that name"),
        ("model", {"revision": "v9"}, "the Hub does not give a model of that name"),
        ("model", {"offline": True}, "the Hub does not give a model of that name"),
    ],
)
def test_what_is_not_there_is_told_with_a_remedy(hub, tmp_path, name, options, words):
    """A pickle is not even fetched; with the Hub switched off only what was fetched before is there."""
    told = fetched(hub, tmp_path, name=name, **options)
    assert words in told["error"]
    assert "remedy:" in told["error"]
    assert "pytorch_model.bin" not in asked_for(hub)
