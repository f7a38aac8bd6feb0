"""Laying out rounds: which villages are on them and who walks them."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from puyou.accounts.models import Organisation
from puyou.core import events as log
from puyou.places.models import Place
from puyou.registry import events, problems
from puyou.registry.actions.villages import require_village
from puyou.registry.models import Courier, Round, RoundCourier, RoundVillage

EVERY_DAY = 127


@transaction.atomic
def create_round(
    *, number: str, name: str, organisation: Organisation | None = None, by: str, now: datetime
) -> Round:
    """Set up a round (投递段); Problem when its number is taken or something is missing."""
    number, name = number.strip(), name.strip()
    if not number or not name:
        raise problems.NAME_MISSING()
    if Round.objects.filter(number=number).exists():
        raise problems.NUMBER_TAKEN(number=number)
    made = Round.objects.create(number=number, name=name, organisation=organisation)
    log.append(events.ROUND_CREATED, subject=f"round:{made.pk}", actor=by, now=now, data={"number": number})
    return made


@transaction.atomic
def put_village_on_round(
    *,
    round_: Round,
    place: Place,
    valid_from: date,
    valid_to: date | None = None,
    weekdays: int = EVERY_DAY,
    order: int | None = None,
    by: str,
    now: datetime,
) -> RoundVillage:
    """A village is on a round in ``[valid_from, valid_to)``; ``weekdays`` bit 0 is Monday, ``order`` its turn."""
    require_village(place)
    _require_forward(valid_from, valid_to)
    Round.objects.select_for_update().get(pk=round_.pk)
    there = RoundVillage.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=valid_from), round=round_, place=place
    )
    if (there.filter(valid_from__lt=valid_to) if valid_to else there).exists():
        raise problems.ALREADY_ON_ROUND(number=round_.number)
    stop = RoundVillage.objects.create(
        round=round_, place=place, weekdays=weekdays, order=order, valid_from=valid_from, valid_to=valid_to
    )
    data = {"place": place.code, "valid_from": str(valid_from), "weekdays": weekdays}
    log.append(events.ROUND_EXTENDED, subject=f"round:{round_.pk}", actor=by, now=now, data=data)
    return stop


@transaction.atomic
def assign_courier(
    *,
    round_: Round,
    courier: Courier,
    valid_from: date,
    valid_to: date | None = None,
    substitute: bool = False,
    by: str,
    now: datetime,
) -> RoundCourier:
    """A courier walks a round in ``[valid_from, valid_to)``, as the regular one or a substitute (代班)."""
    _require_forward(valid_from, valid_to)
    assigned = RoundCourier.objects.create(
        round=round_, courier=courier, substitute=substitute, valid_from=valid_from, valid_to=valid_to
    )
    data = {"courier": courier.pk, "valid_from": str(valid_from), "substitute": substitute}
    log.append(events.COURIER_ASSIGNED, subject=f"round:{round_.pk}", actor=by, now=now, data=data)
    return assigned


def _require_forward(first: date, last: date | None) -> None:
    if last is not None and last <= first:
        raise problems.ENDS_BEFORE_START(on=last, first=first)
