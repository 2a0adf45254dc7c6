"""Student's distribution, where few runs are averaged, is scipy's."""

import pytest
from scipy import stats

from harness.evaluation.student import student_bound, student_p

_FREEDOMS = (1, 1.5, 2, 3.3, 10, 100, 5e4, 1e8)


@pytest.mark.parametrize("freedom", _FREEDOMS)
def test_p_of_a_t_statistic_is_theirs(freedom):
    """Two-sided, also far out in the tail, and for degrees of freedom that are no whole numbers."""
    for t in (0.0, 0.01, 0.5, 1, 2, -4.3, 12, 30):
        assert student_p(t, freedom) == pytest.approx(2 * stats.t.sf(abs(t), freedom), rel=1e-6, abs=1e-30)


@pytest.mark.parametrize("freedom", _FREEDOMS)
def test_the_bound_of_a_p_is_theirs(freedom):
    """From one in a thousand to certainty."""
    for p in (0.001, 0.05, 0.4, 1.0):
        assert student_bound(p, freedom) == pytest.approx(stats.t.isf(p / 2, freedom), rel=1e-6, abs=1e-9)
