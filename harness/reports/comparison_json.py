"""Comparisons as JSON, for scripts: the same results that the pages are drawn from."""

import json
from collections.abc import Sequence

from harness.evaluation.results import Comparison
from harness.reports.summary import CorpusSummary

_FORMAT = 1


def comparison_json(comparisons: Sequence[Comparison], *, summary: CorpusSummary | None = None) -> str:
    """Write comparisons of one corpus as one JSON object.

    Args:
        comparisons: One for each task.
        summary: The version's numbers; null in the object where there are none.

    Returns:
        `{"format": 1, "corpus": {…} | null, "comparisons": […]}` with a final line feed. Lone surrogates
        and characters beyond ASCII are written as escapes, so that every encoding carries them.
    """
    report = {
        "format": _FORMAT,
        "corpus": None if summary is None else summary.model_dump(mode="json"),
        "comparisons": [comparison.as_json() for comparison in comparisons],
    }
    return json.dumps(report, indent=2, sort_keys=False, allow_nan=False) + "\n"
