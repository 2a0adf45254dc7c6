"""What it costs to judge a version: all shipped suites over made-up tables, and the same checks by others.

    python benchmarks/gates.py [ROWS]        (make bench runs it)

Gates read columns of numbers and never a text, so the tables are drawn at random with the types and the
typical values of real ones. Great Expectations' start-up is told apart. Beside it, each in an environment of its
own: the checks on rows of documents written directly in polars and as a pandera schema, their counts held equal
to ours, and Great Expectations' public way over a column of texts (2 kB each, a tenth of the rows), which is
what gates without signals have to do.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from harness.core.schema import DOCUMENTS, DRIFT, METRICS, RECORDS
from harness.core.verdict import Verdict
from harness.gates.evaluate import columns_needed, evaluate
from harness.gates.suites import Expectation, Suite, load_suite

_ROOT = Path(__file__).resolve().parents[1]
_PEERS = _ROOT / "benchmarks" / "gate_peers"
_CACHE = _ROOT / ".cache" / "bench"
_SCHEMAS = {"documents": DOCUMENTS.append(pa.field("split", pa.string())), "records": RECORDS}
_FIGURES = {"metrics": METRICS, "drift": DRIFT}
_DRAWS = np.random.default_rng(20260601)
# Columns whose numbers are large in every text; the others are counts of defects, which few texts have.
_LARGE = {"chars", "words", "lines", "paragraphs"}
_LABELS = ("lang", "source", "section", "split", "script", "status", "encoding")
_KINDS = {
    "expect_column_values_to_be_between": "between",
    "expect_column_values_to_not_be_null": "not_null",
    "expect_column_values_to_be_in_set": "in_set",
    "expect_column_values_to_not_be_in_set": "not_in_set",
    "expect_column_values_to_be_unique": "unique",
}
_TEXT_BYTES = 2_000


class _Peer(NamedTuple):
    """Somebody who judges the same: a script, the packages that it needs, and what it reads."""

    name: str
    script: str
    packages: tuple[str, ...]
    reads_texts: bool = False


_ALL_PEERS = (
    _Peer("polars, directly", "polars_direct.py", ("polars==2.1.0",)),
    _Peer("pandera", "pandera_checks.py", ("pandera==0.35.0", "pandas==3.1.1", "pyarrow==26.0.1")),
    _Peer("Great Expectations on texts", "gx_on_text.py", (), reads_texts=True),
)


def main() -> None:
    """Print CPU seconds and memory, of us and of others."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    suites = [load_suite(path) for path in sorted((_ROOT / "expectations").glob("*.json"))]
    tables = {name: _table(schema, columns_needed(suites, name), rows) for name, schema in _SCHEMAS.items()}
    tables |= {name: _figures(schema) for name, schema in _FIGURES.items()}
    verdict = _ours(suites, tables, rows)
    shared = [one for suite in suites for one in suite.expectations if _is_shared(one)]
    with tempfile.TemporaryDirectory() as folder:
        _others(Path(folder), tables["documents"], shared, verdict)


def _ours(suites: list[Suite], tables: dict[str, pa.Table], rows: int) -> Verdict:
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
    return verdict


def _is_shared(one: Expectation) -> bool:
    """Tell whether others can be asked the same: a check of each row of documents, without a condition."""
    return one.table == "documents" and one.type in _KINDS and "row_condition" not in one.kwargs


def _others(folder: Path, documents: pa.Table, shared: list[Expectation], verdict: Verdict) -> None:
    checks = [_as_data(one) for one in shared]
    (folder / "checks.json").write_text(json.dumps(checks), encoding="utf-8")
    pq.write_table(
        documents.select(sorted({check["column"] for check in checks})), folder / "columns.parquet"
    )
    _write_texts(folder / "texts.parquet", max(documents.num_rows // 10, 1))
    counted = {gate.rule: gate.unexpected for gate in verdict.gates}
    expected = [counted[one.rule] for one in shared]
    print(f"\n{len(shared)} of them, on rows of documents, by others (CPU without start-up):")
    for peer in _ALL_PEERS:
        rows = documents.num_rows // 10 if peer.reads_texts else documents.num_rows
        told = _ask(peer, folder)
        if isinstance(told, str):
            print(f"  {peer.name}: not measured: {told}")
            continue
        equal = "" if peer.reads_texts or told["unexpected"] == expected else "; COUNTS DIFFER"
        checked = "5 patterns" if peer.reads_texts else f"{len(shared)} checks"
        print(
            f"  {peer.name}: {checked} over {rows:,} rows, {told['cpu_s']:.1f} s, "
            f"{told['cpu_s'] / rows * 1e6:.1f} µs a document{equal}"
        )


def _as_data(one: Expectation) -> dict[str, Any]:
    kwargs = one.kwargs
    told = {"column": kwargs["column"], "kind": _KINDS[one.type], "values": kwargs.get("value_set")}
    return told | {"min": kwargs.get("min_value"), "max": kwargs.get("max_value")}


def _ask(peer: _Peer, folder: Path) -> dict[str, Any] | str:
    try:
        python = _python_for(peer)
        table = folder / ("texts.parquet" if peer.reads_texts else "columns.parquet")
        command = [python, _PEERS / peer.script, table, folder / "checks.json"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own script
    except subprocess.CalledProcessError as error:
        return (error.stderr or "").strip()[-300:]
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _python_for(peer: _Peer) -> Path:
    """Give the interpreter of a peer, installing its environment where it is missing."""
    if not peer.packages:
        return Path(sys.executable)
    folder = _CACHE / Path(peer.script).stem
    python, stamp = folder / "bin" / "python", folder / "installed.json"
    wanted = json.dumps(peer.packages)
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        uv = Path(sys.executable).parent / "uv"
        for words in (
            ("venv", "--quiet", "--clear", "--python", sys.executable, folder),
            ("pip", "install", "--quiet", "--python", python, *peer.packages),
        ):
            subprocess.run([uv, *words], capture_output=True, text=True, check=True)  # noqa: S603 - uv
        stamp.write_text(wanted, encoding="utf-8")
    return python


def _write_texts(path: Path, rows: int) -> None:
    letters = np.array(list("ابتثجحخدذرزسشصضطظعغفقكلمنهوي      ،."), object)
    words = "".join(letters[_DRAWS.integers(0, len(letters), 200_000)].tolist())
    starts = _DRAWS.integers(0, len(words) - _TEXT_BYTES // 2, rows).tolist()
    texts = [words[start : start + _TEXT_BYTES // 2] for start in starts]  # two bytes a letter
    pq.write_table(pa.table({"text": pa.array(texts, pa.string())}), path)


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
    if field.name in _LABELS:
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
