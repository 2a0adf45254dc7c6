"""What tests, intervals and stated power promise, against worlds in which the truth is known; seeds fixed before.

`make soak-statistics` asks the same of 10,000 worlds, more strictly.
"""

import os
import subprocess
import sys

import pytest
from support.null_worlds import (
    FAMILIES,
    LEVEL,
    false_positive_rate,
    power_and_coverage,
    seeds_power_and_coverage,
    single_seed_rate,
)

_SIMULATIONS = 500


@pytest.mark.parametrize("family", FAMILIES)
def test_a_test_cries_wolf_as_often_as_it_says(family):
    """Two alike systems on Zipf clusters: called different in 0.05 ± 0.03 of 500 worlds, by each kind of metric."""
    assert false_positive_rate(family, _SIMULATIONS, seed=20261105) == pytest.approx(LEVEL, abs=0.03)


def test_taking_zipf_copies_for_independent_cries_wolf_many_times_as_often():
    """The usual test on the same worlds is wrong in more than a fifth of them."""
    assert false_positive_rate("right or wrong", 200, seed=20261106, clustered=False) > 0.2


def test_the_stated_power_and_the_intervals_hold():
    """A true difference of the stated size is found in 0.80 ± 0.05 of 500 worlds, and held by 0.95 ± 0.03."""
    power, coverage = power_and_coverage(_SIMULATIONS, seed=20261107)
    assert power == pytest.approx(0.8, abs=0.05)
    assert coverage == pytest.approx(0.95, abs=0.03)


def test_one_seed_of_each_cries_wolf_many_times_as_often():
    """Where runs differ by their seed, comparing one run with one run calls alike systems different."""
    assert single_seed_rate("right or wrong, three seeds each", 200, seed=20261112) > 0.15


def test_the_stated_power_and_the_intervals_of_seeds_hold():
    """Five runs each: a true difference of the stated size is found in 0.80 ± 0.06 of 300 worlds, held by 0.95 ± 0.03."""
    power, coverage = seeds_power_and_coverage(300, seed=20261113)
    assert power == pytest.approx(0.8, abs=0.06)
    assert coverage == pytest.approx(0.95, abs=0.03)


_SMALL = """
import sys; sys.path.insert(0, "tests")
from support.made_runs import realistic_runs
from harness.evaluation.comparison import compare
from harness.reports.comparison_json import comparison_json
print(comparison_json([compare(realistic_runs(), seed=3)]))
"""


def test_the_number_of_threads_changes_no_byte():
    """The same seed gives the same report with one thread of linear algebra and with four."""
    told = [
        subprocess.run(
            [sys.executable, "-c", _SMALL],
            env={**os.environ, "OPENBLAS_NUM_THREADS": str(threads), "OMP_NUM_THREADS": str(threads)},
            capture_output=True,
            check=True,
        ).stdout
        for threads in (1, 4)
    ]
    assert told[0] == told[1]
    assert len(told[0]) > 1000
