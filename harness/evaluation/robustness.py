"""What noise costs a system: each noisy item against the same item clean."""

from collections import defaultdict

import numpy as np
import pyarrow as pa

from harness.core.frozen import Frozen
from harness.evaluation.alignment import SCORE_PREFIX
from harness.evaluation.resampling import mean_interval
from harness.evaluation.results import RunResult
from harness.evaluation.tasks.noise import CLEAN, MARK


class Drop(Frozen):
    """How much one noise takes from a system's mean score: noisy less clean, on the items that it changed.

    Below zero where the noise did harm, for metrics of which more is better. `low` and `high` are None where no
    interval can be given, and `reason` says why.
    """

    run_id: str
    system: str
    metric: str
    noise: str
    clean: float
    noisy: float
    difference: float
    low: float | None
    high: float | None
    n: int
    clusters: int
    reason: str = ""


def drops(result: RunResult, items: pa.Table, *, seed: int) -> tuple[Drop, ...]:
    """Pair noisy items with clean ones, by every metric that is a mean over items.

    Args:
        result: The run's.
        items: Its items: `item_id`, `cluster`, `variant` and `score:<metric>` columns. Pairs of which one side was
            left out of the scores are passed over.
        seed: Of the intervals' resampling, which draws whole clusters.
    """
    names = [score.metric for score in result.scores if f"{SCORE_PREFIX}{score.metric}" in items.column_names]
    rows = items.to_pylist()
    clean = {row["item_id"]: row for row in rows if row["variant"] == CLEAN}
    told = []
    for metric in names:
        column = f"{SCORE_PREFIX}{metric}"
        pairs = defaultdict(list)
        for row in rows:
            base = clean.get(row["item_id"].removesuffix(f"{MARK}{row['variant']}"))
            if row["variant"] != CLEAN and base and None not in {row[column], base[column]}:
                pairs[row["variant"]].append((base[column], row[column], row["cluster"]))
        told += [_drop(result, metric, noise, pairs[noise], seed) for noise in sorted(pairs)]
    return tuple(told)


def _drop(
    result: RunResult, metric: str, noise: str, pairs: list[tuple[float, float, str]], seed: int
) -> Drop:
    before, after = (np.array([pair[side] for pair in pairs]) for side in (0, 1))
    clusters = [pair[2] for pair in pairs]
    interval = mean_interval(after - before, clusters, seed=seed)
    return Drop(
        run_id=result.run_id,
        system=result.system.name,
        metric=metric,
        noise=noise,
        clean=float(before.mean()),
        noisy=float(after.mean()),
        difference=float((after - before).mean()),
        low=interval.low,
        high=interval.high,
        n=len(pairs),
        clusters=len(set(clusters)),
        reason=interval.reason,
    )
