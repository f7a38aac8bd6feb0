"""Repeat offences: the same kind of report at the same place again within a dated rule's days."""

from datetime import datetime, timedelta

from puyou.cases.feedback.models import Category, Report
from puyou.core.periods import day_of
from puyou.places.models import Place
from puyou.standards import queries as standards

RULE = "feedback_repeat_days"
NOT_COUNTED = ("refuted", "other_body", "merged", "withdrawn")


def find_earlier(place: Place, category: Category, now: datetime) -> Report | None:
    """The newest report of the same kind at the same place within the rule's days, among those that still stand."""
    days = standards.find_value(RULE, day_of(now), place_path=place.path)
    if days is None:
        return None
    since = now - timedelta(days=int(days.number))
    held = Report.objects.filter(place=place, category=category, filed_at__gte=since)
    return held.exclude(case__outcome__in=NOT_COUNTED).order_by("-filed_at", "-pk").first()
