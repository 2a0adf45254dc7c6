"""Ask 10,000 made worlds whether tests, stated power and intervals keep what they promise.

Usage: PYTHONPATH=tests python tests/soak/soak_statistics.py [WORLDS]. Seeds are fixed. Exits 1 where a
false-positive rate is above 0.06, power not 0.80 ± 0.03, or coverage not 0.95 ± 0.01; a rate below 0.04 is
reported, since a test that cries wolf too seldom misleads nobody.
"""

import sys

from support.null_worlds import (
    FAMILIES,
    LEVEL,
    SINGLE_SEEDS,
    false_positive_rate,
    power_and_coverage,
    seeds_power_and_coverage,
    single_seed_rate,
)


def main(worlds: int) -> int:
    """Measure and print; give the exit code."""
    broken = 0
    for family in FAMILIES:
        rate = false_positive_rate(family, worlds, seed=20261108)
        told = "too often" if rate > LEVEL + 0.01 else "seldom" if rate < LEVEL - 0.01 else "as promised"
        broken += rate > LEVEL + 0.01
        print(
            f"{family}: called different in {rate:.4f} of {worlds:,} worlds without a difference: {told}",
            flush=True,
        )
    for family in SINGLE_SEEDS:
        rate = single_seed_rate(family, worlds // 10, seed=20261110)
        print(
            f"{family}: single seeds called different in {rate:.4f} of {worlds // 10:,} such worlds",
            flush=True,
        )
    for name, measure, seed in (
        ("single runs", power_and_coverage, 20261109),
        ("five seeds each", seeds_power_and_coverage, 20261111),
    ):
        power, coverage = measure(worlds, seed=seed)
        broken += abs(power - 0.8) > 0.03 or abs(coverage - 0.95) > 0.01
        print(
            f"{name}: power at the stated difference {power:.4f}; intervals that hold the truth {coverage:.4f}",
            flush=True,
        )
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
