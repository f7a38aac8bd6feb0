"""Reviews of couriers whose visits too often lack a position: opened by the day, closed by an officer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import CharField, F, FloatField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast

from puyou.accounts.models import User
from puyou.accounts.scopes import Scope, scope_for
from puyou.core import events as log
from puyou.core.paths import STEP
from puyou.core.periods import day_of
from puyou.places.models import Place
from puyou.standards import queries as standards
from puyou.standards.models import RuleVersion
from puyou.visits import events, problems
from puyou.visits.models import Cursor, PositionReview
from puyou.visits.reviewing import PERMISSION

RULE = "no_position_share"
DAYS = 28  # contract 1.10: the last four weeks
ACTOR = "system:visits"
CURSOR = 2
SHARES = """
SELECT v.courier_id, count(*), count(*) FILTER (WHERE v.lon IS NULL), min(p.path), max(p.path)
FROM visits_visit v JOIN places_place p ON p.id = v.place_id
WHERE v.courier_id > 0 AND v.source <> 'paper' AND v.day BETWEEN %s AND %s
GROUP BY v.courier_id HAVING count(*) FILTER (WHERE v.lon IS NULL) > 0 ORDER BY v.courier_id
"""


@dataclass(frozen=True)
class Share:
    """A courier's visits of four weeks: how many, how many without position, and the place that holds them all."""

    courier_id: int
    visits: int
    without: int
    path: str


@transaction.atomic
def open_position_reviews(*, now: datetime) -> int:
    """Open a review for each courier above the rule over the last 28 whole days; returns how many were opened.

    Rule: standards ``no_position_share``, as it holds on the last of them at the courier's place. Once a day. A courier
    has one open review, and days that a closed one judged are not judged again: the next opens when four new weeks
    have passed.
    """
    last = day_of(now) - timedelta(days=1)
    first = last - timedelta(days=DAYS - 1)
    if not _is_first_look(last):
        return 0
    judged = PositionReview.objects.filter(Q(closed_at=None) | Q(last_day__gte=first))
    settled = set(judged.values_list("courier_id", flat=True))
    opened = 0
    for share in _shares(first, last):
        value = standards.get_value(RULE, last, place_path=share.path)
        if share.courier_id not in settled and share.without > value.number * share.visits:
            _open(share, value.version_id, (first, last), now)
            opened += 1
    return opened


def _is_first_look(day: date) -> bool:
    """Whether this day's shares were not looked at before; notes that they are now."""
    Cursor.objects.get_or_create(pk=CURSOR)
    held = Cursor.objects.select_for_update().get(pk=CURSOR)
    Cursor.objects.filter(pk=CURSOR).update(sequence=max(held.sequence, day.toordinal()))
    return held.sequence < day.toordinal()


def _shares(first: date, last: date) -> Iterable[Share]:
    with connection.cursor() as cursor:
        cursor.execute(SHARES, [first, last])
        rows = cursor.fetchall()
    return [
        Share(courier, visits, without, _common(low, high)) for courier, visits, without, low, high in rows
    ]


def _common(low: str, high: str) -> str:
    """The path of the lowest place that holds both ends of a sorted list of paths, and so all of it."""
    length = 0
    while length < len(low) and low[: length + STEP] == high[: length + STEP]:
        length += STEP
    return low[:length]


def _open(share: Share, version: int, span: tuple[date, date], now: datetime) -> None:
    PositionReview.objects.create(
        courier_id=share.courier_id, place=Place.objects.get(path=share.path), first_day=span[0], last_day=span[1],
        visits=share.visits, without=share.without, rule_version=version, opened_at=now,
    )  # fmt: skip
    data = {
        "visits": share.visits,
        "without": share.without,
        "rule_version": version,
        "last_day": str(span[1]),
    }
    log.append(
        events.POSITION_REVIEW_OPENED, subject=f"courier:{share.courier_id}", actor=ACTOR, now=now, data=data
    )


@transaction.atomic
def close_position_review(*, review: PositionReview, ground: str, by: User, now: datetime) -> PositionReview:
    """An officer who may review at the courier's place closes a review with a ground.

    Problems: out of scope, own positions, no ground, closed already.
    """
    found = PositionReview.objects.select_for_update(of=("self",)).select_related("place", "courier")
    held = found.get(pk=review.pk)
    scope_for(by).require(held.place.path, PERMISSION)
    ground = ground.strip()[:300]
    if held.courier.user_id == by.pk:
        raise problems.OWN_POSITIONS()
    if held.closed_at is not None:
        raise problems.POSITION_REVIEW_CLOSED()
    if not ground:
        raise problems.NO_CLOSING_GROUND()
    held.closed_at, held.closed_by, held.ground = now, by, ground
    held.save(update_fields=["closed_at", "closed_by", "ground"])
    log.append(
        events.POSITION_REVIEW_CLOSED,
        subject=f"courier:{held.courier_id}",
        actor=f"user:{by.pk}",
        now=now,
        data={"review": held.pk, "ground": ground},
    )
    return held


def list_position_reviews(scope: Scope) -> QuerySet[Any, Any]:
    """Reviews whose place lies in scope; each row carries ``share_found``, ``limit`` and ``limit_standing``."""
    version = RuleVersion.objects.filter(pk=OuterRef("rule_version"))
    return (
        PositionReview.objects.filter(scope.q("place__path"))
        .select_related("courier", "place", "closed_by")
        .annotate(
            share_found=Cast(F("without"), FloatField()) / F("visits"),
            limit=Cast(Subquery(version.values("value")[:1]), FloatField()),
            limit_standing=Subquery(version.values("verification")[:1], output_field=CharField()),
        )
        .order_by("-share_found", "pk")
    )


def get_position_review(scope: Scope, identifier: int) -> PositionReview:
    """One review in scope, annotated as in the list; Problem when there is none or it lies outside."""
    bare = PositionReview.objects.select_related("place").filter(pk=identifier).first()
    if bare is None:
        raise problems.UNKNOWN_POSITION_REVIEW()
    scope.require(bare.place.path)
    found: PositionReview = list_position_reviews(scope).get(pk=identifier)
    return found
