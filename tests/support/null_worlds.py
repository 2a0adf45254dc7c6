"""Made worlds in which the truth is known: two systems that differ by nothing, or by so much, on clustered items.

Clusters have Zipf-distributed sizes, as copies in a news corpus do, and the items of a cluster are copies: both
systems answer them all alike.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
from support.text_worlds import drawn_answers, text_metrics

from harness.evaluation.drawing import Drawing, Measured, Resampling
from harness.evaluation.duels import bouts_of, columns_of, judged_duels
from harness.evaluation.metrics import label_counts, macro_f1, ndcg, reciprocal_rank
from harness.evaluation.pairing import PairedDifference
from harness.evaluation.resampling import cluster_totals

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


_RUNS = 3
_BETWEEN = 0.05  # standard deviation of a run's chance to be right


def seeds(random: np.random.Generator, cluster_of: np.ndarray) -> Measured:
    """Accuracy of two systems of three runs each, whose chance to be right differs from seed to seed."""
    right = _seeded(random, cluster_of.max() + 1)
    systems = (tuple(range(_RUNS)), tuple(range(_RUNS, 2 * _RUNS)))
    return Measured(right[cluster_of].astype(float)[:, :, None], systems=systems)


def seeds_of_labels(random: np.random.Generator, cluster_of: np.ndarray) -> Measured:
    """Macro F1 of two systems of three runs each."""
    clusters = cluster_of.max() + 1
    references = random.choice(_LABELS, p=[0.6, 0.25, 0.15], size=clusters)
    told = references[cluster_of].tolist()
    counts = []
    for right in _seeded(random, clusters).T:
        said = np.where(right, references, random.choice(_LABELS, size=clusters))
        counts.append(label_counts(told, said[cluster_of].tolist()))
    systems = (tuple(range(_RUNS)), tuple(range(_RUNS, 2 * _RUNS)))
    return Measured(np.stack(counts, axis=1), macro_f1, systems=systems)


def _seeded(random: np.random.Generator, clusters: int) -> np.ndarray:
    """Say which clusters each run is right on: some are hard for all, some for a system, the rest is the seed's."""
    hard = random.random((clusters, 1))
    own = np.repeat(random.random((clusters, 2)), _RUNS, axis=1)
    luck = random.random((clusters, 2 * _RUNS))
    chance = 0.6 + random.normal(0, _BETWEEN, size=2 * _RUNS)
    return (0.5 * hard + 0.3 * own + 0.2 * luck) < chance


FAMILIES: dict[str, Callable[[np.random.Generator, np.ndarray], Measured]] = {
    "right or wrong": right_or_wrong,
    "right or wrong, no copies": alone,
    "reciprocal rank": reciprocal,
    "discounted gain": discounted,
    "macro F1": labels,
    **{family: partial(drawn_answers, family) for family in text_metrics()},
    "right or wrong, three seeds each": seeds,
    "macro F1, three seeds each": seeds_of_labels,
}
SINGLE_SEEDS = ("right or wrong, three seeds each", "macro F1, three seeds each")


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
        gain = _judged(measured, groups, setting)
        alarms += gain.p is not None and gain.p <= LEVEL
    return alarms / simulations


def single_seed_rate(family: str, simulations: int, *, seed: int) -> float:
    """Measure how often one run of each of two alike systems would be called different.

    Args:
        family: One of SINGLE_SEEDS.
        simulations: How many worlds.
        seed: Of the worlds.
    """
    random = np.random.default_rng(seed)
    alarms = 0
    for world in range(simulations):
        cluster_of = zipf_clusters(random)
        measured = FAMILIES[family](random, cluster_of)
        one = replace(measured, statistics=measured.statistics[:, [0, _RUNS]], systems=())
        gain = _judged(one, cluster_of, Resampling(seed=world, resamples=RESAMPLES))
        alarms += gain.p is not None and gain.p <= LEVEL
    return alarms / simulations


def seeds_power_and_coverage(simulations: int, *, seed: int) -> tuple[float, float]:
    """Ask `power_and_coverage` of systems of five runs each, with a spread between runs."""
    random = np.random.default_rng(seed)
    stated = [_seeded_gain(random, 0.0, world).power.detectable for world in range(200)]
    truth = float(np.mean([one for one in stated if one is not None]))
    found = held = 0
    for world in range(simulations):
        gain = _seeded_gain(random, truth, world)
        found += gain.p is not None and gain.p <= LEVEL
        held += gain.low is not None and gain.low <= truth <= gain.high
    return found / simulations, held / simulations


def _seeded_gain(random: np.random.Generator, truth: float, world: int) -> PairedDifference:
    runs, clusters = 5, 150
    cluster_of = np.repeat(np.arange(clusters), np.minimum(random.zipf(3.0, size=clusters), 5))
    own = np.repeat(random.normal(0, 0.7, size=(clusters, 2)), runs, axis=1)
    between = random.normal(0, 0.1, size=2 * runs) + np.repeat([truth, 0.0], runs)
    scores = own + between + random.normal(0, 0.5, size=(clusters, 2 * runs))
    systems = (tuple(range(runs)), tuple(range(runs, 2 * runs)))
    measured = Measured(scores[cluster_of][:, :, None], systems=systems)
    return _judged(measured, cluster_of, Resampling(seed=world, resamples=999))


def _judged(measured: Measured, groups: np.ndarray, setting: Resampling) -> PairedDifference:
    """Judge the first against the second; of seeds, without what single ones would have claimed, which costs most."""
    totals, sizes = cluster_totals(columns_of([measured]), groups)
    (bout,) = bouts_of([measured], Drawing(totals, sizes, setting))
    return bout.judged((0, 1))


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
