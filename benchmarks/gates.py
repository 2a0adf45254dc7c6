"""What it costs to judge a version: all shipped suites over made-up tables of a million documents.

    python benchmarks/gates.py [ROWS]

Gates read columns of numbers and never a text, so the tables are drawn at random with the types and the
typical values of real ones. Great Expectations is imported first: its start-up is told apart.
"""

import resource
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa

from harness.core.schema import DOCUMENTS, DRIFT, METRICS, RECORDS
from harness.gates.evaluate import columns_needed, evaluate
from harness.gates.suites import load_suite

_ROOT = Path(__file__).resolve().parents[1]
_SCHEMAS = {"documents": DOCUMENTS.append(pa.field("split", pa.string())), "records": RECORDS}
_FIGURES = {"metrics": METRICS, "drift": DRIFT}
_DRAWS = np.random.default_rng(20260601)
# Columns whose numbers are large in every text; the others are counts of defects, which few texts have.
_LARGE = {"chars", "words", "lines", "paragraphs"}


def main() -> None:
    """Print CPU seconds and memory."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    suites = [load_suite(path) for path in sorted((_ROOT / "expectations").glob("*.json"))]
    tables = {name: _table(schema, columns_needed(suites, name), rows) for name, schema in _SCHEMAS.items()}
    tables |= {name: _figures(schema) for name, schema in _FIGURES.items()}
    began = time.process_time()
    import great_expectations.validator.validator  # noqa: F401, PLC0415 - its cost is what is measured

    started = time.process_time() - began
    held = _peak_mb()
    began = time.process_time()
    verdict = evaluate(suites, tables, ("made", "1.0.0", "0" * 64))
    used = time.process_time() - began
    asked = sum(len(suite.expectations) for suite in suites)
    print(f"{asked} expectations of {len(suites)} suites over {rows:,} documents")
    print(f"CPU {used:.1f} s, after {started:.1f} s of start-up; {used / rows * 1e6:.1f} µs a document")
    print(f"peak memory {_peak_mb():.0f} MB, of which {held:.0f} MB stood before (tables and library)")
    print(", ".join(f"{verdict.counted(status)} {status}" for status in ("passed", "failed", "error")))


def _table(schema: pa.Schema, wanted: list[str], rows: int) -> pa.Table:
    return pa.table({field.name: _column(field, rows) for field in schema if field.name in wanted})


def _column(field: pa.Field, rows: int) -> pa.Array:
    kind = field.type
    if pa.types.is_boolean(kind):
        return pa.array(_DRAWS.random(rows) < 0.97)
    if pa.types.is_integer(kind):
        defects = np.where(_DRAWS.random(rows) < 0.02, _DRAWS.integers(1, 4, rows), 0)
        return pa.array(_DRAWS.integers(30, 900, rows) if field.name in _LARGE else defects, kind)
    if pa.types.is_floating(kind):
        return pa.array(_DRAWS.random(rows) * 0.2 + (0.8 if "score" in field.name else 0.0))
    if pa.types.is_timestamp(kind):
        return pa.array(_DRAWS.integers(1_600_000_000, 1_700_000_000, rows), pa.int64()).cast(kind)
    if field.name in ("lang", "source", "section", "split", "script", "status", "encoding"):
        return pa.array(np.array(["ar", "fa", "en"], object)[_DRAWS.integers(0, 3, rows)], pa.string())
    return pa.array([f"{field.name}-{number:09d}" for number in range(rows)], kind)


def _figures(schema: pa.Schema) -> pa.Table:
    """Make a table of one row without a fault: its size does not hang on the documents."""
    return pa.table(
        {
            field.name: pa.array(["all"] if pa.types.is_string(field.type) else [0], field.type)
            for field in schema
        }
    )


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
