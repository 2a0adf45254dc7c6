"""The JSON Schemas that editors complete from: they take what the loaders take, and refuse plain mistakes."""

import copy
import json
import tomllib
from pathlib import Path

import jsonschema
import pytest
from support.command import harness_inside

from harness.workflows.schemas import SCHEMAS, schema_of

_ROOT = Path(__file__).resolve().parents[2]
_SUITES = sorted((_ROOT / "expectations").glob("*.json"))
_RECIPES = sorted((_ROOT / "datasets").glob("*/recipe.toml"))
_TASKS = sorted((_ROOT / "datasets").glob("*/tasks.toml"))


def _errors(kind, content):
    schema = schema_of(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    return [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(content)]


@pytest.mark.parametrize("path", _SUITES, ids=lambda path: path.stem)
def test_the_shipped_suites_fit_their_schema(path):
    """An editor marks nothing in them."""
    assert _errors("suite", json.loads(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", [*_RECIPES, *_TASKS], ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_shipped_recipes_and_tasks_fit_their_schemas(path):
    """Neither in these."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    assert _errors("recipe" if path.stem == "recipe" else "tasks", content) == []


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("type",), "expect_column_values_to_be_beetween"),
        (("severity",), "crtical"),
        (("kwargs", "max_valeu"), 3),
        (("kwargs", "column"), "wrods"),
        (("kwargs", "mostly"), 97),
        (("meta", "rule"), "no code"),
        (("serverity",), "critical"),
    ],
)
def test_what_great_expectations_would_drop_is_marked_while_writing(place, value):
    """A misspelt type, severity, keyword or column shows in the editor before any run."""
    suite = json.loads(_SUITES[0].read_text(encoding="utf-8"))
    changed = copy.deepcopy(suite)
    target = changed["expectations"][0]
    for step in place[:-1]:
        target = target[step]
    target[place[-1]] = value
    assert _errors("suite", suite) == []
    assert _errors("suite", changed)


def test_an_unknown_key_of_a_recipe_is_marked():
    """So is a task of an unknown kind."""
    recipe = tomllib.loads(_RECIPES[0].read_text(encoding="utf-8"))
    assert _errors("recipe", recipe | {"lisence": "CC0-1.0"})
    assert _errors("tasks", {"tasks": [{"kind": "langauge-id"}]})


def test_the_command_prints_each_schema_and_refuses_others(tmp_path):
    """What is printed is the schema, and nothing else."""
    for kind in SCHEMAS:
        assert json.loads(harness_inside("schema", kind, cwd=tmp_path).stdout) == schema_of(kind)
    refused = harness_inside("schema", "recpie", cwd=tmp_path)
    assert refused.code == 2
    assert "recipe" in refused.stderr
