"""Comparing metrics of whole sets, such as macro F1: hand-made cases, and the truth of simulations."""

import itertools

import numpy as np
import pytest

from harness.evaluation.duels import swapped_difference
from harness.evaluation.metrics import label_counts, label_metrics, macro_f1, set_metric
from harness.evaluation.resampling import cluster_totals, mean_of_totals
from harness.evaluation.swapping import swap_p

_LEVEL = 0.05
_SIMULATIONS = 500
# 60 items stand alone, 60 in 15 clusters of four copies.
_CLUSTERED = np.concatenate([np.arange(60), 60 + np.repeat(np.arange(15), 4)])
_LABELS = np.array(["ar", "fa", "ur"])


def _sums(statistics, clusters):
    return cluster_totals(statistics, clusters)[0]


def _with_errors(references, chance, random):
    """Give answers that are right by chance, else any label."""
    right = random.random(len(references)) < chance
    return np.where(right, references, random.choice(_LABELS, size=len(references)))


def _slow_p(references, first, second, clusters):
    """Try every way of swapping two systems' answers, counting labels anew each time."""

    def apart(a, b):
        scores = [macro_f1(label_counts(references, said).sum(axis=0)[None, :])[0] for said in (a, b)]
        return scores[0] - scores[1]

    names = sorted(set(clusters))
    found = []
    for swaps in itertools.product([False, True], repeat=len(names)):
        swapped = np.array([dict(zip(names, swaps, strict=True))[cluster] for cluster in clusters])
        found.append(apart(np.where(swapped, second, first), np.where(swapped, first, second)))
    return np.mean(np.abs(found) >= abs(apart(first, second)) - 1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_p_is_the_share_of_swaps_that_part_the_systems_as_much(seed):
    """For few clusters, exactly what trying all swaps on the answers themselves gives."""
    random = np.random.default_rng(seed)
    clusters = random.integers(6, size=24)
    references = random.choice(_LABELS, size=24)
    said = [_with_errors(references, chance, random) for chance in (0.8, 0.5)]
    statistics = [_sums(label_counts(references.tolist(), answers.tolist()), clusters) for answers in said]
    assert swap_p(*statistics, macro_f1, seed=1) == pytest.approx(_slow_p(references, *said, clusters))


def test_a_drawn_p_is_close_to_the_exact_one():
    """With one cluster more than are tried in all ways, p stays within sampling error of trying them."""
    references = np.resize(_LABELS, 30)
    shifted = np.roll(_LABELS, 1)[np.searchsorted(_LABELS, references)]
    right_in_a = np.resize([True, True, False], 15).repeat(2)
    said = [np.where(right == right_in_a, references, shifted) for right in (True, False)]
    clusters = np.arange(15).repeat(2)
    a, b = (_sums(label_counts(references.tolist(), answers.tolist()), clusters) for answers in said)
    patterns = (np.arange(1 << 15)[:, None] >> np.arange(15)) & 1
    shift = patterns @ (b - a)
    apart = np.abs(macro_f1(a.sum(axis=0) + shift) - macro_f1(b.sum(axis=0) - shift))
    exact = np.mean(apart >= apart[0] - 1e-12)
    assert 0.1 < exact < 0.9
    assert swap_p(a, b, macro_f1, seed=3) == pytest.approx(exact, abs=0.04)


def test_a_lead_in_a_rare_language_is_seen_by_macro_f1():
    """Two systems alike on Arabic, one lost on Urdu: the difference is large, sure, and told as better."""
    references = np.array(["ar"] * 180 + ["ur"] * 20)
    lost = np.where(references == "ur", "fa", "ar")
    a, b = (label_counts(references.tolist(), said.tolist()) for said in (references, lost))
    result = swapped_difference(a, b, np.arange(200), macro_f1, seed=1)
    assert result.difference == pytest.approx(0.5)
    assert result.low is None or result.low > 0.3
    assert result.p < 0.01
    assert result.verdict == "better"
    assert result.wins is result.ties is result.losses is None


def test_systems_that_answer_alike_get_no_p_and_no_winner():
    """Nothing was seen, so nothing is said."""
    counts = label_counts(["ar", "fa"] * 10, ["ar", "ar"] * 10)
    result = swapped_difference(counts, counts, np.arange(20), macro_f1, seed=1, margin=0.5)
    assert (result.difference, result.low, result.p, result.verdict) == (0.0, None, None, "inconclusive")
    assert "alike on every item" in result.reason


@pytest.mark.parametrize(
    ("items", "clusters", "reason"),
    [(0, [], "no item"), (4, [0] * 4, "one cluster"), (3, [0, 1, 2], "too few")],
)
def test_too_little_to_resample_is_said(items, clusters, reason):
    """No item gives no difference; a single cluster no p; few clusters no interval."""
    a = label_counts(["ar", "fa", "ar", "fa"], ["ar"] * 4)[:items]
    b = label_counts(["ar", "fa", "ar", "fa"], ["fa"] * 4)[:items]
    result = swapped_difference(a, b, clusters, macro_f1, seed=1)
    assert (result.difference is None) == (items == 0)
    assert result.low is result.high is None
    assert reason in result.reason
    assert (result.p is None) == (len(set(clusters)) < 2)


def test_metrics_of_sets_are_found_by_their_signature():
    """What a stored score says of itself is enough to count its answers anew; a mean, or another version, is not found."""
    for comparing in ("macrolanguage", "primary"):
        accuracy, of_sets = label_metrics(comparing)
        assert set_metric(of_sets.signature).signature == of_sets.signature
        assert set_metric(accuracy.signature) is None
    assert set_metric("macro_f1|v:0|labels:bcp47-primary|over:reference-labels") is None


def _false_alarms(cluster_of, seed):
    """Share of null data sets, with real copies in them, that a test at 0.05 calls different."""
    random = np.random.default_rng(seed)
    alarms = 0
    for simulation in range(_SIMULATIONS):
        references = random.choice(_LABELS, p=[0.7, 0.2, 0.1], size=75)
        statistics = [
            label_counts(references[_CLUSTERED].tolist(), answers[_CLUSTERED].tolist())
            for answers in (_with_errors(references, 0.7, random) for _ in range(2))
        ]
        sums = [_sums(counts, cluster_of) for counts in statistics]
        alarms += swap_p(*sums, macro_f1, seed=simulation, resamples=399) <= _LEVEL
    return alarms / _SIMULATIONS


def test_copies_raise_no_false_alarm_when_clusters_are_swapped_whole():
    """With half of the items in clusters of four, the false-positive rate is the nominal one (± 0.03)."""
    assert _false_alarms(_CLUSTERED, seed=20261103) == pytest.approx(_LEVEL, abs=0.03)


def test_swapping_copies_one_by_one_raises_false_alarms():
    """The usual test over items cries wolf at least twice as often as it says."""
    assert _false_alarms(np.arange(len(_CLUSTERED)), seed=20261103) > 2 * _LEVEL


def test_intervals_of_differences_hold_the_truth_about_as_often_as_they_say():
    """Over 200 simulated corpora with copies, the interval holds the true difference in 0.95 ± 0.05 of them."""
    random = np.random.default_rng(20261104)
    many = random.choice(_LABELS, p=[0.6, 0.25, 0.15], size=200_000).tolist()
    truth = np.subtract(
        *(
            macro_f1(
                label_counts(many, _with_errors(np.array(many), chance, random).tolist()).sum(axis=0)[None]
            )[0]
            for chance in (0.8, 0.6)
        )
    )
    held = 0
    for simulation in range(200):
        references = random.choice(_LABELS, p=[0.6, 0.25, 0.15], size=75)
        a, b = (
            label_counts(references[_CLUSTERED].tolist(), answers[_CLUSTERED].tolist())
            for answers in (_with_errors(references, chance, random) for chance in (0.8, 0.6))
        )
        result = swapped_difference(a, b, _CLUSTERED, macro_f1, seed=simulation, resamples=399)
        held += result.low <= truth <= result.high
    assert held / 200 == pytest.approx(0.95, abs=0.05)


def test_a_mean_gives_the_p_of_flipped_signs():
    """The swap test is a generalisation: on (score, 1) it is the sign-flip test, here by hand."""
    ones = np.ones(3)
    a, b = np.column_stack([[1.0, 2.0, 3.0], ones]), np.column_stack([np.zeros(3), ones])
    assert swap_p(a, b, mean_of_totals, seed=1) == 2 / 8
