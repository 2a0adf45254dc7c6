"""What is said of slices: which pairs part in one, and where an order turns round."""

from harness.evaluation.results import Comparison, Slice, SliceDifference
from harness.reports.wording.figures import Unit, count
from harness.reports.wording.pairs import VERDICT_MARKS
from harness.reports.wording.sentences import Name, Sentence
from harness.reports.wording.systems import names_of

SLICES = "Where it lies"


def slice_told(part: Slice, comparison: Comparison) -> Sentence:
    """Say what stands out in a slice: which pairs are told apart, and where the order turns round."""
    names, n = names_of(comparison), part.n
    unit = Unit.of(part.metric, n)
    if part.is_small:
        return ("too few clusters to go by",)
    if len(part.differences) == 1:
        (pair,) = part.differences
        seen = "" if pair.difference is None else unit.difference(pair.difference)
        return (
            f"{VERDICT_MARKS[pair.verdict]} {seen} {unit.interval(pair.low, pair.high)}{_turn(pair)}".strip(),
        )
    sure = [pair for pair in part.differences if pair.verdict in {"better", "worse"}]
    told: list[str | Name] = [f"{len(sure)} of {count(len(part.differences), 'pair')} told apart"]
    for pair in sure:
        if pair.flips:
            told += [
                "; ",
                Name(names[pair.candidate]),
                f" {pair.verdict} than ",
                Name(names[pair.baseline]),
                _turn(pair),
            ]
    return tuple(told)


def slices_by_metric(comparison: Comparison, *, every: bool = True) -> list[tuple[str, tuple[Slice, ...]]]:
    """Give the slices of each metric, the primary one first; a metric that no slice was judged by is left out.

    Args:
        comparison: Whose slices.
        every: Whether of every metric, or of the first alone.
    """
    metrics = list(dict.fromkeys(part.metric for part in comparison.slices))
    return [(metric, comparison.slices_by(metric)) for metric in (metrics if every else metrics[:1])]


def slices_elsewhere(comparison: Comparison, *, every: bool) -> str:
    """Say where the slices by other metrics are; nothing where all are shown."""
    others = len({part.metric for part in comparison.slices}) - 1
    if every or others < 1:
        return ""
    return f" Those by {count(others, 'other metric')} are in the JSON, and in a report on this task alone."


def standing_out(comparison: Comparison) -> list[Slice]:
    """Pick the slices that are not small and in which the order of some pair surely turns round."""
    return [
        part
        for part in comparison.slices
        if not part.is_small
        and any(pair.flips and pair.verdict in {"better", "worse"} for pair in part.differences)
    ]


def slices_balance(comparison: Comparison) -> str:
    """Say how many slices were looked at by how many metrics, how often somebody is told apart, and where order turns."""
    metrics = len({part.metric for part in comparison.slices})
    large = [part for part in comparison.slices if not part.is_small]
    apart = sum(any(pair.verdict in {"better", "worse"} for pair in part.differences) for part in large)
    turned = len(standing_out(comparison))
    small = len(comparison.slices) - len(large)
    by = "" if metrics == 1 else f", each by {metrics} metrics"
    many = count(len(comparison.slices) // max(metrics, 1), "slice")
    told = f"{many} looked at{by}, {small // max(metrics, 1)} of them too small to go by. "
    told += f"Some pair is told apart in {apart or 'none'}; the order of a pair surely turns round in {turned or 'none'}."
    told += "" if metrics == 1 else " A slice by another metric counts as another."
    return told + " A mark ↔ is an order that turns round."


def _turn(pair: SliceDifference) -> str:
    return " ↔" if pair.flips else ""
