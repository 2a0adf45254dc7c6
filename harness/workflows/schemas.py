"""JSON Schemas of the files that people edit, for completion and checks in their editors."""

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from harness.core.errors import ConfigurationError
from harness.core.recipe import Recipe
from harness.core.settings import suggestion
from harness.core.workspace import Workspace
from harness.evaluation.gate import ComparisonGate
from harness.evaluation.tasks import KINDS as TASK_KINDS
from harness.gates.suite_schema import suite_schema
from harness.systems.settings import SystemsFile
from harness.workflows.named_signals import named_signals

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def _recipe_schema() -> dict[str, Any]:
    return {"$schema": _DRAFT, **Recipe.model_json_schema(), "title": "The recipe of a corpus"}


def _tasks_schema() -> dict[str, Any]:
    definitions: dict[str, Any] = {}
    kinds = []
    for kind in TASK_KINDS.values():
        schema = kind.settings.model_json_schema(ref_template="#/$defs/{model}")
        definitions |= schema.pop("$defs", {})
        schema["properties"]["kind"] = {"const": kind.name}
        schema["required"] = ["kind", *(key for key in schema["required"] if key != "name")]
        definitions[kind.name] = schema | {"title": kind.name}
        kinds.append({"$ref": f"#/$defs/{kind.name}"})
    return {
        "$schema": _DRAFT,
        "title": "The tasks of a corpus",
        "type": "object",
        "additionalProperties": False,
        "properties": {"tasks": {"type": "array", "items": {"oneOf": kinds}}},
        "$defs": definitions,
    }


def _systems_schema() -> dict[str, Any]:
    return {"$schema": _DRAFT, **SystemsFile.model_json_schema(), "title": "The systems of a corpus"}


def _gate_schema() -> dict[str, Any]:
    return {"$schema": _DRAFT, **ComparisonGate.model_json_schema(), "title": "The gate of a comparison"}


# File of people -> what may stand in it.
SCHEMAS: Mapping[str, Callable[[], dict[str, Any]]] = MappingProxyType(
    {
        "gate": _gate_schema,
        "recipe": _recipe_schema,
        "suite": suite_schema,
        "tasks": _tasks_schema,
        "systems": _systems_schema,
    }
)


def schema_of(name: str, workspace: Workspace | None = None) -> dict[str, Any]:
    """Give the JSON Schema (draft 2020-12) of a kind of file.

    Args:
        name: A key of `SCHEMAS`.
        workspace: Whose recipes' own signals suites may name, as far as they are installed; None knows none.

    Raises:
        ConfigurationError: There is no such kind.
    """
    if name not in SCHEMAS:
        raise ConfigurationError(
            f"no kind of file is called '{name}'", where="KIND", remedy=suggestion(name, list(SCHEMAS))
        )
    if name == "suite" and workspace is not None:
        return suite_schema(named_signals(workspace).installed)
    return SCHEMAS[name]()


def schema_text(name: str, workspace: Workspace | None = None) -> str:
    """Write a schema as it is kept in a repository: indented, the same bytes each time.

    Raises:
        ConfigurationError: There is no such kind.
    """
    return json.dumps(schema_of(name, workspace), ensure_ascii=False, indent=1) + "\n"
