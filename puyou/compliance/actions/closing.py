"""Closing weeks: noticing that a week ended, and making rows of its misses."""

from datetime import date, datetime, timedelta

import numpy as np
from django.db import transaction

from puyou.compliance import basis, events, judging, reading, remembering, telling
from puyou.compliance.actions.judging import JUDGE, judge_pending, lock
from puyou.compliance.models import Closing, JudgedWeek, Rollup
from puyou.compliance.rules import Verdict
from puyou.core import events as log
from puyou.core.periods import Week, day_of


def close_weeks(*, now: datetime, by: str = JUDGE) -> int:
    """Close every week whose end has passed since this system's first week; returns how many.

    Safe to repeat, and catches up after downtime. Weeks before the system's first one are history: judged,
    but never closed, so that imported years make no misses.
    """
    with transaction.atomic():
        lock()
        judge_pending(now=now, by=by)
        _open_weeks(now)
        due = list(Closing.objects.filter(due_at__lte=now, closed_at=None).order_by("monday"))
        for closing in due:
            _close(closing, by, now)
        _forget_old_weeks(day_of(now))
    return len(due)


def _open_weeks(now: datetime) -> None:
    """A row for every week from the first one known to the running one."""
    week = Week.of(day_of(now))
    known = Closing.objects.order_by("-monday").values_list("monday", flat=True).first()
    following = Week(known).shift(1) if known else week
    while following <= week:
        Closing.objects.create(monday=following.monday, due_at=following.ends_at)
        following = following.shift(1)


def _close(closing: Closing, by: str, now: datetime) -> None:
    week = Week(closing.monday)
    closing.closed_at = now
    closing.save(update_fields=["closed_at"])
    stretch = reading.stretches(week.monday, 1)[0]
    judgement = judging.judge(reading.read(stretch, None, day_of(now)), ())
    codes, misses = judgement.codes[0], np.flatnonzero(judgement.codes[0] == Verdict.UNMET)
    unmet = remembering.Changes(
        judgement.source.ids[misses],
        np.full(len(misses), reading.number(week.monday), np.int32),
        codes[misses],
        codes[misses],
        judgement.need[0][misses],
        judgement.served[0][misses],
    )
    versions = {reading.number(week.monday): judgement.source.versions[0][2]}
    telling.note_misses(unmet, versions, now)
    data = {
        "week": week.name,
        "due_at": week.ends_at,
        "met": int((codes == Verdict.MET).sum()),
        "missed": len(misses),
        "excused": int((codes == Verdict.EXCUSED).sum()),
    }
    log.append(events.WEEK_CLOSED, subject=f"week:{week.name}", actor=by, now=now, data=data)


def _forget_old_weeks(today: date) -> None:
    """Roll-ups before the kept window would grow old unseen; they are computed when asked."""
    first = basis.window(today)[0]
    if JudgedWeek.objects.filter(monday__lt=first).exists():
        JudgedWeek.objects.filter(monday__lt=first).delete()
        Rollup.objects.filter(monday__lt=first, monday__gte=first - timedelta(weeks=120)).delete()
