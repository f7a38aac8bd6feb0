"""Judging duties: what may be asked of a village, and whether it asks less than the floor."""

from puyou.registry import problems

DAYS_IN_WEEK = 7


def is_reasonable(times: int, period: str) -> bool:
    """A duty is 1 to 7 times a week or once a day (contracts: rule 1.1)."""
    return (period == "week" and 1 <= times <= DAYS_IN_WEEK) or (period == "day" and times == 1)


def require_reasonable(times: int, period: str) -> None:
    """Problem when a duty is not ``is_reasonable``."""
    if not is_reasonable(times, period):
        raise problems.DUTY_UNREASONABLE(period={"day": "日", "week": "周"}.get(period, period), times=times)


def weekly(times: float, per_day: bool) -> float:
    """Times a week: a duty or floor per day asks for every day of the week."""
    return times * DAYS_IN_WEEK if per_day else times


def is_below_floor(times: int, per_day: bool, floor: float, floor_per_day: bool) -> bool:
    """Whether a duty asks less than the floor of its area class; such a duty judges all the same."""
    return weekly(times, per_day) < weekly(floor, floor_per_day)
