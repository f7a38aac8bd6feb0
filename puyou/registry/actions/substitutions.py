"""Leave and substitution (请假、代班): who is away, and who takes a round or a part of it meanwhile."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q

from puyou.core import events as log
from puyou.places.models import Place
from puyou.registry import events, problems
from puyou.registry.models import Courier, Leave, Round, RoundCourier, RoundCourierVillage, RoundVillage


@transaction.atomic
def take_leave(
    *, courier: Courier, valid_from: date, valid_to: date, ground: str, by: str, now: datetime
) -> Leave:
    """A courier is away in ``[valid_from, valid_to)``; Problem without ground or when he is away then already."""
    _require_span(valid_from, valid_to)
    if not ground.strip():
        raise problems.GROUND_MISSING()
    Courier.objects.select_for_update().get(pk=courier.pk)
    if Leave.objects.filter(courier=courier, valid_from__lt=valid_to, valid_to__gt=valid_from).exists():
        raise problems.AWAY_ALREADY(name=courier.name)
    leave = Leave.objects.create(
        courier=courier, valid_from=valid_from, valid_to=valid_to, ground=ground.strip()[:200]
    )
    data = {"valid_from": str(valid_from), "valid_to": str(valid_to), "ground": leave.ground}
    log.append(events.LEAVE_TAKEN, subject=f"courier:{courier.pk}", actor=by, now=now, data=data)
    return leave


@transaction.atomic
def end_leave(*, leave: Leave, on: date, by: str, now: datetime) -> Leave:
    """The courier is back on ``on``; on the first day this takes the leave back."""
    leave = Leave.objects.select_for_update().get(pk=leave.pk)
    _require_end(leave.valid_from, leave.valid_to, on)
    leave.valid_to = on
    leave.save(update_fields=["valid_to"])
    log.append(
        events.LEAVE_ENDED, subject=f"courier:{leave.courier_id}", actor=by, now=now, data={"on": str(on)}
    )
    return leave


@transaction.atomic
def substitute(
    *,
    round_: Round,
    courier: Courier,
    villages: Sequence[Place] | None = None,
    valid_from: date,
    valid_to: date,
    by: str,
    now: datetime,
) -> RoundCourier:
    """``courier`` takes a round (代班), or only some of its villages, in ``[valid_from, valid_to)``.

    Those who walk it otherwise are not expected there meanwhile. Problems: no such span, no village, a village that
    is not on the round, a courier who walks the whole round himself or has ended, a village that another took.
    """
    _require_span(valid_from, valid_to)
    Round.objects.select_for_update().get(pk=round_.pk)
    _require_serving(courier, valid_from, valid_to)
    part = None if villages is None else list(dict.fromkeys(place.pk for place in villages))
    _require_on_round(round_, part, valid_from, valid_to)
    _require_free(round_, courier, part, valid_from, valid_to)
    assigned = RoundCourier.objects.create(
        round=round_, courier=courier, substitute=True, whole=part is None, valid_from=valid_from, valid_to=valid_to
    )  # fmt: skip
    RoundCourierVillage.objects.bulk_create(
        RoundCourierVillage(assignment=assigned, place_id=place) for place in part or ()
    )
    data = {
        "courier": courier.pk, "valid_from": str(valid_from), "valid_to": str(valid_to), "substitute": True,
        "part": part,
    }  # fmt: skip
    log.append(events.COURIER_ASSIGNED, subject=f"round:{round_.pk}", actor=by, now=now, data=data)
    return assigned


@transaction.atomic
def end_substitution(*, assignment: RoundCourier, on: date, by: str, now: datetime) -> RoundCourier:
    """A substitute hands the round back on ``on``; on the first day this takes the substitution back."""
    held = RoundCourier.objects.select_for_update().filter(pk=assignment.pk, substitute=True).first()
    if held is None:
        raise problems.UNKNOWN_SUBSTITUTION()
    _require_end(held.valid_from, held.valid_to, on)
    held.valid_to = on
    held.save(update_fields=["valid_to"])
    data = {"courier": held.courier_id, "on": str(on)}
    log.append(events.SUBSTITUTION_ENDED, subject=f"round:{held.round_id}", actor=by, now=now, data=data)
    return held


def _require_span(first: date, last: date) -> None:
    if last <= first:
        raise problems.ENDS_BEFORE_START(on=last, first=first)


def _require_end(first: date, last: date | None, on: date) -> None:
    if on < first:
        raise problems.ENDS_BEFORE_START(on=on, first=first)
    if last is not None and last <= on:
        raise problems.ENDED_ALREADY(on=last)


def _require_serving(courier: Courier, first: date, last: date) -> None:
    held = Courier.objects.get(pk=courier.pk)
    if held.valid_from > first or (held.valid_to is not None and held.valid_to < last):
        raise problems.NOT_SERVING(name=held.name)


def _require_on_round(round_: Round, part: list[int] | None, first: date, last: date) -> None:
    there = RoundVillage.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=first), round=round_, valid_from__lt=last
    )
    on_round = set(there.values_list("place_id", flat=True))
    missing = [place for place in part or () if place not in on_round]
    if missing:
        raise problems.NOT_ON_ROUND(name=Place.objects.get(pk=missing[0]).name, number=round_.number)
    if not on_round or part == []:
        raise problems.NO_VILLAGES()


def _require_free(round_: Round, courier: Courier, part: list[int] | None, first: date, last: date) -> None:
    """Nobody else stands in for any of the villages then, and the courier does not walk the whole round himself."""
    then = (Q(valid_to=None) | Q(valid_to__gt=first)) & ~Q(valid_to=F("valid_from"))
    others = RoundCourier.objects.filter(then, round=round_, valid_from__lt=last)
    if others.filter(courier=courier, substitute=False).exists():
        raise problems.WALKS_ALREADY(name=courier.name, number=round_.number)
    for other in others.filter(substitute=True).select_related("courier").prefetch_related("part"):
        taken = {each.place_id for each in other.part.all()}
        if other.whole or part is None or taken & set(part):
            raise problems.SUBSTITUTED_ALREADY(name=other.courier.name)
