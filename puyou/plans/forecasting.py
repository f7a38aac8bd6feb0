"""What a series of years comes to if it goes on as before: a straight line by least squares, with its interval.

The method is stated and simple: ŷ(x) = ȳ + b·(x − x̄) over the known years, b by least squares; the prediction
interval of a new year is ŷ ± t·s·√(1 + 1/n + (x − x̄)²/Σ(x − x̄)²) with n − 2 degrees of freedom. It supposes that the
causes stay as they were and that errors are independent; it is no promise. Under three known years, or further ahead
than the known years reach back, nothing is said.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from puyou.audits.intervals import student_quantile

LEAST = 3
METHOD = "最小二乘直线外推，区间为新一年的预测区间；假定过去的变化方式不变。"


@dataclass(frozen=True)
class Point:
    """A year's value."""

    year: int
    value: float


@dataclass(frozen=True)
class Forecast:
    """What is expected of a year, and between which limits with which confidence; ``yearly``: the line's slope."""

    year: int
    value: float
    low: float
    high: float
    confidence: float
    yearly: float
    known: int


def refusal(points: Sequence[Point], year: int) -> str:
    """Why nothing can be said of a year; empty when something can."""
    if len(points) < LEAST:
        return f"已知年份只有 {len(points)} 个，不足 {LEAST} 个，不作预测"
    last, span = (
        max(each.year for each in points),
        max(each.year for each in points) - min(each.year for each in points),
    )
    if year - last > span:
        return f"已知年份只跨 {span} 年，不能外推 {year - last} 年"
    return ""


def forecast(
    points: Sequence[Point],
    year: int,
    confidence: float,
    bounds: tuple[float | None, float | None] = (None, None),
) -> Forecast | None:
    """The line carried on to a year; None where ``refusal`` says why. ``bounds``: what the quantity cannot leave."""
    if refusal(points, year):
        return None
    count = len(points)
    middle = sum(each.year for each in points) / count
    mean = sum(each.value for each in points) / count
    spread = sum((each.year - middle) ** 2 for each in points)
    yearly = sum((each.year - middle) * (each.value - mean) for each in points) / spread
    errors = sum((each.value - mean - yearly * (each.year - middle)) ** 2 for each in points)
    half = (
        student_quantile((1 + confidence) / 2, count - 2)
        * ((errors / (count - 2)) * (1 + 1 / count + (year - middle) ** 2 / spread)) ** 0.5
    )
    value = mean + yearly * (year - middle)
    return Forecast(
        year, _within(value, bounds), _within(value - half, bounds), _within(value + half, bounds), confidence, yearly,
        count,
    )  # fmt: skip


def _within(value: float, bounds: tuple[float | None, float | None]) -> float:
    low, high = bounds
    if low is not None and value < low:
        return low
    return high if high is not None and value > high else value
