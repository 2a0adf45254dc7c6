"""Tests of differences are those of scipy, where scipy has them."""

import numpy as np
import pytest
from scipy import stats

from harness.evaluation.pairing import benjamini_hochberg, mid_p, sign_flip_p
from harness.evaluation.resampling import student_quantile


@pytest.mark.parametrize("seed", range(4))
def test_the_exact_sign_flip_test_is_the_permutation_test_of_pairs(seed):
    """Twelve clusters, all patterns of signs."""
    gains = np.random.default_rng(seed).normal(0.4, 1, size=12)
    theirs = stats.permutation_test(
        (gains, np.zeros(12)),
        lambda a, b, axis: (a - b).mean(axis),
        permutation_type="samples",
        vectorized=True,
    )
    assert sign_flip_p(gains[:, None], seed=1) == pytest.approx([theirs.pvalue])


@pytest.mark.parametrize(("wins", "losses"), [(9, 3), (31, 30), (700, 640)])
def test_mid_p_is_the_binomial_test_less_half_of_the_observed_count(wins, losses):
    """Two-sided, at one half."""
    apart = wins + losses
    theirs = stats.binomtest(wins, apart).pvalue - stats.binom.pmf(wins, apart, 0.5)
    assert mid_p(wins, losses) == pytest.approx(theirs, rel=1e-9)


def test_adjustment_for_false_discoveries_is_theirs():
    """On 40 p-values at once."""
    p_values = np.random.default_rng(8).random(40) ** 2
    assert benjamini_hochberg(p_values.tolist()) == pytest.approx(
        tuple(stats.false_discovery_control(p_values))
    )


@pytest.mark.parametrize("freedom", [4, 10, 50, 1000])
@pytest.mark.parametrize("share", [0.025, 0.8, 0.975])
def test_students_quantile_is_near_theirs(freedom, share):
    """The approximation is within one hundredth from four degrees of freedom on."""
    assert student_quantile(share, freedom) == pytest.approx(stats.t.ppf(share, freedom), abs=0.01, rel=0.005)
