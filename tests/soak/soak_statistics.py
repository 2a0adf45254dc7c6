"""Ask 10,000 made worlds whether tests, stated power and intervals keep what they promise.

Usage: PYTHONPATH=tests python tests/soak/soak_statistics.py [WORLDS]. Seeds are fixed. Exits 1 where a
false-positive rate is above 0.06, power not 0.80 ± 0.03, or coverage not 0.95 ± 0.01; a rate below 0.04 is
reported, since a test that cries wolf too seldom misleads nobody.
"""

import sys

from support.null_worlds import FAMILIES, LEVEL, false_positive_rate, power_and_coverage


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
    power, coverage = power_and_coverage(worlds, seed=20261109)
    broken += abs(power - 0.8) > 0.03 or abs(coverage - 0.95) > 0.01
    print(f"power at the stated difference: {power:.4f}; intervals that hold the truth: {coverage:.4f}")
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
