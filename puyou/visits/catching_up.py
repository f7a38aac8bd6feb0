"""Working off what came late, a stretch of days at a time."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from puyou.visits import rescreening, strangers
from puyou.visits.late_facts import ALWAYS
from puyou.visits.models import Rescreening
from puyou.visits.rescreening import Concern

ACTOR = "system:visits"
BATCHES_BEFORE = """
SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND backend_xid IS NOT NULL AND age(backend_xid) > age((%s %% 4294967296)::text::xid))
"""


@transaction.atomic
def screen_waiting(*, now: datetime) -> int:
    """Screen one stretch of the oldest waiting row again; returns 1, or 0 when nothing can be done now.

    A row waits until every transaction older than it has ended: a batch that did not know the fact is then to be
    seen. The row moves on in the transaction that screens, so that a crash repeats a stretch and skips none.
    """
    row = Rescreening.objects.select_for_update(skip_locked=True).order_by("id").first()
    if row is None or _is_too_early(row.horizon):
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


def _is_too_early(horizon: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(BATCHES_BEFORE, [horizon])
        return bool((cursor.fetchone() or (False,))[0])


def link_strangers(*, now: datetime) -> int:
    """Link visits that still carry a stranger's number though the registry knows it by now; how many changed."""
    couriers, devices = strangers.waiting()
    if not couriers and not devices:
        return 0
    return rescreening.screen_again(
        courier_ids=couriers, device_ids=devices, since=ALWAYS, reason="registry", by=ACTOR, now=now
    )
