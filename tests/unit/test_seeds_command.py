"""Seeds as people name them: on the command line, and in `systems.toml`."""

import json

import numpy as np
import pytest
from support.command import harness_inside


@pytest.fixture
def files(tmp_path):
    """Write result files of two seeds of one system, and of another system."""
    random = np.random.default_rng(4)
    for name, chance in (("mt-1", 0.8), ("mt-2", 0.85), ("base", 0.5)):
        rows = [
            {"id": f"i{row}", "score": float(random.random() < chance), "cluster": f"c{row // 2}"}
            for row in range(160)
        ]
        head = json.dumps({"system": name, "task": "qa"})
        (tmp_path / f"{name}.jsonl").write_text("\n".join([head, *map(json.dumps, rows)]) + "\n")
    return [tmp_path / f"{name}.jsonl" for name in ("mt-1", "mt-2", "base")]


def test_named_files_are_one_system(files, tmp_path):
    """By the files' own paths; the JSON says which runs, and what single seeds would have claimed."""
    done = harness_inside(
        "compare", *files, "--seeds", f"mt={files[0]},{files[1]}", "--format", "json", cwd=tmp_path
    )
    assert done.code == 0, done.stderr
    (told,) = done.json
    assert [(run["system"]["name"], bool(run["seeds"])) for run in told["runs"]] == [
        ("mt", True),
        ("base", False),
    ]
    (pair,) = told["differences"]
    assert pair["verdict"] == "better" or pair["verdict"] == "inconclusive"
    assert sum(pair["seeds"]["claims"].values()) == 2


@pytest.mark.parametrize("option", ["mt", "mt=", "=a,b", "mt=nowhere-1,nowhere-2"])
def test_what_names_no_runs_is_wrong_use(files, tmp_path, option):
    """A name without runs, runs without a name, runs that are not there: exit code 2."""
    done = harness_inside("compare", *files, "--seeds", option, cwd=tmp_path)
    assert done.code == 2
    assert "--seeds" in done.stderr


def test_a_system_named_twice_is_wrong_use(files, tmp_path):
    """Which of the two lists is meant cannot be known."""
    one = f"mt={files[0]},{files[1]}"
    assert harness_inside("compare", *files, "--seeds", one, "--seeds", one, cwd=tmp_path).code == 2
