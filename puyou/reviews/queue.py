"""The desk's queue: doubtful visits by risk, alone or by a courier's day, with where each stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from puyou.accounts.models import User
from puyou.accounts.scopes import Scope
from puyou.core.periods import Week
from puyou.places.models import Place
from puyou.registry.models import Courier
from puyou.reviews.models import Answer, Question, RejectionProposal
from puyou.scrutiny import queries as scrutiny
from puyou.scrutiny.models import Score
from puyou.visits import listing
from puyou.visits.listing import DESK_DAYS, MANY
from puyou.visits.models import Review, Visit
from puyou.visits.rules import MASK

ASKED, ANSWERED, NEW = "asked", "answered", "new"
STATES = {NEW: "未办", ASKED: "已询问", ANSWERED: "已答复"}


def list_queue(
    scope: Scope, place: Place | None, week: Week | None, today: date, threshold: int | None = None
) -> QuerySet[Any, Any]:
    """Visits of a week, or of the last four, that score below the threshold (the rule ``desk_score``) and wait.

    Riskiest first. Rows as of ``scrutiny.list_risky`` with ``state`` (new, asked, answered) and ``same_day``: how many
    of the courier's visits of the day score below it. What was decided or proposed is not among them.
    """
    below = scrutiny.desk_score(today) if threshold is None else threshold
    waiting = waiting_for_first(scope, place, week, today, below)
    marked: QuerySet[Any, Any] = waiting.annotate(state=_state(), same_day=Coalesce(_same_day(below), 1))
    return marked


def waiting_for_first(
    scope: Scope, place: Place | None, week: Week | None, today: date, below: int
) -> QuerySet[Any, Any]:
    """The same without its marks, for counting and grouping."""
    found = scrutiny.list_risky(scope, place, week, below).filter(rejected=False)
    found = found.annotate(gone=F("findings").bitand(MASK["withdrawn"])).filter(gone=0)
    if week is None:
        since = today - timedelta(days=DESK_DAYS)
        found = found.filter(day__gt=since, day__lte=today, evidence_score__day__gt=since)
    reviewed = Review.objects.filter(visit_id=OuterRef("pk"))
    return undecided(found.exclude(Exists(reviewed)))


def list_undecided(scope: Scope, today: date) -> QuerySet[Any, Any]:
    """The whole queue without its marks: what ``count_queue`` counts without place and week."""
    return waiting_for_first(scope, None, None, today, scrutiny.desk_score(today))


def undecided(found: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """The visits without an open proposal."""
    proposed = RejectionProposal.objects.filter(
        visit_id=OuterRef("pk"), outcome=RejectionProposal.Outcome.OPEN
    )
    return found.exclude(Exists(proposed))


def _state() -> Case:
    asked = Question.objects.filter(visit_id=OuterRef("pk"))
    return Case(
        When(Exists(asked.filter(closed_at=None)), then=Value(ASKED)),
        When(Exists(asked), then=Value(ANSWERED)),
        default=Value(NEW),
        output_field=CharField(),
    )


def _same_day(below: int) -> Subquery:
    risky = Score.objects.filter(courier_id=OuterRef("courier_id"), day=OuterRef("day"), score__lt=below)
    counted = risky.order_by().values("courier_id").annotate(found=Count("pk")).values("found")
    return Subquery(counted, output_field=IntegerField())


def list_days(
    scope: Scope, place: Place | None, week: Week | None, today: date, threshold: int | None = None
) -> QuerySet[Any, Any]:
    """The queue by courier and day: ``courier_id, day, visits, lowest, villages, stopped``; most visits first."""
    below = scrutiny.desk_score(today) if threshold is None else threshold
    waiting = waiting_for_first(scope, place, week, today, below).exclude(courier_id=None)
    names = Courier.objects.filter(pk=OuterRef("courier_id")).values("name")[:1]
    grouped = waiting.order_by().values("courier_id", "day").annotate(
        visits=Count("pk"), lowest=Min("score"), villages=Count("place_id", distinct=True),
        stopped=Count("pk", filter=Q(counting=False)),
        courier_label=Coalesce(Subquery(names), Max("courier_name"), output_field=CharField()),
    )  # fmt: skip
    ordered: QuerySet[Any, Any] = grouped.order_by("-visits", "lowest", "-day", "courier_id")
    return ordered


@dataclass(frozen=True)
class Waiting:
    """How many visits wait, how many of them do not count, and whether there are more than were counted."""

    total: int
    stopped: int
    more: bool


def count_queue(
    scope: Scope, place: Place | None, week: Week | None, today: date, threshold: int | None = None
) -> Waiting:
    """How many visits wait for a first decision; counts no further than ``MANY``."""
    below = scrutiny.desk_score(today) if threshold is None else threshold
    found = waiting_for_first(scope, place, week, today, below).order_by().values_list("counting", flat=True)
    counting = list(found[: MANY + 1])
    return Waiting(min(len(counting), MANY), counting[:MANY].count(False), len(counting) > MANY)


def list_proposals(scope: Scope) -> QuerySet[RejectionProposal]:
    """Proposals about visits in scope, the open ones first, then the latest."""
    rank = Case(When(outcome=RejectionProposal.Outcome.OPEN, then=0), default=1, output_field=IntegerField())
    rows = RejectionProposal.objects.filter(scope.q("place__path")).annotate(rank=rank)
    return rows.select_related("place", "courier", "proposed_by", "decided_by").order_by(
        "rank", "-proposed_at", "-pk"
    )


def list_to_confirm(scope: Scope, user: User) -> QuerySet[RejectionProposal]:
    """The open proposals that a person may confirm: not one's own, not about one's own visits."""
    waiting = list_proposals(scope).filter(outcome=RejectionProposal.Outcome.OPEN).exclude(proposed_by=user)
    return waiting.exclude(courier__in=Courier.objects.filter(user=user))


def list_questions(scope: Scope) -> QuerySet[Any, Any]:
    """Questions in scope, one row each however many visits it concerns; the latest first.

    Rows carry ``answer_text``, ``answered_at`` and ``undecided``: the visit has not been decided about yet.
    """
    first = Question.objects.filter(bundle=OuterRef("bundle")).order_by("pk").values("pk")[:1]
    answers = Answer.objects.filter(question__bundle=OuterRef("bundle")).order_by("-received_at")
    decided = Review.objects.filter(visit_id=OuterRef("visit_id"))
    rows = Question.objects.filter(scope.q("place__path"), pk=Subquery(first)).annotate(
        answer_text=Subquery(answers.values("text")[:1]),
        answered_at=Subquery(answers.values("received_at")[:1]),
        undecided=~Exists(decided),
    )
    return rows.select_related("place", "courier", "asked_by").order_by("-asked_at", "-pk")


def list_came(scope: Scope) -> QuerySet[Any, Any]:
    """Questions that were answered and whose visit still waits for a decision."""
    return list_questions(scope).filter(answered_at__isnull=False, undecided=True)


def day_of_courier(scope: Scope, courier_id: int, day: date) -> Sequence[Visit]:
    """All visits of a courier's day in scope, in the order in which they happened, named as in lists."""
    rows = listing.list_visits(scope).filter(courier_id=courier_id, day=day)
    return list(rows.order_by("happened_at", "pk"))
