"""Made worlds in which the truth is known: two systems that differ by nothing, or by so much, on clustered items.

Clusters have Zipf-distributed sizes, as copies in a news corpus do, and the items of a cluster are copies: both
systems answer them all alike.
"""

from collections.abc import Callable

import numpy as np

from harness.evaluation.duels import Measured, Resampling, judged_duels
from harness.evaluation.metrics import label_counts, macro_f1, ndcg, reciprocal_rank

_LABELS = np.array(["ar", "fa", "ur"])
_LARGEST = 30
_TOP_K = 10
LEVEL = 0.05
RESAMPLES = 399  # the smallest p is 1/400, and 0.05 is one that can be reached


def zipf_clusters(random: np.random.Generator, clusters: int = 120) -> np.ndarray:
    """Give the cluster of each item: most stand alone, some have up to 30 copies."""
    sizes = np.minimum(random.zipf(2.0, size=clusters), _LARGEST)
    return np.repeat(np.arange(clusters), sizes)


def right_or_wrong(random: np.random.Generator, cluster_of: np.ndarray) -> Measured:
    """Accuracy: each is right on seven of ten clusters."""
    scores = random.random((cluster_of.max() + 1, 2)) < 0.7
    return Measured(scores[cluster_of].astype(float)[:, :, None])


def alone(random: np.random.Generator, cluster_of: np.ndarray) -> Measured:
    """Accuracy, for items without copies."""
    return right_or_wrong(random, cluster_of)


def ranks(random: np.random.Generator, cluster_of: np.ndarray, gain: Callable[..., float]) -> Measured:
    """Score rankings whose only relevant document stands at a random rank, or beyond the tenth."""
    places = random.geometric(0.3, size=(cluster_of.max() + 1, 2))
    ranking = {rank: ("",) * (rank - 1) + ("x",) for rank in range(1, places.max() + 1)}
    scores = np.array([[gain(("x",), ranking[rank], _TOP_K) for rank in row] for row in places.tolist()])
    return Measured(scores[cluster_of][:, :, None])


def reciprocal(random: np.random.Generator, cluster_of: np.ndarray) -> Measured:
    """MRR."""
    return ranks(random, cluster_of, reciprocal_rank)


def discounted(random: np.random.Generator, cluster_of: np.ndarray) -> Measured:
    """Normalised discounted gain."""
    return ranks(random, cluster_of, ndcg)


def labels(random: np.random.Generator, cluster_of: np.ndarray) -> Measured:
    """Macro F1 of two systems that are right on seven of ten clusters, and guess on the rest."""
    clusters = cluster_of.max() + 1
    references = random.choice(_LABELS, p=[0.6, 0.25, 0.15], size=clusters)
    answers = [
        np.where(random.random(clusters) < 0.7, references, random.choice(_LABELS, size=clusters))
        for _ in range(2)
    ]
    told = references[cluster_of].tolist()
    counts = [label_counts(told, said[cluster_of].tolist()) for said in answers]
    return Measured(np.stack(counts, axis=1), macro_f1)


FAMILIES: dict[str, Callable[[np.random.Generator, np.ndarray], Measured]] = {
    "right or wrong": right_or_wrong,
    "right or wrong, no copies": alone,
    "reciprocal rank": reciprocal,
    "discounted gain": discounted,
    "macro F1": labels,
}


def false_positive_rate(family: str, simulations: int, *, seed: int, clustered: bool = True) -> float:
    """Measure how often a test at 0.05 calls two systems different that are not.

    Args:
        family: One of FAMILIES.
        simulations: How many worlds.
        seed: Of the worlds.
        clustered: Whether clusters are flipped whole; otherwise copies count as independent items.
    """
    random = np.random.default_rng(seed)
    alarms = 0
    for world in range(simulations):
        cluster_of = np.arange(200) if "no copies" in family else zipf_clusters(random)
        measured = FAMILIES[family](random, cluster_of)
        groups = cluster_of if clustered else np.arange(len(cluster_of))
        setting = Resampling(seed=world, resamples=RESAMPLES)
        ((gain,),) = judged_duels([measured], [(0, 1)], groups, setting)
        alarms += gain.p is not None and gain.p <= LEVEL
    return alarms / simulations


def power_and_coverage(simulations: int, *, seed: int) -> tuple[float, float]:
    """Measure how often a true difference of the stated detectable size is found, and held by its interval.

    Gains are graded and the same for all copies in a cluster; the difference is what such comparisons state
    on average as the smallest that they detect.

    Args:
        simulations: How many worlds.
        seed: Of the worlds.

    Returns:
        Share of worlds in which p is at most 0.05, and in which the interval holds the truth.
    """
    random = np.random.default_rng(seed)
    stated = [_graded(random, 0.0, world).power.detectable for world in range(200)]
    truth = float(np.mean([one for one in stated if one is not None]))
    found = held = 0
    for world in range(simulations):
        gain = _graded(random, truth, world)
        found += gain.p is not None and gain.p <= LEVEL
        held += gain.low is not None and gain.low <= truth <= gain.high
    return found / simulations, held / simulations


def _graded(random: np.random.Generator, truth: float, world: int):
    sizes = np.minimum(random.zipf(3.0, size=150), 5)
    cluster_of = np.repeat(np.arange(150), sizes)
    gains = random.normal(truth, 1.0, size=150)[cluster_of]
    scores = Measured(np.stack([gains, np.zeros(len(gains))], axis=1)[:, :, None])
    ((gain,),) = judged_duels([scores], [(0, 1)], cluster_of, Resampling(seed=world, resamples=999))
    return gain
