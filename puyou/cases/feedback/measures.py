"""What is counted: each measure a condition and a date of its own, for figures and for the lists behind them alike."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import DateField, DateTimeField, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate

from puyou.cases.feedback import rules
from puyou.cases.models import CaseClock, CaseEvent
from puyou.core.clock import SHANGHAI

FILED, CLOSED, DUE, REOPENED = "filed_at", "case__closed_at", "due", "reopened_at"
VERIFIED_RATE, DENOMINATOR = "verified", "denominator"


@dataclass(frozen=True)
class Measure:
    """One figure: its name, the date by which a report falls into a period, and the condition."""

    code: str
    name: str
    dated: str
    q: Callable[["Asked"], Q]


@dataclass(frozen=True)
class Asked:
    """What depends on the day and on the rule: today, and which reports stand in the denominator."""

    today: date
    method: str = rules.SETTLED


def _outcome(code: str) -> Callable[[Asked], Q]:
    return lambda asked: Q(case__outcome=code)


def _denominator(asked: Asked) -> Q:
    """``rules.counts`` as a condition."""
    inside = Q(case__closed_at__isnull=False, accepted_at__isnull=False) & ~Q(
        case__outcome__in=sorted(rules.OUTSIDE)
    )
    return inside & ~Q(case__outcome=rules.REFUTED) if asked.method == rules.ESTABLISHED else inside


def _answered(asked: Asked) -> Q:
    """Reports that were due: answered, or not answered though the term has passed."""
    return Q(answered_at__isnull=False) | Q(due__lt=asked.today)


def _late(asked: Asked) -> Q:
    return Q(answered_on__gt=F("due")) | Q(answered_at__isnull=True, due__lt=asked.today)


MEASURES = {
    one.code: one
    for one in (
        Measure("filed", "反映", FILED, lambda asked: Q()),
        Measure("accepted", "受理", FILED, lambda asked: Q(accepted_at__isnull=False)),
        Measure("repeats", "重复发生", FILED, lambda asked: Q(repeats__isnull=False)),
        Measure("due", "应答复", DUE, _answered),
        Measure("on_time", "按时答复", DUE, lambda asked: Q(answered_on__lte=F("due"))),
        Measure("late", "逾期或未答复", DUE, _late),
        Measure("settled", "办结", CLOSED, lambda asked: Q(case__closed_at__isnull=False)),
        Measure(DENOMINATOR, "核实整改率分母", CLOSED, _denominator),
        Measure(
            VERIFIED_RATE,
            "已整改并核实",
            CLOSED,
            lambda asked: _denominator(asked) & Q(case__outcome=rules.VERIFIED),
        ),
        Measure("claimed", "企业称已整改", CLOSED, _outcome("claimed")),
        Measure("refuted", "查无实据", CLOSED, _outcome("refuted")),
        Measure("not_established", "无法核实", CLOSED, _outcome("not_established")),
        Measure("other_body", "属其他部门", CLOSED, _outcome("other_body")),
        Measure("merged", "已并入", CLOSED, _outcome("merged")),
        Measure("withdrawn", "已撤回", CLOSED, _outcome("withdrawn")),
        Measure("reopened", "重新办理", REOPENED, lambda asked: Q()),
    )
}


def dated(rows: QuerySet[Any], base: str) -> QuerySet[Any]:
    """Reports with what a measure's date needs: when an answer was due, when a case was last opened again."""
    if base == DUE:
        running = CaseClock.objects.filter(case=OuterRef("case"), code="answer", stopped_on=None)
        standing = Subquery(running.values("due_on")[:1], output_field=DateField())
        answered = TruncDate("answered_at", tzinfo=SHANGHAI)
        due: QuerySet[Any] = rows.annotate(due=Coalesce(F("answer_due_on"), standing), answered_on=answered)
        return due.exclude(due=None)
    if base == REOPENED:
        again = CaseEvent.objects.filter(case=OuterRef("case"), action="reopen").values("case")
        last = Subquery(again.annotate(at=Max("at")).values("at"), output_field=DateTimeField())
        again_rows: QuerySet[Any] = rows.filter(reopened__gt=0).annotate(reopened_at=last)
        return again_rows
    return rows


def within(rows: QuerySet[Any], base: str, since: date | None, until: date | None) -> QuerySet[Any]:
    """Reports whose date lies between two days, both included."""
    rows = dated(rows, base)
    if base == DUE:
        bounds = {"due__gte": since, "due__lte": until}
    else:
        bounds = {f"{base}__gte": since and _midnight(since), f"{base}__lt": until and _midnight(until, 1)}
    found: QuerySet[Any] = rows.filter(**{name: value for name, value in bounds.items() if value is not None})
    return found


def _midnight(day: date, after: int = 0) -> datetime:
    return datetime.combine(day + timedelta(days=after), time(), SHANGHAI)


def narrowed(
    rows: QuerySet[Any], code: str, asked: Asked, since: date | None, until: date | None
) -> QuerySet[Any]:
    """The reports behind a figure."""
    measure = MEASURES[code]
    return within(rows, measure.dated, since, until).filter(measure.q(asked))
