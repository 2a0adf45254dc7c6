"""Ranking bands instead of false ranks: which systems cannot be told apart, and which ranks each may hold.

Two systems are apart where their verdict by the primary metric is better or worse, which goes by the p-value
adjusted over all pairs (Holm). A band is a stretch of the ranking, as long as possible, in which no two are
apart; so a system may belong to several. A single system that is apart from both of its neighbours is a band
of its own.
"""

from collections.abc import Sequence

from harness.evaluation.results import Band, Difference, Place, RunResult


def bands_of(runs: Sequence[RunResult], differences: Sequence[Difference]) -> tuple[Band, ...]:
    """Cut the ranking into bands.

    Args:
        runs: Best first by the primary metric; those without a value take no part.
        differences: All judged pairs; none gives no band.
    """
    ranked = _ranked(runs)
    better = _better(runs, differences)
    if not differences:
        return ()
    bands: list[tuple[str, ...]] = []
    reached = 0
    for start, _ in enumerate(ranked):
        end = start + 1
        while end < len(ranked) and not any(_apart(better, ranked[end], one) for one in ranked[start:end]):
            end += 1
        if end > reached:  # else it lies within the one before
            bands.append(tuple(ranked[start:end]))
            reached = end
    return tuple(Band(runs=band) for band in bands)


def places_of(runs: Sequence[RunResult], differences: Sequence[Difference]) -> tuple[Place, ...]:
    """Say which ranks each system may hold, in the order of the runs; nothing without judged pairs."""
    if not differences:
        return ()
    ranked, better = _ranked(runs), _better(runs, differences)
    return tuple(
        Place(
            run_id=run_id,
            first=1 + sum((other, run_id) in better for other in ranked),
            last=len(ranked) - sum((run_id, other) in better for other in ranked),
        )
        for run_id in ranked
    )


def _ranked(runs: Sequence[RunResult]) -> list[str]:
    return [run.run_id for run in runs if run.scores[0].value is not None]


def _better(runs: Sequence[RunResult], differences: Sequence[Difference]) -> set[tuple[str, str]]:
    """Collect who is surely better than whom by the primary metric."""
    primary = runs[0].scores[0].metric if runs else ""
    better = set[tuple[str, str]]()
    for pair in differences:
        if pair.metric == primary and pair.verdict == "better":
            better.add((pair.candidate, pair.baseline))
        elif pair.metric == primary and pair.verdict == "worse":
            better.add((pair.baseline, pair.candidate))
    return better


def _apart(better: set[tuple[str, str]], one: str, other: str) -> bool:
    return (one, other) in better or (other, one) in better
