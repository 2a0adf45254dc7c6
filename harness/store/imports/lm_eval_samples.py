"""Samples of lm-evaluation-harness (`--log_samples`): lines of JSON, one for each item and filter."""

import re
from pathlib import Path
from typing import Any

from harness.store.imports.model import Imported, ImportedItem
from harness.store.imports.reading import broken, number_of, objects_of, shown

_FILE = re.compile(r"samples_(?P<task>.+?)(_\d{4}-\d{2}-\d{2}T[0-9.:-]+)?$")
# What a sample holds besides its metrics; older versions do not list the metrics by name.
_NO_METRIC = frozenset(
    {
        "doc_id", "doc", "target", "arguments", "resps", "filtered_resps", "filter", "metrics", "doc_hash",
        "prompt_hash", "target_hash", "prompt", "task_name", "schema", "sample_hash",
    }
)  # fmt: skip


def read_lm_eval(path: Path) -> Imported:
    """Read a samples file; each filter makes metrics of its own: `exact_match,strict-match`.

    An item is known by its `doc_id`; its reference is the hash of the document and the target, so that the same
    number in another version of the data is another item. The system is named by the file's folder, which the
    tool names after the model.

    Raises:
        InputError: A line is no sample.
    """
    scores: dict[str, dict[str, float]] = {}
    first: dict[str, dict[str, Any]] = {}
    for number, sample in objects_of(path):
        if not isinstance(sample.get("doc_id"), int | str):
            raise broken(path, f"line {number} has no 'doc_id'")
        item = str(sample["doc_id"])
        first.setdefault(item, sample)
        into = scores.setdefault(item, {})
        for name, value in _scores(sample).items():
            if name in into:
                raise broken(path, f"line {number} repeats item {item[:50]} with the same filter")
            into[name] = value
    match = _FILE.match(path.stem)
    return Imported(
        tool="lm-eval",
        system=path.parent.resolve().name or "model",
        task=match["task"] if match else path.stem,
        items=tuple(_item(item, sample, scores[item]) for item, sample in first.items()),
    )


def _scores(sample: dict[str, Any]) -> dict[str, float]:
    listed = sample.get("metrics")
    names = listed if isinstance(listed, list) else [name for name in sample if name not in _NO_METRIC]
    filtered = sample.get("filter")
    ending = f",{filtered}" if isinstance(filtered, str) and filtered not in {"", "none"} else ""
    found = {name: number_of(sample.get(name)) for name in names if isinstance(name, str)}
    return {f"{name}{ending}": value for name, value in found.items() if value is not None}


def _item(item: str, sample: dict[str, Any], scores: dict[str, float]) -> ImportedItem:
    return ImportedItem(
        item_id=item,
        scores=scores,
        input=shown(_prompt(sample)),
        reference=f"{shown(sample.get('target'))} {shown(sample.get('doc_hash'))[:16]}".strip(),
        output=shown(sample.get("filtered_resps")),
    )


def _prompt(sample: dict[str, Any]) -> Any:
    """Find the text that was asked: the first argument of the first request, in the older form or the newer."""
    arguments = sample.get("arguments")
    if isinstance(arguments, dict):
        arguments = list(arguments.values())
    while isinstance(arguments, list | dict) and arguments:
        arguments = next(iter(arguments.values())) if isinstance(arguments, dict) else arguments[0]
    return arguments
