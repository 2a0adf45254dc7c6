"""What is said of systems together: names, ranks, bands, who leads, who is better than whom."""

from harness.evaluation.metrics import name_for_people
from harness.evaluation.results import Comparison, RunResult, Score
from harness.reports.wording.figures import Unit
from harness.reports.wording.pairs import VERDICT_MARKS, seen_from
from harness.reports.wording.sentences import Name, Sentence, listed

MATRIX = (
    "▲ the system of the row is better than that of the column, ▼ worse, ≈ equivalent, ? not enough evidence."
)


def names_of(comparison: Comparison) -> dict[str, str]:
    """Give each run a name: its system's, with the run's id where two runs share it."""
    names = [run.system.name for run in comparison.runs]
    return {
        run.run_id: name if names.count(name) == 1 else f"{name} ({run.run_id.rpartition('--')[2]})"
        for run, name in zip(comparison.runs, names, strict=True)
    }


def ranks(comparison: Comparison) -> dict[str, str]:
    """Write which ranks each run may hold: `1`, `2–4`; nothing where not every pair was judged."""
    return {
        place.run_id: f"{place.first}" if place.first == place.last else f"{place.first}–{place.last}"
        for place in comparison.places
    }


def bands(comparison: Comparison) -> Sentence:
    """Say which systems cannot be told apart; nothing where not every pair was judged."""
    names = names_of(comparison)
    shared = [[Name(names[run]) for run in band.runs] for band in comparison.bands if len(band.runs) > 1]
    if not comparison.bands:
        return ()
    if not shared:
        return ("Every two neighbours in this ranking are told apart.",)
    told: list[str | Name] = ["Not told apart: "]
    for place, band in enumerate(shared):
        told += [*(["; "] if place else []), *listed(band)]
    return (*told, ". A rank says how many systems are surely better and surely worse.")


def matrix(comparison: Comparison) -> list[tuple[str, tuple[str, ...]]]:
    """Arrange the verdicts by the primary metric as a square, rows seen from the run; none for two runs."""
    runs = [run.run_id for run in comparison.runs]
    if len(runs) < 3 or not comparison.places:
        return []
    primary = comparison.runs[0].scores[0].metric
    marks = {}
    for pair in comparison.differences:
        if pair.metric == primary:
            for one, other in ((pair.candidate, pair.baseline), (pair.baseline, pair.candidate)):
                seen = seen_from(one, pair)
                marks[one, other] = VERDICT_MARKS[seen] if seen else ""
    return [(one, tuple(marks.get((one, other), "") for other in runs)) for one in runs]


def finding(comparison: Comparison) -> Sentence:
    """Say in one or two sentences what the primary metric shows."""
    names = names_of(comparison)
    best = comparison.runs[0]
    primary = best.scores[0]
    if primary.value is None:
        return (f"No system has a value: {primary.reason or 'no examples'}.",)
    unit = Unit.of(primary.metric, primary.n)
    bounds = unit.interval(primary.low, primary.high)
    level = [run for run in comparison.runs if run.scores[0].value == primary.value]
    if len(level) > 1:
        together = listed([Name(names[run.run_id]) for run in level])
        ahead = (
            f" share the first place in {name_for_people(primary.metric)} with {unit.value(primary.value)}."
        )
        return *together, ahead
    opening = (
        f" leads in {name_for_people(primary.metric)} with {unit.value(primary.value)} {bounds}".rstrip()
    )
    return Name(names[best.run_id]), f"{opening}.", *_standing(comparison, best, primary, names)


def _standing(comparison: Comparison, best: RunResult, primary: Score, names: dict[str, str]) -> Sentence:
    told: list[str | Name] = []
    for verdict, opening in (
        ("better", " It is better than "),
        ("equivalent", " It is equivalent to "),
        ("inconclusive", " The evidence does not part it from "),
    ):
        others = [
            Name(names[pair.baseline if pair.candidate == best.run_id else pair.candidate])
            for pair in comparison.differences
            if pair.metric == primary.metric and seen_from(best.run_id, pair) == verdict
        ]
        told += [opening, *listed(others), "."] if others else []
    return tuple(told)
