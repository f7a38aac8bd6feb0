"""Ending and changing a village's duty; what was in force stays on record."""

from datetime import date, datetime

from django.db import transaction

from puyou.core import events as log
from puyou.core.periods import day_of
from puyou.registry import events, problems, rules
from puyou.registry.actions.floors import is_duty_below_floor
from puyou.registry.models import Duty


@transaction.atomic
def end_duty(*, duty: Duty, on: date, ground: str, by: str, now: datetime) -> Duty:
    """A duty is no longer in force from ``on``; on its first day this takes it back. Judges nothing."""
    duty, _ = _close(duty, on, ground)
    data = {"on": str(on), "ground": ground, "place": duty.place_id}
    log.append(events.DUTY_ENDED, subject=f"duty:{duty.pk}", actor=by, now=now, data=data)
    return duty


@transaction.atomic
def change_duty(
    *, duty: Duty, on: date, area_class: str, times: int, period: str, ground: str, by: str, now: datetime
) -> Duty:
    """From ``on`` a village owes something else, for as long as the former duty would have held."""
    rules.require_reasonable(times, period)
    former, valid_to = _close(duty, on, ground)
    changed = Duty(
        place=former.place,
        area_class=area_class,
        times=times,
        period=period,
        valid_from=on,
        valid_to=valid_to,
        operator=former.operator,
        timetable=former.timetable,
    )
    changed.below_floor = is_duty_below_floor(changed, day_of(now))
    changed.save()
    asked = {"area_class": area_class, "times": times, "period": period, "ground": ground, "on": str(on)}
    data = asked | {"former": former.pk, "place": former.place_id}
    log.append(events.DUTY_CHANGED, subject=f"duty:{changed.pk}", actor=by, now=now, data=data)
    return changed


def _close(duty: Duty, on: date, ground: str) -> tuple[Duty, date | None]:
    """End a duty at ``on``; returns it with the end it had before."""
    duty = Duty.objects.select_for_update(of=("self",)).select_related("place", "operator").get(pk=duty.pk)
    if not ground.strip():
        raise problems.GROUND_MISSING()
    if on < duty.valid_from:
        raise problems.ENDS_BEFORE_START(on=on, first=duty.valid_from)
    if duty.valid_to is not None and duty.valid_to <= on:
        raise problems.ENDED_ALREADY(on=duty.valid_to)
    former, duty.valid_to = duty.valid_to, on
    duty.save(update_fields=["valid_to"])
    return duty, former
