"""The paired tests of sacrebleu, draw by draw, over statistics that are already counted.

For whoever has to state the p-value that a paper would: the same generator, seed and draws, the same rule, and so
the same number, where sacrebleu has the metric. They take every segment for independent of all others; what
`harness compare` says itself draws clusters, and counts the observed pattern in by its own rule.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from harness.evaluation.resampling import Floats, Formula, counts_of

SEED = 12345  # sacrebleu's, where SACREBLEU_SEED is not set
_BOOTSTRAP_RESAMPLES = 1_000
_RANDOMISATION_TRIALS = 10_000
_TAIL = 40  # a fortieth is cut off at each end


@dataclass(frozen=True)
class CompatibleResult:
    """What sacrebleu prints of one system.

    Args:
        score: The metric on all segments.
        p: The p-value against the first system; None for the first itself.
        mean: The mean of the resampled scores; None for randomisation.
        half_width: Half of the distance between the bounds that hold 95 % of them; None for randomisation.
    """

    score: float
    p: float | None
    mean: float | None = None
    half_width: float | None = None


def sacrebleu_bootstrap(
    statistics: Sequence[Floats],
    formula: Formula,
    *,
    seed: int = SEED,
    resamples: int = _BOOTSTRAP_RESAMPLES,
) -> list[CompatibleResult]:
    """Do sacrebleu's paired bootstrap test of systems against the first.

    Args:
        statistics: Whole-numbered sufficient statistics of each system, shape (segments, k), as those of
            `harness.evaluation.texts` are; the segments in the order of the file.
        formula: Turns sums, shape (sets, k), into the metric, shape (sets,).
        seed: Of numpy's default generator.
        resamples: How many sets of segments are drawn.

    Returns:
        One result a system, in the metric's unit (sacrebleu prints a hundredfold).
    """
    segments = len(statistics[0])
    drawn = np.random.default_rng(seed).choice(segments, size=(resamples, segments), replace=True)
    scores = [formula(sums) for sums in _sums(counts_of(drawn), statistics)]
    observed = _observed(statistics, formula)
    results = []
    for place, (score, values) in enumerate(zip(observed, scores, strict=True)):
        apart = np.abs(values - scores[0])
        p = _p(apart - apart.mean(), abs(observed[0] - score)) if place else None
        ordered = np.sort(values)
        cut = len(ordered) // _TAIL
        half_width = 0.5 * float(ordered[len(ordered) - cut - 1] - ordered[cut])
        results.append(CompatibleResult(score, p, float(values.mean()), half_width))
    return results


def sacrebleu_randomisation(
    statistics: Sequence[Floats],
    formula: Formula,
    *,
    seed: int = SEED,
    trials: int = _RANDOMISATION_TRIALS,
) -> list[CompatibleResult]:
    """Do sacrebleu's paired approximate randomisation of systems against the first; see `sacrebleu_bootstrap`."""
    segments = len(statistics[0])
    stays = np.random.default_rng(seed).integers(2, size=(trials, segments), dtype=bool)
    kept, whole = _sums(stays, statistics), [one.sum(axis=0) for one in statistics]
    observed = _observed(statistics, formula)
    results = [CompatibleResult(observed[0], None)]
    for place in range(1, len(statistics)):
        moved = whole[place] - kept[place], whole[0] - kept[0]
        apart = np.abs(formula(kept[0] + moved[0]) - formula(moved[1] + kept[place]))
        results.append(CompatibleResult(observed[place], _p(apart, abs(observed[0] - observed[place]))))
    return results


def _sums(
    counts: npt.NDArray[np.float32] | npt.NDArray[np.bool_], statistics: Sequence[Floats]
) -> list[Floats]:
    """Multiply draws by the statistics of all systems at once; exact, since all are whole numbers."""
    beside = np.hstack(statistics)
    heaviest = np.abs(beside).max(initial=0.0) * len(beside)
    kind = np.float32 if heaviest < 1 << 24 else np.float64  # the largest whole number of single precision
    sums = (counts.astype(kind, copy=False) @ beside.astype(kind)).astype(np.float64)
    return np.split(sums, len(statistics), axis=1)


def _observed(statistics: Sequence[Floats], formula: Formula) -> list[float]:
    return [float(formula(one.sum(axis=0, keepdims=True))[0]) for one in statistics]


def _p(apart: Floats, observed: float) -> float:
    """Count what lies further apart than what was observed, and one more."""
    return (int((apart > observed).sum()) + 1) / (len(apart) + 1)
