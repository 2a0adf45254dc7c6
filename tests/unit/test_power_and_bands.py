"""What a comparison can see, exact tests for right-or-wrong items, false discoveries, and ranking bands."""

import math

import numpy as np
import pytest
from support.made_runs import made_run

from harness.evaluation.comparison import compare
from harness.evaluation.duels import paired_difference, swapped_difference
from harness.evaluation.metrics import label_counts, macro_f1
from harness.evaluation.pairing import benjamini_hochberg, mid_p
from harness.evaluation.power import effect_size, mean_error


@pytest.mark.parametrize(("wins", "losses"), [(0, 1), (5, 0), (7, 3), (4, 4), (60, 41), (2, 900)])
def test_mid_p_is_the_tail_with_half_of_the_observed_count(wins, losses):
    """Counted by whole numbers over all patterns of that many items, whichever system is named first."""
    apart, fewer = wins + losses, min(wins, losses)
    tail = 2 * sum(math.comb(apart, count) for count in range(fewer)) + math.comb(apart, fewer)
    assert mid_p(wins, losses) == pytest.approx(tail / 2**apart, rel=1e-12)
    assert mid_p(losses, wins) == mid_p(wins, losses)


def test_mcnemar_is_for_right_or_wrong_and_independent_items_alone():
    """Copies are flipped together, and graded scores are no coin tosses."""
    right, wrong = [1.0] * 12 + [0.0] * 3, [0.0] * 9 + [1.0] * 6
    alone = paired_difference(right, wrong, range(15), seed=1)
    assert (alone.test, alone.p) == ("mcnemar-mid-p", mid_p(9, 3))
    assert paired_difference(right, wrong, [*range(14), 13], seed=1).test == "sign-flip"
    assert paired_difference([0.5, *right[1:]], wrong, range(15), seed=1).test == "sign-flip"


def test_the_standard_error_of_single_items_is_the_textbooks():
    """Standard deviation over the root of n, where no item has a copy; copies make it larger."""
    gains = np.random.default_rng(3).choice([-1.0, 0.0, 1.0], size=80)
    expected = np.std(gains, ddof=1) / math.sqrt(80)
    assert mean_error(gains, np.ones(80)) == pytest.approx(expected)
    assert mean_error(4 * gains, np.full(80, 4.0)) == pytest.approx(expected)  # copies add nothing
    assert effect_size(gains) == pytest.approx(gains.mean() / np.std(gains, ddof=1))


def test_a_difference_at_the_detectable_size_needs_what_there_is():
    """Half the difference needs four times the clusters; the one that can just be seen, as many as there are."""
    random = np.random.default_rng(5)
    noise = random.normal(size=400)
    found = paired_difference(noise + 0.1, np.zeros(400), range(400), seed=1).power
    just = paired_difference(noise - noise.mean() + found.detectable, np.zeros(400), range(400), seed=1).power
    half = paired_difference(
        noise - noise.mean() + found.detectable / 2, np.zeros(400), range(400), seed=1
    ).power
    assert just.needed_clusters == pytest.approx(400, abs=1)
    assert half.needed_items == pytest.approx(1600, abs=4)


@pytest.mark.parametrize(
    ("a", "b", "clusters", "reason"),
    [
        ([], [], [], "too few clusters"),
        ([1.0], [0.0], ["x"], "too few clusters"),
        ([1.0] * 8, [0.0] * 8, ["x"] * 8, "too few clusters"),
        ([1.0] * 8, [1.0] * 8, range(8), "chance cannot be measured"),
        ([0.7] * 8, [0.2] * 8, range(8), "chance cannot be measured"),
        ([1.0, 0.0] * 8, [0.0, 1.0] * 8, range(16), "no difference was seen"),
    ],
)
def test_what_cannot_be_said_of_power_has_a_reason(a, b, clusters, reason):
    """No item, one, one cluster, all ties, a constant lead, no difference: None, and a sentence."""
    power = paired_difference(a, b, clusters, seed=1).power
    assert power.needed_items is None
    assert reason in power.reason


def test_a_metric_of_sets_has_a_detectable_difference_too():
    """Its error comes from the draws; there is no effect size, since no item has a score."""
    references = ["ar", "fa"] * 60
    a = label_counts(references, references)
    b = label_counts(references, [said if row % 5 else "ar" for row, said in enumerate(references)])
    result = swapped_difference(a, b, range(120), macro_f1, seed=1)
    assert 0 < result.power.detectable < 0.2
    assert result.effect is None


def test_false_discoveries_are_adjusted_upwards_in_steps():
    """The textbook example: 0.01, 0.02, 0.03, 0.5 of four become 0.04, 0.04, 0.04, 0.5; None is no member."""
    assert benjamini_hochberg([0.01, 0.02, None, 0.03, 0.5]) == pytest.approx((0.04, 0.04, None, 0.04, 0.5))
    assert benjamini_hochberg([]) == ()


def _right(*, of=200, but):
    return [0.0] * but + [1.0] * (of - but)


def test_systems_that_cannot_be_told_apart_share_a_band():
    """Two near the top are one band with ranks 1 to 2; a clearly worse third is a band of its own."""
    shuffled = np.random.default_rng(4).permutation(_right(but=21)).tolist()
    runs = [made_run("a", _right(but=20)), made_run("b", shuffled), made_run("c", _right(but=120))]
    result = compare(runs, seed=1)
    names = {run.run_id: run.system.name for run in result.runs}
    assert [[names[one] for one in band.runs] for band in result.bands] == [["a", "b"], ["c"]]
    assert [(names[p.run_id], p.first, p.last) for p in result.places] == [
        ("a", 1, 2),
        ("b", 1, 2),
        ("c", 3, 3),
    ]


def test_bands_may_overlap():
    """A middle system that neither neighbour can be told from belongs to both bands, though the ends differ."""
    first = [1.0] * 100
    middle = [0.0] * 4 + [1.0] * 96
    last = [0.0] * 8 + [1.0] * 92
    result = compare([made_run("a", first), made_run("m", middle), made_run("z", last)], seed=1)
    assert [len(band.runs) for band in result.bands] == [2, 2]
    assert [(place.first, place.last) for place in result.places] == [(1, 2), (1, 3), (2, 3)]


def test_where_not_every_pair_was_judged_there_is_no_ranking():
    """With a baseline nothing is known of the others among each other."""
    result = compare(
        [made_run(name, _right(but=9 + 40 * n)) for n, name in enumerate("abc")], baseline="a", seed=1
    )
    assert result.bands == result.places == ()
