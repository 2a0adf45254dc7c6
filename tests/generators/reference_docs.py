"""Write docs/reference from the code: commands, files that people edit, signals, tables.

`--check` compares instead, names what has drifted and exits 1.
"""

import inspect
import itertools
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import typer.main

from harness.cli.app import app
from harness.core.explanation import EXIT_CODES, Page
from harness.core.recipe import Recipe
from harness.core.schema import DOCUMENTS, LEDGER_TABLES
from harness.core.signals import SIGNALS
from harness.core.workspace import Workspace, shipped_root
from harness.evaluation.tasks import KINDS
from harness.evaluation.tasks.task import MetricChoice
from harness.systems.registry import FAMILIES
from harness.systems.settings import SystemsFile
from harness.text.cleaning import PROFILES, CleaningRule
from harness.text.credits import credit_stages, take_credits
from harness.workflows.explain import all_pages

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
_SHOWN_KINDS = ("rule", "error code", "duplicate rule")
_HEAD = "<!-- Written by `make docs`; change the code instead. -->\n\n"


def main() -> int:
    """Write the pages, or name those that differ."""
    check = "--check" in sys.argv[1:]
    drifted = []
    for name, text in pages().items():
        path = REFERENCE / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            drifted.append(name)
            if not check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
    if check and drifted:
        print(f"docs/reference is not up to date: {', '.join(drifted)}; run `make docs`", file=sys.stderr)
        return 1
    return 0


def pages() -> dict[str, str]:
    """Give every page under its file name."""
    return {
        "commands.md": _HEAD + "\n".join(_commands()) + "\n",
        "recipe.md": _HEAD + "\n".join(_recipe()) + "\n",
        "systems.md": _HEAD + "\n".join(_systems()) + "\n",
        "tasks.md": _HEAD + "\n".join(_tasks()) + "\n",
        "signals.md": _HEAD + "\n".join(_signals()) + "\n",
        "tables.md": _HEAD + "\n".join(_tables()) + "\n",
        "cleaning.md": _HEAD + "\n".join(_cleaning()) + "\n",
        "rules.md": _HEAD + "\n".join(_rules()) + "\n",
    }


def _commands() -> Iterator[str]:
    yield "# Commands"
    yield "\nstdout is the result, stderr is progress. `--format human|json|jsonl|quiet` goes with every command.\n"
    for name, command in _named_commands("harness", typer.main.get_command(app)):
        yield f"## {name}\n"
        yield (command.help or "").strip() + "\n"
        yield "| argument or option | meaning |\n|---|---|"
        for parameter in (one for one in command.params if not getattr(one, "hidden", False)):
            names = ", ".join(
                f"`{option}`" for option in parameter.opts if parameter.param_type_name == "option"
            )
            meaning = (getattr(parameter, "help", None) or "Print this help and exit.").replace("|", "\\|")
            yield f"| {names or _argument(parameter)} | {meaning} |"
        yield ""
    yield "## Exit codes\n\n| code | meaning |\n|---|---|"
    yield from (f"| {int(code)} | {meaning} |" for code, meaning in EXIT_CODES.items())


def _named_commands(name: str, command: object) -> Iterator[tuple[str, object]]:
    """Give the commands of a group, those of its groups included, in order of their names."""
    inner = getattr(command, "commands", None)
    if inner is None:
        yield name, command
        return
    for word, one in sorted(inner.items()):
        yield from _named_commands(f"{name} {word}", one)


def _argument(parameter: object) -> str:
    return f"`{(getattr(parameter, 'metavar', None) or parameter.name).upper()}`"


def _recipe() -> Iterator[str]:
    yield "# recipe.toml\n\nKeys that are not listed here are refused with a suggestion."
    schema = Recipe.model_json_schema()
    yield from _object("The recipe", schema)
    for name, definition in sorted(schema["$defs"].items()):
        if "properties" in definition:
            yield from _object(name, definition)


def _tasks() -> Iterator[str]:
    yield (
        "# tasks.toml\n\nOne `[[tasks]]` a task, each with its `kind`. A corpus without the file has one task of every "
        "kind that needs no file of annotations, named like it.\nKeys that are not listed here are refused with a suggestion."
    )
    for kind in KINDS.values():
        schema = kind.settings.model_json_schema()
        schema["properties"]["name"].setdefault("default", kind.name)
        schema["required"] = ["kind", *(key for key in schema["required"] if key != "name")]
        yield from _object(f'kind = "{kind.name}"', schema)
        yield f"\nWhat its scores do not say: {kind.pitfalls}"
    yield from _object("MetricChoice", MetricChoice.model_json_schema())


def _systems() -> Iterator[str]:
    yield "# Systems\n\nWhat `--system` takes; how each works is told in [systems](../systems.md).\n"
    yield "| system | answers | options | what it is |\n|---|---|---|---|"
    for family in FAMILIES.values():
        kinds = "any kind" if family.kinds is None else ", ".join(sorted(family.kinds)) or "none by default"
        options = ", ".join(f"`{option}`" for option in sorted(family.options))
        yield f"| `{family.usage}` | {kinds} | {options} | {family.summary.replace('|', chr(92) + '|')} |"
    yield "\n# systems.toml\n\nKeys that are not listed here are refused with a suggestion."
    schema = SystemsFile.model_json_schema()
    yield from _object("[[systems]]", schema["$defs"]["SystemSettings"])
    yield from _object("Prices", schema["$defs"]["Prices"])


def _object(title: str, definition: dict) -> Iterator[str]:
    yield f"\n## {title}\n\n{definition.get('description', '').strip()}\n"
    yield "| key | type | default |\n|---|---|---|"
    required = definition.get("required", [])
    for key, value in definition["properties"].items():
        default = (
            "required" if key in required else f"`{json.dumps(value.get('default'), ensure_ascii=False)}`"
        )
        if "$ref" in str(value) and default.startswith("`{"):
            default = "see there"
        yield f"| `{key}` | {_type(value)} | {default} |"


def _type(value: dict) -> str:
    if "$ref" in value:
        name = value["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in value:
        return " or ".join(_type(one) for one in value["anyOf"] if one.get("type") != "null") + ", optional"
    if "enum" in value:
        return " or ".join(f"`{one}`" for one in value["enum"])
    if value.get("type") == "array":
        return f"list of {_type(value.get('items', {}))}"
    return str(value.get("type", "value"))


def _signals() -> Iterator[str]:
    yield "# Signals\n\nMeasured once, in the build; rules and gates decide over them at any time. "
    yield "A package of yours can measure more: [signals of your own](../signals.md)."
    yield "\n| signal | kind | meaning |\n|---|---|---|"
    yield from (f"| `{signal.name}` | {signal.kind} | {signal.meaning} |" for signal in SIGNALS)


def _tables() -> Iterator[str]:
    yield "# Tables of a version\n\nEach is a config of the dataset; a table without rows is left out of the card."
    for name, schema in {"default": DOCUMENTS, **LEDGER_TABLES}.items():
        yield f"\n## {name}\n\n| column | type |\n|---|---|"
        yield from _columns(schema)


def _columns(schema: pa.Schema) -> Iterator[str]:
    signals = {signal.name for signal in SIGNALS}
    yield from (f"| `{field.name}` | {field.type} |" for field in schema if field.name not in signals)
    if signals & set(schema.names):
        yield "| and every [signal](signals.md) | |"


def _cleaning() -> Iterator[str]:
    yield "# Cleaning rules\n\nEvery change that a rule makes is an edit in the ledger and can be undone."
    for profile, rules in PROFILES.items():
        yield f"\n## Profile `{profile}`\n"
        for rule in rules:
            yield f"### {rule.name} (version {rule.version})\n\n{_docstring(rule)}\n"
        for stage, version in credit_stages(profile).items():
            about = inspect.cleandoc(take_credits.__doc__ or "").partition("\n\nArgs:")[0]
            yield f"### {stage}, after all rules (version {version})\n\n{about}\n"


def _rules() -> Iterator[str]:
    yield (
        "# Rules of the shipped suites, and codes\n\n`harness explain CODE` tells the same, of your own suites and "
        "recipes, too.\nA rule's limit is what its suite in `expectations/` says: copy a suite into your own repository to "
        "change it."
    )
    pages = [page for page in all_pages(Workspace(shipped_root())).pages if page.kind in _SHOWN_KINDS]
    for heading, some in itertools.groupby(pages, key=_heading):
        yield f"\n## {heading}\n"
        for page in some:
            yield from _rule(page)


def _heading(page: Page) -> str:
    return f"Suite `{Path(page.where.rpartition(':')[0]).stem}`" if page.kind == "rule" else f"{page.kind}s"


def _rule(page: Page) -> Iterator[str]:
    yield f"### {page.code}\n\n**{page.title}.** {_as_markdown(page)}\n"


def _as_markdown(page: Page) -> str:
    what = f"`{page.what}`" if page.kind == "rule" else page.what
    said = [what, page.why]
    said += [f"*Example:* {page.example}"] if page.example else []
    said += [f"*To mend it:* {page.fix}"] if page.fix else []
    said += [f"*Wrongly catches:* {page.wrongly}"] if page.wrongly else []
    return "\n\n".join(part.replace("\n", " ") for part in said if part)


def _docstring(rule: CleaningRule) -> str:
    return inspect.cleandoc(rule.find.__doc__ or "")


if __name__ == "__main__":
    sys.exit(main())
