"""Samples of lm-evaluation-harness (`--log_samples`): lines of JSON, one for each item and filter."""

import re
from pathlib import Path
from typing import Any

from harness.store.imports.model import Imported, ImportedItem
from harness.store.imports.reading import broken, number_of, objects_of, shown, whole_json

_FILE = re.compile(r"samples_(?P<task>.+?)(?P<time>_\d{4}-\d{2}-\d{2}T[0-9.:-]+)?$")
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
    number in another version of the data is another item. The results file of the same run, where it lies beside
    the samples, names the model, the version of the task, the shots and the metrics of which less is better. Without
    it the system is named by the folder, which the tool names after the model.

    Metrics that the tool computes over the whole set, such as BLEU or perplexity, have no number in a sample; they
    are named without a value.

    Raises:
        InputError: A line is no sample.
    """
    match = _FILE.match(path.stem)
    task = match["task"] if match else path.stem
    results = _results_beside(path, match["time"] if match else None)
    scores: dict[str, dict[str, float]] = {}
    first: dict[str, dict[str, Any]] = {}
    named: dict[str, str] = {}
    for number, sample in objects_of(path):
        if not isinstance(sample.get("doc_id"), int | str):
            raise broken(path, f"line {number} has no 'doc_id'")
        item = str(sample["doc_id"])
        first.setdefault(item, sample)
        into = scores.setdefault(item, {})
        for name, value in _scores(sample).items():
            if name in into:
                raise broken(
                    path,
                    f"line {number} repeats item {item[:50]} with the same filter (older versions of the tool do "
                    "not name a sample's filter)",
                )
            into[name] = value
        named.update(_named(sample))
    return Imported(
        tool="lm-eval",
        system=_told(results, "model_name") or path.parent.resolve().name or "model",
        task=task,
        items=tuple(_item(item, sample, scores[item]) for item, sample in first.items()),
        version=_version(results, task),
        lower_is_better=frozenset(
            full
            for full, metric in named.items()
            if _told(results, "higher_is_better", task, metric) == "False"
        ),
        others=tuple(named),
    )


def _results_beside(path: Path, time: str | None) -> dict[str, Any]:
    """Read the results file that the tool wrote in the same moment; nothing where there is none."""
    results = path.with_name(f"results{time}.json")
    told = whole_json(results) if time and results.is_file() else {}
    return told if isinstance(told, dict) else {}


def _told(results: Any, *names: str) -> str:
    """Look up a value that is no object, as a text; nothing where it is not told."""
    for name in names:
        results = results.get(name) if isinstance(results, dict) else None
    return "" if results is None or isinstance(results, dict | list) else str(results)[:200]


def _version(results: dict[str, Any], task: str) -> str:
    """Name what makes scores of one task incomparable: its version and the number of examples in the prompt."""
    version, shots = _told(results, "versions", task), _told(results, "n-shot", task)
    return ", ".join(filter(None, (version, shots and f"{shots}-shot")))


def _scores(sample: dict[str, Any]) -> dict[str, float]:
    listed = sample.get("metrics")
    names = listed if isinstance(listed, list) else [name for name in sample if name not in _NO_METRIC]
    found = {name: number_of(sample.get(name)) for name in names if isinstance(name, str)}
    ending = _ending(sample)
    return {f"{name}{ending}": value for name, value in found.items() if value is not None}


def _named(sample: dict[str, Any]) -> dict[str, str]:
    """Give the metrics that a sample lists, by their names with the filter; older versions list none."""
    listed, ending = sample.get("metrics"), _ending(sample)
    names = listed if isinstance(listed, list) else ()
    return {f"{name}{ending}": name for name in names if isinstance(name, str)}


def _ending(sample: dict[str, Any]) -> str:
    filtered = sample.get("filter")
    return f",{filtered}" if isinstance(filtered, str) and filtered not in {"", "none"} else ""


def _item(item: str, sample: dict[str, Any], scores: dict[str, float]) -> ImportedItem:
    return ImportedItem(
        item_id=item,
        scores=scores,
        input=shown(_prompt(sample)),
        reference=f"{shown(sample.get('target'))} {shown(sample.get('doc_hash'))[:16]}".strip(),
        output=shown(_answered(sample)),
    )


def _prompt(sample: dict[str, Any]) -> Any:
    """Find the text that was asked: the first argument of the first request, in the older form or the newer."""
    arguments = sample.get("arguments")
    if isinstance(arguments, dict):
        arguments = list(arguments.values())
    while isinstance(arguments, list | dict) and arguments:
        arguments = next(iter(arguments.values())) if isinstance(arguments, dict) else arguments[0]
    return arguments


def _answered(sample: dict[str, Any]) -> Any:
    """Read an answer: the text; of several choices, each a likelihood with a mark, the likeliest."""
    said = sample.get("filtered_resps")
    if not isinstance(said, list) or not said:
        return said
    asked = sample.get("arguments")
    choices = (
        [one.get("arg_1") for one in asked.values() if isinstance(one, dict)]
        if isinstance(asked, dict)
        else []
    )
    pairs = [one for one in said if isinstance(one, list) and len(one) == 2]
    if len(said) == 1 and not pairs:
        return said[0]
    if len(pairs) == len(said) == len(choices):
        likely = [_as_number(pair[0]) for pair in pairs]
        return choices[likely.index(max(likely))]
    return said


def _as_number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return float("-inf")
