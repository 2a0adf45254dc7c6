"""Draws by seed: fixed for good, fair, and without influence on each other."""

from collections import Counter

from harness.evaluation.draws import Draws

EXPECTED = [54, 591, 567, 183, 42, 404]


def test_the_same_seed_and_purpose_draw_the_same_for_good():
    """A task made years ago is made again; these numbers are a contract."""
    assert [Draws(0, "doc").below(1000) for _ in range(3)] == [EXPECTED[0]] * 3
    draws = Draws(0, "doc")
    assert [draws.below(1000) for _ in range(6)] == EXPECTED


def test_other_purposes_draw_otherwise():
    """A document more changes nothing for the rest."""
    streams = {
        tuple(Draws(seed, *purpose).shuffled(range(20)))
        for seed, purpose in ((0, ("a",)), (1, ("a",)), (0, ("b",)), (0, ("a", "b")))
    }
    assert len(streams) == 4


def test_draws_are_fair():
    """Of 6,000 draws of six, each comes about 1,000 times (4.5 standard deviations)."""
    draws = Draws(3, "dice")
    counted = Counter(draws.below(6) for _ in range(6000))
    assert set(counted) == set(range(6))
    assert all(abs(count - 1000) < 130 for count in counted.values())
    assert abs(sum(draws.chance(0.2) for _ in range(6000)) - 1200) < 140


def test_a_sample_keeps_the_order_and_repeats_nothing():
    """Also where more is asked for than is there."""
    sample = Draws(1, "s").sample(range(100), 10)
    assert sample == sorted(set(sample))
    assert len(sample) == 10
    assert Draws(1, "s").sample("abc", 9) == ["a", "b", "c"]
