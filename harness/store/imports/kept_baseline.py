"""A run kept as one small file that is committed, so that later runs are held against it item by item.

It holds ids, clusters, references, answers and scores, and no text of the corpus. Its first line names the run and
the hash of all that follows.
"""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
from pydantic import ValidationError

from harness.core.files import write_atomically
from harness.core.fingerprints import canonical_json, sha256_of
from harness.evaluation.alignment import SCORE_PREFIX, RunItems
from harness.evaluation.results import RunResult, Subject
from harness.store.imports.reading import as_object, broken, lines_of, parsed

MARK = '{"harness_baseline":'
_FORMAT = 1
_TEXTS = (
    "item_id",
    "document_id",
    "cluster",
    "split",
    "lang",
    "source",
    "section",
    "reference",
    "output",
    "failure",
)
_LEFT_OUT = ("title", "input")


def write_baseline(run: RunItems, path: Path) -> None:
    """Keep a run as a baseline, the same bytes for the same run.

    Raises:
        OSError: The file cannot be written.
    """
    items = run.items.sort_by("item_id")
    names = [name for name in items.column_names if name in _TEXTS or name.startswith(SCORE_PREFIX)]
    rows = "".join(canonical_json(row) + "\n" for row in items.select(names).to_pylist())
    head = {
        "harness_baseline": _FORMAT,
        "result": run.result.model_dump(mode="json"),
        "subject": run.subject.model_dump(mode="json"),
        "rows_sha256": sha256_of(rows),
    }
    write_atomically(path, json.dumps(head, ensure_ascii=False, separators=(",", ":")) + "\n" + rows)


def read_baseline_run(path: Path) -> RunItems:
    """Read a kept baseline as a run.

    Raises:
        InputError: It is none, or was changed since it was written.
    """
    lines = [line for _, line in lines_of(path)]
    head = as_object(parsed(lines[0] if lines else "", path, "line 1"), path, "line 1")
    rows = [as_object(parsed(line, path, "a row"), path, "a row") for line in lines[1:]]
    if sha256_of("".join(line + "\n" for line in lines[1:])) != head.get("rows_sha256"):
        raise broken(path, "its rows were changed after it was written")
    try:
        result, subject = (
            RunResult.model_validate(head.get("result")),
            Subject.model_validate(head.get("subject")),
        )
    except ValidationError as error:
        raise broken(
            path, f"line 1 is not what a baseline begins with ({error.error_count()} mistakes)"
        ) from None
    return RunItems(result, subject, _table(rows, path))


def with_texts(run: RunItems, others: list[RunItems]) -> RunItems:
    """Take the texts that a baseline leaves out from another run on the same items, for reading alone."""
    items = run.items.sort_by("item_id")
    for other in others:
        theirs = other.items.sort_by("item_id")
        if other is not run and theirs.column("item_id").equals(items.column("item_id")):
            for name in _LEFT_OUT:
                items = items.set_column(items.column_names.index(name), name, theirs.column(name))
            break
    return RunItems(run.result, run.subject, items)


def _table(rows: list[dict[str, Any]], path: Path) -> pa.Table:
    names = list(rows[0]) if rows else []
    scores = [name for name in names if name.startswith(SCORE_PREFIX)]
    schema = pa.schema(
        [pa.field(name, pa.string()) for name in (*_TEXTS, *_LEFT_OUT)]
        + [pa.field(name, pa.float64()) for name in scores]
    )
    try:
        return pa.Table.from_pylist([{**dict.fromkeys(_LEFT_OUT, ""), **row} for row in rows], schema=schema)
    except (pa.ArrowException, TypeError):
        raise broken(path, "a row has another form") from None
