"""Student's t distribution with any degrees of freedom: where few runs are averaged, there are few of them."""

import math

_MOST_STEPS = 300
_CLOSE = 1e-15
_TINY = 1e-300
_NORMAL_FROM = 1e7  # degrees of freedom; beyond, the two agree to seven digits


def student_p(t: float, freedom: float) -> float:
    """Give the two-sided p-value of a t statistic.

    Args:
        t: The statistic; its sign does not matter.
        freedom: Degrees of freedom, > 0, whole or not.

    Returns:
        A probability in [0, 1], to about nine digits.
    """
    if freedom >= _NORMAL_FROM:
        return math.erfc(abs(t) / math.sqrt(2))
    return _incomplete_beta(freedom / (freedom + t * t), freedom / 2, 0.5)


def student_bound(p: float, freedom: float) -> float:
    """Give the t >= 0 that a two-sided p-value in (0, 1] belongs to, by halving."""
    low, high = 0.0, 1.0
    while student_p(high, freedom) > p:
        low, high = high, 2 * high
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if student_p(middle, freedom) > p else (low, middle)
        if high - low <= _CLOSE * high:
            break
    return (low + high) / 2


def _incomplete_beta(x: float, a: float, b: float) -> float:
    """Integrate the beta density from 0 to x, in [0, 1] (DLMF 8.17.22, by Lentz's method)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):  # on this side the fraction converges slowly
        return 1 - _incomplete_beta(1 - x, b, a)
    scale = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return min(1.0, math.exp(scale) / a / _fraction(x, a, b))


def _fraction(x: float, a: float, b: float) -> float:
    value = c = 1.0
    d = 0.0
    for step in range(1, _MOST_STEPS):
        half, is_odd = divmod(step, 2)
        if is_odd:
            term = -(a + half) * (a + b + half) * x / ((a + 2 * half) * (a + 2 * half + 1))
        else:
            term = half * (b - half) * x / ((a + 2 * half - 1) * (a + 2 * half))
        d = 1 / (1 + term * d or _TINY)
        c = 1 + term / c or _TINY
        value *= c * d
        if abs(c * d - 1) < _CLOSE:
            break
    return value
