"""Where the pages of the desk are, for the lists that link to each other."""

from typing import Any

from django.urls import reverse


def of_visit(row: Any) -> str:
    """The desk's page of a visit, or of the visit that a row is about."""
    return reverse("review_visit", args=[getattr(row, "visit_id", None) or row.pk])


def of_day(courier_id: int | None, day: Any) -> str | None:
    """The page of a courier's day; None where nobody was named."""
    return f"{reverse('review_day')}?courier={courier_id}&day={day:%Y-%m-%d}" if courier_id else None


def of_courier(courier_id: int | None) -> str | None:
    """The desk's page of a registered courier."""
    return reverse("review_courier", args=[courier_id]) if courier_id and courier_id > 0 else None
