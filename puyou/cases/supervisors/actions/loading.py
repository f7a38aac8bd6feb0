"""Loading the checklists that ship with the product; versions that are there stay as they are."""

from datetime import datetime

from django.db import transaction

from puyou.cases import events
from puyou.cases.supervisors.models import Checklist
from puyou.cases.supervisors.seeds import CHECKLISTS
from puyou.core import events as log


@transaction.atomic
def load_checklists(*, by: str, now: datetime) -> int:
    """Enter the checklists that are not there yet; how many. Safe to repeat."""
    held = set(Checklist.objects.values_list("code", flat=True))
    rows = [Checklist(**row, number=1) for row in CHECKLISTS if row["code"] not in held]
    if rows:
        Checklist.objects.bulk_create(rows)
        data = {"codes": [row.code for row in rows]}
        log.append(events.CHECKLISTS_LOADED, subject="checklists", actor=by, now=now, data=data)
    return len(rows)
