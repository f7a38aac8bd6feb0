"""Ordering rectifications, and letting later visits verify them."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from puyou.accounts.models import Organisation
from puyou.cases import actions as cases
from puyou.cases.models import Case
from puyou.cases.names import Actor
from puyou.cases.papers import drafting
from puyou.cases.rectification import checking, problems
from puyou.cases.rectification.models import RectifiedWeek
from puyou.cases.relations import HANDLE
from puyou.compliance.detail import VillageWeekDetail
from puyou.core.paths import ids
from puyou.core.periods import Week, day_of
from puyou.core.problems import Problem
from puyou.places.models import Place
from puyou.registry.models import Duty

VILLAGES_LIMIT = 60
PROCEDURE = "rectification"
Missed = list[tuple[Place, list[VillageWeekDetail]]]


@transaction.atomic
def order_rectification(
    *,
    villages: Sequence[Place],
    weeks: Sequence[Week],
    actor: Actor,
    now: datetime,
    about: str = "",
    ground: str = "",
) -> Case:
    """Order that settled missed weeks of some villages (one, or those of a round) be made good.

    ``about``: what the title names instead of the village, such as a round; ``ground``: why it was ordered without a
    person. Problems: out of scope, nothing missed,
    still provisional, ordered already, too many villages.
    """
    for place in villages:
        actor.scope.require(place.path, HANDLE)
    if len(villages) > VILLAGES_LIMIT:
        raise problems.TOO_MANY_VILLAGES(limit=VILLAGES_LIMIT, count=len(villages))
    found: Missed = [(place, checking.settled_misses(place, weeks, day_of(now))) for place in villages]
    missed = [(place, rows) for place, rows in found if rows]
    if not missed:
        raise problems.NOTHING_MISSED(place=about or villages[0].name if villages else about)
    _require_free(missed)
    place = _common([place for place, _ in missed])
    case = cases.open_case(
        procedure=PROCEDURE,
        title=f"{about or place.name}到村投递未达标整改",
        place=place,
        operator=_operator(missed[0][0]),
        actor=actor,
        now=now,
        subject=f"village:{missed[0][0].pk}" if len(missed) == 1 else f"place:{place.pk}",
        fields={"villages": "、".join(one.name for one, _ in missed)[:2000]}
        | ({"ground": ground} if ground else {}),
        starts=("answer",),
        shared=True,
    )
    RectifiedWeek.objects.bulk_create(
        RectifiedWeek(case=case, place=one, monday=row.week.monday, need=row.need, served=row.served)
        for one, rows in missed
        for row in rows
    )
    drafting.begin_draft(case, "rectification_order", actor, now)
    return case


def _require_free(missed: Missed) -> None:
    for place, rows in missed:
        held = RectifiedWeek.objects.filter(
            place=place, monday__in=[row.week.monday for row in rows], released_at=None
        ).select_related("case")
        for one in held:
            raise problems.ORDERED_ALREADY(
                place=place.name, week=Week(one.monday).name, number=one.case.number
            )


def _common(among: Sequence[Place]) -> Place:
    """The lowest place that holds all of them."""
    chains = [ids(place.path) for place in among]
    shared = [step for step, *others in zip(*chains, strict=False) if all(step == one for one in others)]
    return Place.objects.get(pk=shared[-1])


def _operator(village: Place) -> Organisation | None:
    """The company that owes the duty: the duty's own, else the operator's seat nearest above the village."""
    duty = Duty.objects.filter(place=village).exclude(operator=None).order_by("-valid_from").first()
    if duty is not None:
        return duty.operator
    above = ids(village.path)
    seats = Organisation.objects.filter(kind=Organisation.Kind.OPERATOR, place_id__in=above)
    return max(seats, key=lambda seat: (above.index(seat.place_id), -seat.pk), default=None)


def verify_rectifications(*, now: datetime) -> int:
    """Let later weeks speak: verify what they prove, return what was missed again. Safe to repeat; how many moved."""
    actor, moved = Actor(checking.ALL), 0
    waiting = Case.objects.filter(version__procedure__code=PROCEDURE, state="verifying", closed_at=None)
    for pk, revision in waiting.order_by("pk").values_list("pk", "revision"):
        moved += any(_try(pk, revision, action, actor, now) for action in ("verify", "miss_again"))
    return moved


def _try(pk: int, revision: int, action: str, actor: Actor, now: datetime) -> bool:
    """Whether the action could be done; what is not (yet) so waits for the next time."""
    try:
        cases.perform(case_id=pk, action=action, actor=actor, data={}, revision=revision, now=now)
    except Problem:
        return False
    return True
