"""Suites and tables made by hand, for tests of gates."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa

from harness.core.schema import METRICS
from harness.core.verdict import GateResult, Verdict
from harness.gates.evaluate import evaluate
from harness.gates.suite_checks import TABLES
from harness.gates.suites import Suite, load_suite

ROOT = Path(__file__).resolve().parent.parent.parent
SHIPPED = (
    "encoding", "language", "declared-language", "deduplication", "structure", "residue", "privacy", "coverage",
    "splits",
)  # fmt: skip
SUBJECT = ("demo", "1.0.0", "0" * 64)


def shipped_suites() -> list[Suite]:
    """Load the suites of the repository."""
    return [load_suite(ROOT / "expectations" / f"{name}.json") for name in SHIPPED]


def entry(type_: str, rule: str = "TST001", **kwargs: Any) -> dict[str, Any]:
    """Make an expectation as a suite's file holds it."""
    return {"type": f"expect_{type_}", "kwargs": kwargs, "severity": "critical", "meta": {"rule": rule}}


def write_suite(folder: Path, *entries: Any, table: str = "documents", **top: Any) -> Path:
    """Write a suite called `made` into a folder; `top` replaces or adds keys of the suite."""
    path = folder / "made.json"
    document = {"name": "made", "meta": {"table": table}, "expectations": list(entries)} | top
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def made_suite(folder: Path, *entries: Any, table: str = "documents") -> Suite:
    """Write a suite and load it."""
    return load_suite(write_suite(folder, *entries, table=table))


def table_of(name: str, **columns: list[Any]) -> pa.Table:
    """Make a table of a version from some of its columns; keys are added where they are not given."""
    rows = len(next(iter(columns.values())))
    keys = {"slice": [f"source={n}" for n in range(rows)]}
    if name != "metrics":
        keys = {"id": [f"d{n}" for n in range(rows)], "locator": [f"{n}.txt" for n in range(rows)]}
    filled = keys | columns
    schema = pa.schema([TABLES[name].field(column) for column in filled])
    return pa.table(filled, schema=schema)


def judge(suite: Suite, **tables: pa.Table) -> Verdict:
    """Evaluate one suite over tables by name."""
    return evaluate([suite], tables, SUBJECT)


def gate(
    folder: Path, expectation: dict[str, Any], *, table: str = "documents", **columns: list[Any]
) -> GateResult:
    """Judge one expectation over one table."""
    verdict = judge(made_suite(folder, expectation, table=table), **{table: table_of(table, **columns)})
    return verdict.gates[0]


def metrics_row(**figures: Any) -> pa.Table:
    """Make the metrics of a corpus without a fault, but for the figures of the whole that are given."""
    row: dict[str, Any] = {field.name: 0 for field in METRICS}
    row |= {"slice": "all", "kind": "all", "read": 100, "kept": 100, "language_agreement_share": 1.0}
    row |= dict.fromkeys(("dated_share", "sourced_share", "sectioned_share", "titled_share"), 1.0)
    source = row | {"slice": "source=a", "kind": "source"}
    rules = {"slice": "rules", "kind": "rule", "read": 100, "rejected": 0, "drop_share": 0.0}
    return pa.Table.from_pylist([row | figures, source, rules], METRICS)


def sound_documents(rows: int = 100, **columns: list[Any]) -> pa.Table:
    """Make documents that pass the shipped suites, but for the columns that are given."""
    filled: dict[str, list[Any]] = {}
    for field in TABLES["documents"]:
        if pa.types.is_integer(field.type):
            filled[field.name] = [0] * rows
        elif pa.types.is_floating(field.type):
            filled[field.name] = [0.0] * rows
        elif field.name in ("id", "locator", "cluster", "text"):
            filled[field.name] = [f"{field.name}{n}" for n in range(rows)]
    filled |= {"words": [100] * rows, "chars": [500] * rows, "lines": [4] * rows}
    filled |= {"ends_with_stop": [True] * rows, "date_unread": [False] * rows}
    filled["raw_sha256"] = [f"{n:064x}" for n in range(rows)]
    filled |= {"lang": ["ar"] * rows, "lang_declared": ["ar"] * rows, "lang_agrees": [True] * rows}
    filled |= {
        "lang_score": [1.0] * rows,
        "encoding": ["utf-8"] * rows,
        "split": (["train", "validation", "test"] * rows)[:rows],
    }
    return table_of("documents", **(filled | columns))
