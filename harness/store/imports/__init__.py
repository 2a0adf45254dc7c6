"""Results of other tools, read as runs: one module a format, each a pure reader of a hostile file."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from harness.core.errors import ConfigurationError, InputError
from harness.core.settings import suggestion
from harness.evaluation.alignment import RunItems
from harness.store.imports.inspect_logs import read_inspect
from harness.store.imports.kept_baseline import MARK, read_baseline_run
from harness.store.imports.lighteval_details import read_lighteval
from harness.store.imports.lm_eval_samples import read_lm_eval
from harness.store.imports.model import Imported, as_run
from harness.store.imports.reading import first_line, parsed
from harness.store.imports.score_files import read_score_lines, read_score_rows
from harness.store.imports.trec import read_trec

__all__ = ["FORMATS", "SUFFIXES", "Imported", "format_of", "import_run", "is_predictions"]

FORMATS: Mapping[str, Callable[[Path], Imported]] = MappingProxyType(
    {
        "lm-eval": read_lm_eval,
        "lighteval": read_lighteval,
        "inspect": read_inspect,
        "scores": read_score_rows,
        "segments": read_score_lines,
    }
)
# Endings that name a file and never a run or a corpus.
SUFFIXES = frozenset(
    {".jsonl", ".ndjson", ".json", ".eval", ".parquet", ".txt", ".scores", ".score", ".seg", ".trec"}
)
_TREC = "trec"
_TREC_FIELDS = 6


def import_run(
    path: Path, *, qrels: Path | None = None, clusters: Mapping[str, str] | None = None
) -> RunItems:
    """Read a result file of another tool, or a kept baseline, as a run.

    Args:
        path: The file; its format is told by its name and first line.
        qrels: The judgements, for a TREC run.
        clusters: Cluster of each item by its id; without it every item is one of its own.

    Raises:
        InputError: The file cannot be read, is too large, or is not what its format says; or `clusters` lacks
            an item.
        ConfigurationError: The format is not known, or a TREC run comes without judgements.
    """
    if first_line(path).startswith(MARK):
        return read_baseline_run(path)
    kind = format_of(path)
    imported = read_trec(path, qrels) if kind == _TREC else FORMATS[kind](path)
    return as_run(imported, path, clusters)


def is_predictions(path: Path) -> bool:
    """Tell whether a file holds answers that were not scored: lines with `id` and `output` or `error`, no score.

    Raises:
        InputError: It cannot be read.
    """
    line = first_line(path)
    try:
        row = parsed(line, path, "line 1") if line.startswith("{") else None
    except InputError:
        return False
    if not isinstance(row, dict) or "id" not in row:
        return False
    return not row.keys().isdisjoint({"output", "error"}) and row.keys().isdisjoint({"score", "scores"})


def format_of(path: Path) -> str:
    """Tell a file's format by its name and first line.

    Raises:
        ConfigurationError: It is none of those known.
        InputError: It cannot be read.
    """
    by_name = {".parquet": "lighteval", ".eval": "inspect", ".json": "inspect"}
    if path.suffix.lower() in by_name:
        return by_name[path.suffix.lower()]
    line = first_line(path)
    if line.startswith("{"):
        return "lm-eval" if '"doc_id"' in line and '"filtered_resps"' in line else "scores"
    if len(line.split()) == _TREC_FIELDS and line.split()[1] == "Q0":
        return _TREC
    if path.suffix.lower() in {".txt", ".scores", ".seg", ".score"}:
        return "segments"
    raise ConfigurationError(
        "this is neither a run nor a known result file",
        where=str(path),
        remedy=suggestion(path.suffix.lstrip("."), [*FORMATS, _TREC]) + "; see docs/statistics.md",
    )
