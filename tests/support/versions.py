"""A tiny version folder with every table, made without a build."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from harness.core.fingerprints import sha256_of
from harness.core.manifest import Counts, InputEntry, Manifest
from harness.core.recipe import Recipe, SourceSettings
from harness.core.schema import DOCUMENTS, LEDGER_TABLES
from harness.core.verdict import GateResult, GateStatus, SuiteIdentity, Verdict
from harness.hub.card import render_card
from harness.store.versions import CARD, VersionContent, VersionFolder, write_manifest, write_tables

RECIPE = Recipe(
    name="tiny-news",
    version="1.0.0",
    title="Tiny news",
    description="Three invented articles.",
    license="CC0-1.0",
    sources=(SourceSettings(name="desk", license="CC0-1.0"),),
)
_TEXTS = {
    "train": ("افتتحت البلدية الحديقة، أمس.", "بدأ الموسم الدراسي."),
    "validation": (),
    "test": ("Rain fell.",),
}


# What the table of records tells of a document, too.
_TOLD = ("id", "source", "chars", "words", "lang")


def small_version(
    path: Path, recipe: Recipe = RECIPE, *, texts: Mapping[str, tuple[str, ...]] = _TEXTS, card_body: str = ""
) -> VersionFolder:
    """Write a finished version: some kept documents, one rejection, one edit; no errors, no clusters."""
    path.mkdir(parents=True, exist_ok=True)
    content = _content(texts)
    files = write_tables(path, content)
    manifest = _manifest(recipe, content).model_copy(update={"files": files})
    (path / CARD).write_text(render_card(manifest, card_body), encoding="utf-8", newline="\n")
    write_manifest(path, manifest)
    return VersionFolder(path, manifest)


def judged(version: VersionFolder, *, status: GateStatus = "passed") -> list[SuiteIdentity]:
    """Write `gates.json` as a validation would, every suite of the recipe with one gate; give the suites."""
    suites = [
        SuiteIdentity(name=name, sha256=sha256_of(name), declared=1) for name in version.manifest.recipe.gates
    ]
    verdict = Verdict(
        dataset=version.manifest.name,
        version=version.manifest.version,
        content_hash=version.manifest.content_hash,
        suites=tuple(suites),
        gates=tuple(_gate(suite.name, status) for suite in suites),
        evaluator="none",
    )
    version.write_gates(verdict.as_json())
    return suites


def _gate(suite: str, status: GateStatus) -> GateResult:
    return GateResult(
        rule=f"{suite}-1",
        suite=suite,
        table="documents",
        expectation="expect_table_row_count_to_be_between",
        severity="critical",
        status=status,
        observed="3",
        allowed=">= 1",
        evaluated=3,
        unexpected=0,
        unexpected_share=0.0,
    )


def _content(texts: Mapping[str, tuple[str, ...]]) -> VersionContent:
    splits = {
        split: rows(DOCUMENTS, [_document(text) for text in written]) for split, written in texts.items()
    }
    kept = [
        {**{name: document[name] for name in _TOLD}, "status": "kept", "split": split}
        for split, table in splits.items()
        for document in table.to_pylist()
    ]
    refused = {"id": "r1", "locator": "short.txt"}
    filled: dict[str, list[dict[str, Any]]] = {
        "records": [*kept, {**refused, "status": "rejected", "rule": "too-short"}],
        "rejected": [{**refused, "stage": "rules", "rule": "too-short", "observed": "2", "allowed": ">= 20"}],
        "edits": [{"id": "r1", "seq": 0, "rule": "cut-residue", "start": 0, "before": "a", "after": ""}],
        "metrics": [{"slice": "all", "read": len(kept) + 1, "kept": len(kept), "rejected": 1, "errors": 0}],
    }
    return VersionContent(
        splits, {name: rows(schema, filled.get(name, [])) for name, schema in LEDGER_TABLES.items()}
    )


def rows(schema: pa.Schema, given: list[dict[str, Any]]) -> pa.Table:
    """Make a table of a schema; columns that a row does not give are null."""
    return pa.Table.from_pylist(
        [{field.name: row.get(field.name) for field in schema} for row in given], schema
    )


def _document(text: str) -> dict[str, Any]:
    return {
        "id": sha256_of(text)[:12],
        "text": text,
        "source": "desk",
        "license": "CC0-1.0",
        "locator": f"{sha256_of(text)[:6]}.txt",
        "encoding": "utf-8",
        "decode_repairs": [],
        "cluster": sha256_of(text)[:12],
        "chars": len(text),
        "words": len(text.split()),
        "lang": "en" if text.isascii() else "ar",
        "lang_score": 1.0,
        "edits": 0,
    }


def made_manifest(recipe: Recipe = RECIPE) -> Manifest:
    """Make the manifest of the small version."""
    return _manifest(recipe, _content(_TEXTS))


def _manifest(recipe: Recipe, content: VersionContent) -> Manifest:
    documents = pa.concat_tables(content.splits.values())
    tags = documents["lang"].to_pylist()
    return Manifest(
        name=recipe.name,
        version=recipe.version,
        content_hash=sha256_of("\n".join(documents["text"].to_pylist())),
        recipe=recipe,
        stages={"decode": "1", "clean": "1"},
        identifier="pycld2 0.42",
        made_with={"corpus-harness": "0.1.0"},
        inputs=(InputEntry(source="desk", records=len(tags) + 1, bytes=1000, sha256=sha256_of("raw")),),
        counts=Counts(
            read=len(tags) + 1,
            kept=len(tags),
            rejected=1,
            errors=0,
            rejected_by={"too-short": 1},
            errors_by={},
            edits_by={"cut-residue": 1},
        ),
        splits={split: table.num_rows for split, table in content.splits.items()},
        languages={tag: tags.count(tag) for tag in sorted(set(tags))},
        tables={name: table.num_rows for name, table in content.ledger.items()},
        files={},
    )
