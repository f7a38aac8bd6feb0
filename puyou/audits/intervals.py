"""Exact intervals of one share, and the quantiles they rest on, without any library of statistics."""

from functools import lru_cache
from math import exp, lgamma, log, log1p

TINY, STEPS = 1e-300, 400


@lru_cache(maxsize=4096)
def clopper_pearson(hits: float, tried: float, confidence: float) -> tuple[float, float]:
    """The exact interval of a share: quantiles of Beta(x, n−x+1) and Beta(x+1, n−x) (Clopper and Pearson 1934).

    ``hits`` and ``tried`` may be fractions, as effective sizes are (Korn and Graubard 1998). Without tries: 0 to 1.
    """
    if tried <= 0:
        return 0.0, 1.0
    tail = (1 - confidence) / 2
    lower = beta_quantile(tail, hits, tried - hits + 1) if hits > 0 else 0.0
    upper = beta_quantile(1 - tail, hits + 1, tried - hits) if hits < tried else 1.0
    return lower, upper


def beta_quantile(share: float, a: float, b: float) -> float:
    """x with I_x(a, b) = ``share``, by halving."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if incomplete_beta(middle, a, b) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def incomplete_beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b) by its continued fraction (DLMF 8.17.22, Lentz's method)."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    return front / _fraction(x, a, b)


def _fraction(x: float, a: float, b: float) -> float:
    value, c, d = 1.0, 1.0, 0.0
    for step in range(1, STEPS):
        term = _term(step, x, a, b)
        d = 1 / ((1 + term * d) or TINY)
        c = (1 + term / c) or TINY
        value *= c * d
        if abs(c * d - 1) < 1e-14:
            break
    return value


def _term(step: int, x: float, a: float, b: float) -> float:
    m = step // 2
    if step % 2 == 0:
        return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
    return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))


@lru_cache(maxsize=256)
def student_quantile(share: float, freedom: float) -> float:
    """t with P(T ≤ t) = ``share`` above one half, through I_x(ν/2, 1/2) at x = ν / (ν + t²) (DLMF 8.17)."""
    x = beta_quantile(2 * (1 - share), freedom / 2, 0.5)
    return float((freedom * (1 - x) / max(x, TINY)) ** 0.5)
