"""What the worker runs for this room: each job reports how much it did and is safe to repeat."""

from puyou.compliance import actions
from puyou.core import clock


def judge_pending() -> int:
    """Judge the village-weeks that changed, and what the passing of days made stale."""
    return actions.judge_pending(clock.now())


def take_in_hindrances() -> int:
    """Turn what couriers report from the field into proposed excuses; returns how many envelopes left the queue."""
    return actions.take_in_hindrances(now=clock.now())


def close_weeks() -> int:
    """Close every week whose end has passed."""
    return actions.close_weeks(now=clock.now())


def bring_up_to_date() -> int:
    """Judge again when duties, rules or divisions are others than those the figures rest on; always 0."""
    actions.bring_up_to_date(now=clock.now())
    return 0
