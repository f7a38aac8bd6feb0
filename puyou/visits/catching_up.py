"""Working off what came late, a stretch of days at a time."""

from datetime import datetime, timedelta

from django.db import transaction

from puyou.visits import rescreening, running, strangers
from puyou.visits.late_facts import ALWAYS
from puyou.visits.models import Rescreening
from puyou.visits.rescreening import Concern

ACTOR = "system:visits"


@transaction.atomic
def screen_waiting(*, now: datetime) -> int:
    """Screen one stretch of the oldest waiting row again; returns 1, or 0 when nothing can be done now.

    A row waits until every transaction that ran when it was written has ended: a batch that did not know the fact is
    then to be seen. The row moves on in the transaction that screens, so that a crash repeats a stretch and skips none.
    """
    row = Rescreening.objects.select_for_update(skip_locked=True).order_by("id").first()
    if row is None or running.is_any_as_old_as(row.horizon):
        return 0
    everybody = not (row.place_ids or row.courier_ids or row.device_ids)
    concern = Concern() if everybody else Concern(row.place_ids, row.courier_ids, row.device_ids)
    until = row.last_day + timedelta(days=1) if row.last_day else None
    _, further = rescreening.screen_stretch(concern, row.next_day, until, row.cause, row.reason, ACTOR, now)
    if further is None:
        row.delete()
    else:
        Rescreening.objects.filter(pk=row.pk).update(next_day=further)
    return 1


def link_strangers(*, now: datetime) -> int:
    """Link visits that still carry a stranger's number though the registry knows it by now; how many changed."""
    couriers, devices = strangers.waiting()
    if not couriers and not devices:
        return 0
    return rescreening.screen_again(
        courier_ids=couriers, device_ids=devices, since=ALWAYS, reason="registry", by=ACTOR, now=now
    )
