"""Loading the categories that ship with the product; those that officers changed stay as they are."""

from datetime import datetime

from django.db import transaction

from puyou.cases import events
from puyou.cases.feedback.models import Category
from puyou.cases.feedback.seeds import CATEGORIES
from puyou.core import events as log


@transaction.atomic
def load_categories(*, by: str, now: datetime) -> int:
    """Enter the categories that are not there yet; how many. Safe to repeat."""
    held = set(Category.objects.values_list("code", flat=True))
    rows = [Category(**row, order=at) for at, row in enumerate(CATEGORIES) if row["code"] not in held]
    if rows:
        Category.objects.bulk_create(rows)
        data = {"codes": [row.code for row in rows]}
        log.append(events.CATEGORIES_LOADED, subject="categories", actor=by, now=now, data=data)
    return len(rows)
