"""Comparisons as JSON, for scripts: the same results that the pages are drawn from."""

import json
from collections.abc import Sequence
from typing import Any

from harness.evaluation.results import Comparison
from harness.reports.summary import CorpusSummary

_FORMAT = 1
_OPENED = 4  # levels that are written over several lines: the report, its comparisons, one of them, its lists


def comparison_json(comparisons: Sequence[Comparison], *, summary: CorpusSummary | None = None) -> str:
    """Write comparisons of one corpus as one JSON object.

    Args:
        comparisons: One for each task.
        summary: The version's numbers; null in the object where there are none.

    Returns:
        `{"format": 1, "corpus": {…} | null, "comparisons": […]}` with a final line feed, a pair, a slice or an item
        on each line. Lone surrogates and characters beyond ASCII are written as escapes, so that every encoding
        carries them.
    """
    report = {
        "format": _FORMAT,
        "corpus": None if summary is None else summary.model_dump(mode="json"),
        "comparisons": [comparison.as_json() for comparison in comparisons],
    }
    return _written(report, _OPENED) + "\n"


def _written(value: Any, levels: int, indent: str = "") -> str:
    """Write so many levels over several lines, and what lies deeper on one: half as long as indenting all of it."""
    if not levels or not value or not isinstance(value, dict | list):
        return json.dumps(value, sort_keys=False, allow_nan=False)
    deeper = indent + " "
    if isinstance(value, list):
        entries = [_written(one, levels - 1, deeper) for one in value]
        brackets = "[]"
    else:
        entries = [f"{json.dumps(name)}: {_written(one, levels - 1, deeper)}" for name, one in value.items()]
        brackets = "{}"
    return f"{brackets[0]}\n{deeper}" + f",\n{deeper}".join(entries) + f"\n{indent}{brackets[1]}"
