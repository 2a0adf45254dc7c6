"""Run folders: what a system answered to a task, and the only reader and writer of them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pydantic import BaseModel, Field, ValidationError

from harness.core.errors import InputError
from harness.core.files import folder_written_whole
from harness.core.fingerprints import canonical_json, sha256_of, sha256_of_file
from harness.core.frozen import Frozen
from harness.evaluation.items import TASK_ITEMS
from harness.evaluation.resampling import Floats
from harness.evaluation.results import RunResult, Subject, SystemIdentity
from harness.evaluation.scoring import MissingPolicy
from harness.store.counts import read_counts, write_counts

# One row an item: the task's columns in the task's order, then what the system gave. A float64 column
# `score:<metric>` a metric follows; it is null where the item was not scored (a failure under `drop`).
ITEMS = pa.schema(
    [
        *TASK_ITEMS,
        pa.field("output", pa.string()),  # in the form of `reference`; null where the system failed
        pa.field("failure", pa.string()),  # a FailureKind
    ]
)

# Further columns, between these and the scores, of a system whose server counts tokens.
METERED = pa.schema(
    [
        pa.field("input_tokens", pa.int64()),
        pa.field("output_tokens", pa.int64()),
        pa.field("logprob", pa.float64()),  # sum of natural logarithms over the answer's tokens; may be null
    ]
)

# A further column, before those, of a run in which a system said something that could not be used as an answer.
SAID = pa.field("said", pa.string())  # bounded in length; hostile until escaped

_MANIFEST, _RESULT, _ITEMS, _OUTPUTS = "manifest.json", "result.json", "items.parquet", "outputs.jsonl"
_COUNTS = "counts.parquet"  # only in runs with a metric that is no mean; in those of older versions never


class RunManifest(Frozen):
    """What a run was made from. Nothing in it depends on the day, the machine or the place."""

    run_id: str
    subject: Subject
    system: SystemIdentity
    on_missing: MissingPolicy
    seed: int
    code: str | None = None  # hash of harness' own code, where it runs from a checkout
    packages: dict[str, str]
    signatures: tuple[str, ...]
    answers: str = ""  # the journal that its answers were kept in; "" where the system holds them itself
    counts: dict[str, int] = Field(default_factory=dict)  # metric -> kept columns, set on writing
    files: dict[str, str] = Field(default_factory=dict)  # name -> sha256, set on writing


_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True)
class RunFolder:
    """One run on disk.

    Args:
        path: The folder; its name is the run's id.
        manifest: What the run was made from.
        result: Its scores.
    """

    path: Path
    manifest: RunManifest
    result: RunResult

    @classmethod
    def open(cls, path: Path) -> "RunFolder":
        """Read a run's manifest and result.

        Raises:
            InputError: The folder is no run, one of its files is missing or broken, or the scores are not
                those that the run wrote.
        """
        _require_files(path, _MANIFEST, _RESULT, _ITEMS, _OUTPUTS)
        manifest = _read(path / _MANIFEST, RunManifest)
        _require_files(path, *([_COUNTS] if manifest.counts else []))
        _require_unchanged(path / _RESULT, manifest)
        return cls(path, manifest, _read(path / _RESULT, RunResult))

    @property
    def run_id(self) -> str:
        """The run's id, `<task>--<system>--<12 hexadecimal digits>`."""
        return self.manifest.run_id

    def items(self) -> pa.Table:
        """Read the items with their answers and scores: the columns of ITEMS, then `score:<metric>`.

        Raises:
            InputError: The file is not the one that the manifest names.
        """
        return self._items

    def counts(self) -> dict[str, Floats]:
        """Read the sufficient statistics of metrics that are no mean over items, row by row as `items`.

        Returns:
            By metric, shape (items, k): what its formula takes sums of. Nothing for runs that keep none.

        Raises:
            InputError: The file is not the one that the manifest names, or holds other columns than it says.
        """
        if not self.manifest.counts:
            return {}
        path = self.path / _COUNTS
        _require_unchanged(path, self.manifest)
        return read_counts(path, self.manifest.counts, items=self.items().num_rows)

    def answers(self) -> dict[str, Any]:
        """Read what the system answered: by item id an output, a text or a list of ids; failures are left out.

        Raises:
            InputError: The file is not the one that the manifest names.
        """
        path = self.path / _OUTPUTS
        _require_unchanged(path, self.manifest)
        entries = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
        return {entry["id"]: entry["output"] for entry in entries if "output" in entry}

    def tokens(self) -> tuple[int, int] | None:
        """Sum up the tokens of prompts and of answers; None where the system counts none."""
        items = self.items()
        if METERED.names[0] not in items.column_names:
            return None
        sums = [pc.sum(items.column(name)).as_py() or 0 for name in METERED.names[:2]]
        return sums[0], sums[1]

    @cached_property
    def _items(self) -> pa.Table:
        path = self.path / _ITEMS
        _require_unchanged(path, self.manifest)
        # Not pq.read_table, which imports pyarrow.dataset and with it pandas: half of a comparison's time.
        with pq.ParquetFile(path) as parquet:
            return parquet.read()


def run_id(subject: Subject, system: SystemIdentity, *facts: str) -> str:
    """Name a run by what it is made from, so that the same run has the same name anywhere.

    Args:
        subject: The task and the version that it comes from.
        system: The system; its fingerprint holds its version and its own data.
        facts: What else changes the scores: policy, seed, signatures of metrics.
    """
    made_from = [subject.model_dump(mode="json"), system.model_dump(mode="json"), list(facts)]
    digest = sha256_of(canonical_json(made_from))[:12]
    return f"{subject.task}--{slug(system.name)}--{digest}"


def slug(name: str) -> str:
    """Make a name fit for a folder: lower-case letters, digits and single hyphens, at most 48."""
    kept = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name.lower())
    return "-".join(part for part in kept.split("-") if part)[:48].rstrip("-") or "system"


def write_run(
    target: Path,
    manifest: RunManifest,
    result: RunResult,
    items: pa.Table,
    *,
    counts: Mapping[str, Floats] | None = None,
) -> RunFolder:
    """Write a run whole or not at all; a run of the same name is replaced.

    `outputs.jsonl` holds the answers alone, in the form of a predictions file.

    Args:
        target: The run's folder.
        manifest: What the run was made from; its `files` are filled in here.
        result: The scores.
        items: One row an item: the columns of ITEMS, then `score:<metric>` columns.
        counts: By metric the sufficient statistics, shape (items, k), of those that are no mean over items: runs
            are compared by them without counting the answers again.
    """
    kept = dict(counts or {})
    with folder_written_whole(target) as folder:
        pq.write_table(items, folder / _ITEMS, compression="zstd", use_dictionary=True)
        (folder / _OUTPUTS).write_text(_as_predictions(items), encoding="utf-8", newline="\n")
        _write(folder / _RESULT, result)
        if kept:
            write_counts(folder / _COUNTS, kept)
        names = (_ITEMS, _OUTPUTS, _RESULT, *([_COUNTS] if kept else []))
        files = {name: sha256_of_file(folder / name) for name in names}
        widths = {metric: statistics.shape[1] for metric, statistics in kept.items()}
        _write(folder / _MANIFEST, manifest.model_copy(update={"files": files, "counts": widths}))
    return RunFolder.open(target)


def list_runs(folder: Path) -> list[RunFolder]:
    """Open every run in a folder of runs, by name; none where the folder does not exist."""
    return [RunFolder.open(path) for path in run_paths(folder)]


def run_paths(folder: Path) -> list[Path]:
    """Name the runs in a folder of runs without opening them."""
    return [path.parent for path in sorted(folder.glob(f"[!.]*/{_MANIFEST}"))]


def _require_files(path: Path, *names: str) -> None:
    missing = [name for name in names if not (path / name).is_file()]
    if missing:
        raise InputError(
            f"this is no complete run: it lacks {', '.join(missing)}",
            where=str(path),
            remedy="run the system again, or take the folder away",
        )


def _as_predictions(items: pa.Table) -> str:
    names = ["item_id", "output", "failure", "reference"]
    told = [name for name in (SAID.name, *METERED.names) if name in items.column_names]
    columns = [items.column(name).to_pylist() for name in (*names, *told)]
    lines = []
    for item_id, output, failure, reference, *metered in zip(*columns, strict=True):
        entry: dict[str, Any] = {"id": item_id}
        if failure is not None:
            entry["error"] = failure
        else:
            entry["output"] = json.loads(output) if _is_list(reference) else output
        entry.update((name, value) for name, value in zip(told, metered, strict=True) if value is not None)
        lines.append(_ENCODER.encode(entry) + "\n")
    return "".join(lines)


# One for all lines, in the form of `canonical_json`, which makes one for each.
_ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _is_list(reference: str | None) -> bool:
    return reference is not None and reference.startswith("[")


def _write(path: Path, model: BaseModel) -> None:
    text = json.dumps(model.model_dump(mode="json"), ensure_ascii=False, indent=2, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _require_unchanged(path: Path, manifest: RunManifest) -> None:
    if sha256_of_file(path) != manifest.files.get(path.name):
        raise InputError("the file was changed after the run", where=str(path), remedy="run the system again")


def _read(path: Path, model: type[_Model]) -> _Model:
    try:
        return model.model_validate_json(path.read_bytes())
    except (ValidationError, UnicodeDecodeError, OSError) as error:
        said = str(error).splitlines() or [type(error).__name__]
        raise InputError(
            f"the file is not what a run writes: {said[0]}", where=str(path), remedy="run the system again"
        ) from error
