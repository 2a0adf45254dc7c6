"""One metric of several systems on the same items, and what was drawn of it: what every judgement rests on."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from harness.evaluation.pairing import PairedDifference, SeedSpread, verdict_of
from harness.evaluation.power import power_of
from harness.evaluation.resampling import (
    CONFIDENCE,
    RESAMPLES,
    Floats,
    Formula,
    Interval,
    Part,
    drawn_of_parts,
    resampled_totals,
    swapped_of_parts,
    swapped_totals,
    why_no_interval,
)
from harness.evaluation.results import Power

Pair = tuple[int, int]  # places of the candidate and of the baseline among the systems


@dataclass(frozen=True)
class Resampling:
    """How chance is told from difference; see `harness.evaluation.comparison.compare`."""

    seed: int = 0
    resamples: int = RESAMPLES
    confidence: float = CONFIDENCE
    margin: float = 0.0

    @property
    def level(self) -> float:
        """The level of tests."""
        return 1 - self.confidence


@dataclass(frozen=True)
class Measured:
    """One metric of all systems on the same items.

    Args:
        statistics: Finite sufficient statistics, shape (items, runs, k); they add up over items. Of a mean
            they are the items' scores, k = 1.
        formula: Turns sums, shape (sets, k), into the metric, shape (sets,); None for a mean.
        sign: 1 where more is better, else -1: what is judged are gains.
        systems: For each system the places of its runs, which differ in their seed alone; where none are named,
            each run is a system.
    """

    statistics: Floats
    formula: Formula | None = None
    sign: float = 1.0
    systems: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True)
class Drawing:
    """Cluster totals of all columns, the number of items last, and what was drawn from them when asked for."""

    totals: Floats
    sizes: Floats
    resampling: Resampling

    @property
    def silence(self) -> str:
        """Why there can be no interval; nothing where there can."""
        return why_no_interval(len(self.sizes))

    @cached_property
    def resampled(self) -> Floats:
        """Sums of whole clusters drawn with replacement, shape (resamples, columns)."""
        return resampled_totals(self.totals, seed=self.resampling.seed, resamples=self.resampling.resamples)

    @cached_property
    def swapped(self) -> Floats:
        """Sums of the clusters that are swapped, shape (resamples, columns)."""
        return swapped_totals(self.totals, seed=self.resampling.seed, resamples=self.resampling.resamples)

    def judged(self, seen: "Seen") -> PairedDifference:
        """Put what was seen of a pair into a result."""
        setting = self.resampling
        return PairedDifference(
            difference=seen.difference,
            low=seen.interval.low,
            high=seen.interval.high,
            p=seen.p,
            n=int(self.sizes.sum()),
            clusters=len(self.sizes),
            wins=seen.wins,
            ties=seen.ties,
            losses=seen.losses,
            verdict=verdict_of(
                seen.difference, seen.interval, seen.p, margin=setting.margin, level=setting.level
            ),
            reason=seen.interval.reason,
            test=seen.test,
            effect=seen.effect,
            power=seen.power
            or power_of(
                None if self.silence else seen.error, seen.difference, self.sizes, level=setting.level
            ),
            spread=seen.spread,
        )


@dataclass(frozen=True)
class Seen:
    """What one pair showed by one metric."""

    difference: float | None
    interval: Interval
    p: float | None
    test: str
    error: float | None
    effect: float | None = None
    wins: int | None = None
    ties: int | None = None
    losses: int | None = None
    power: Power | None = None
    spread: SeedSpread | None = None


def drawings_of(parts: Sequence[Part], clusters: int, resampling: Resampling) -> list[Drawing]:
    """Draw for several parts of the items at once, all from the same draws of the whole set's clusters.

    Args:
        parts: Which clusters each has items in, and their sums over these items, the number of items last.
        clusters: How many clusters the whole set has.
        resampling: Seed and number of draws.

    Returns:
        One drawing a part; resamples that drew none of its items are left out of it.
    """
    setting = {"seed": resampling.seed, "resamples": resampling.resamples}
    drawn = drawn_of_parts(parts, clusters, **setting)
    swapped = swapped_of_parts(parts, clusters, **setting)
    drawings = []
    for part, sums, moved in zip(parts, drawn, swapped, strict=True):
        drawing = Drawing(part.totals, part.totals[:, -1], resampling)
        # What `cached_property` would draw from this part's clusters alone.
        drawing.__dict__.update(resampled=sums[sums[:, -1] > 0], swapped=moved)
        drawings.append(drawing)
    return drawings
