"""A version folder is a Hugging Face dataset: the card says what the files hold, and readers can trust it."""

import json
import os
import subprocess
import sys

import pyarrow.parquet as pq
import pytest
import yaml
from datasets import Features
from support.versions import RECIPE, small_version

from harness.core.recipe import SourceSettings
from harness.core.schema import DOCUMENTS, LEDGER_TABLES
from harness.hub.card import render_card
from harness.hub.features import features

LOAD = """
import json, sys
from datasets import get_dataset_config_names, load_dataset

configs = {}
for name in get_dataset_config_names(sys.argv[1]):
    loaded = load_dataset(sys.argv[1], name)
    configs[name] = {
        split: {"rows": part.num_rows, "features": str(part.features), "bytes": part.info.splits[split].num_bytes}
        for split, part in loaded.items()
    }
print(json.dumps({"configs": configs, "default": {s: p["text"][:] for s, p in load_dataset(sys.argv[1]).items()}}))
"""


@pytest.fixture
def load(tmp_path):
    """Load a folder with the unmodified client, offline, in a process with a cache of its own."""

    def loaded(folder):
        environment = os.environ | {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "hf")}
        return subprocess.run(
            [sys.executable, "-c", LOAD, str(folder)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return loaded


def _card(version):
    front, _, text = (
        (version.path / "README.md").read_text(encoding="utf-8").removeprefix("---\n").partition("\n---\n")
    )
    return yaml.safe_load(front), text


def test_a_version_loads_with_the_splits_and_features_of_its_card(tmp_path, load):
    """`load_dataset(FOLDER)` and each of its configs give what the card says, and no remark on the card."""
    version = small_version(tmp_path / "version")
    result = load(version.path)
    assert result.returncode == 0, result.stderr
    assert "dataset card" not in result.stderr
    loaded = json.loads(result.stdout)
    card, _ = _card(version)
    assert loaded["default"] == {
        "train": ["افتتحت البلدية الحديقة، أمس.", "بدأ الموسم الدراسي."],
        "test": ["Rain fell."],
    }
    assert set(loaded["configs"]) == {"default", "records", "rejected", "edits", "metrics"}
    for info in card["dataset_info"]:
        found = loaded["configs"][info["config_name"]]
        stated = {split["name"]: (split["num_examples"], split["num_bytes"]) for split in info["splits"]}
        assert {split: (part["rows"], part["bytes"]) for split, part in found.items()} == stated
        assert {part["features"] for part in found.values()} == {
            str(Features._from_yaml_list(info["features"]))
        }


def test_a_file_with_other_rows_than_the_card_says_is_refused(tmp_path, load):
    """The count in the card is an integrity check: a lost row does not load silently."""
    version = small_version(tmp_path / "version")
    path = version.path / "data/train/00000.parquet"
    pq.write_table(pq.read_table(path, partitioning=None).slice(1), path)
    result = load(version.path)
    assert result.returncode != 0
    assert "NonMatchingSplitsSizesError" in result.stderr


@pytest.mark.parametrize("schema", [DOCUMENTS, *LEDGER_TABLES.values()])
def test_features_are_those_that_the_library_derives(schema):
    """The card's features equal what `datasets` reads from the same Arrow schema."""
    assert features(schema) == Features.from_arrow_schema(schema)._to_yaml_list()


def test_tables_without_rows_stay_out_of_the_card(tmp_path):
    """An empty Parquet file makes the client fail, so the card names only files with rows."""
    card, _ = _card(small_version(tmp_path / "version"))
    named = {entry["path"] for config in card["configs"] for entry in config["data_files"]}
    assert "data/validation/00000.parquet" not in named
    assert not [path for path in named if path.startswith(("errors/", "clusters/"))]
    assert all(pq.read_metadata(tmp_path / "version" / path).num_rows for path in named)


def test_a_language_that_yaml_takes_for_a_boolean_stays_a_language(tmp_path):
    """Norwegian (`no`) is written so that YAML reads it as text."""
    version = small_version(tmp_path / "version", RECIPE.model_copy(update={"languages": ("no", "ar")}))
    assert _card(version)[0]["language"] == ["no", "ar"]


def test_an_unknown_licence_keeps_its_name(tmp_path):
    """A licence that the Hub does not know is `other`, with its own name beside it."""
    version = small_version(
        tmp_path / "version", RECIPE.model_copy(update={"license": "Licence Ouverte 2.0"})
    )
    card, _ = _card(version)
    assert (card["license"], card["license_name"]) == ("other", "Licence Ouverte 2.0")


def test_names_from_outside_are_shown_and_not_obeyed(tmp_path):
    """A title, description or licence with markup, a table's bar or a direction override is only text."""
    hostile = (
        "<script>x</script> [go](https://evil.example) | # a\N{RIGHT-TO-LEFT OVERRIDE}b\n---\nlicense: mit"
    )
    source = SourceSettings(name="desk", license=hostile)
    recipe = RECIPE.model_copy(update={"title": hostile, "description": hostile, "sources": (source,)})
    card, text = _card(small_version(tmp_path / "version", recipe))
    assert card["license"] == "cc0-1.0"
    assert "<script>" not in text.replace(r"\<script\>", "")
    assert "[go](" not in text.replace(r"\[go\](", "")
    assert "https://evil" not in text
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in str(card) + text
    [row] = [line for line in text.splitlines() if line.startswith("| `desk`")]
    assert row.replace(r"\|", "").count("|") == 4  # three cells


def test_what_people_wrote_stands_in_the_card_as_it_is(tmp_path):
    """The body is trusted Markdown, between the title and the sections."""
    body = "Written by *us*: see [the site](https://example.org).\n\n## Why\n\nBecause."
    version = small_version(tmp_path / "version", card_body=f"\n{body}\n")
    _, text = _card(version)
    assert f"\n\n{body}\n\n## Numbers" in text
    assert render_card(version.manifest, body) == render_card(version.manifest, body + "\n")


def test_the_sections_tell_the_numbers(tmp_path):
    """Counts, rules, languages, licences and the content hash are told; empty sections are not."""
    version = small_version(tmp_path / "version")
    _, text = _card(version)
    for line in (
        "| Read | 4 |",
        "| `too-short` | 1 |",
        "| `cut-residue` | 1 |",
        "| `ar` | 2 |",
        "| `desk` | CC0-1.0 | 4 |",
    ):
        assert line in text
    assert f"`sha256:{version.manifest.content_hash}`" in text
    assert "Could not be read because of" not in text
