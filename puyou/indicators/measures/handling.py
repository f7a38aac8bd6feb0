"""Measures of cases, reports and supervisors, counted as their own lists count."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from urllib.parse import urlencode

from django.db.models import Q

from puyou.accounts.scopes import Scope
from puyou.cases import queries as cases
from puyou.cases.feedback import figures, queries
from puyou.cases.feedback.measures import MEASURES
from puyou.cases.models import CaseEvent
from puyou.cases.supervisors import queries as supervisors
from puyou.core import clock
from puyou.core.clock import SHANGHAI
from puyou.indicators.checking import FLOW, STOCK
from puyou.indicators.names import Plain, Reading, offer
from puyou.indicators.periods import Period
from puyou.places.models import Place

ONLY_NOW = "只能按今天统计，过去某日的情况没有留存"
Read = Callable[[Scope, Place, Period], Plain | Reading]


def inside(place: Place, field: str) -> Q:
    """The condition on a path: the place or below."""
    return Q(**{f"{field}__gte": place.path, f"{field}__lt": place.path + "{"})


def between(period: Period, field: str) -> Q:
    """The condition on a moment: within the period."""
    first = datetime.combine(period.first, time(), SHANGHAI)
    return Q(**{f"{field}__gte": first, f"{field}__lt": day_after(period)})


def day_after(period: Period) -> datetime:
    """The moment at which the period is over."""
    return datetime.combine(period.last + timedelta(days=1), time(), SHANGHAI)


def list_link(place: Place, **more: str) -> str:
    """The way to the list of cases at the place, narrowed."""
    return f"/cases/?{urlencode({'place': place.code, **more})}"


def opened(scope: Scope, place: Place, period: Period) -> Plain:
    """Cases opened in the period at the place or below."""
    found = cases.list_cases(scope).filter(inside(place, "path"), between(period, "opened_at"))
    return found.count(), None, list_link(place)


def closed(scope: Scope, place: Place, period: Period) -> Plain:
    """Cases closed in the period."""
    found = cases.list_cases(scope).filter(inside(place, "path"), between(period, "closed_at"))
    return found.count(), None, list_link(place, standing="closed")


def standing(scope: Scope, place: Place, period: Period) -> Plain:
    """Cases open at the end of the period's last day; reopened ones count as open all the while."""
    after = day_after(period)
    held = cases.list_cases(scope).filter(inside(place, "path"), opened_at__lt=after)
    return (
        held.filter(Q(closed_at=None) | Q(closed_at__gte=after)).count(),
        None,
        list_link(place, standing="open"),
    )


def overdue(scope: Scope, place: Place, period: Period) -> Plain | Reading:
    """Open cases whose term has passed, as of today."""
    today = clock.today()
    if not period.first <= today <= period.last:
        return Reading(None, missing=ONLY_NOW)
    found = cases.list_due(scope, None, today, overdue=True).filter(inside(place, "path"))
    yesterday = str(today - timedelta(days=1))
    return found.count(), None, list_link(place, standing="open", due_to=yesterday)


def acted(*actions: str) -> Read:
    """How often something was done in the period."""

    def read(scope: Scope, place: Place, period: Period) -> Plain:
        seen = cases.list_cases(scope).filter(inside(place, "path")).order_by().values("pk")
        done = CaseEvent.objects.filter(between(period, "at"), case__in=seen, action__in=actions)
        return done.count(), None, list_link(place)

    return read


def reports(code: str) -> Read:
    """A measure of reports, as ``/cases/feedback/figures/`` counts it."""

    def read(scope: Scope, place: Place, period: Period) -> Plain:
        asked = figures.Period(period.first, period.last)
        rows = queries.list_reports(scope).filter(inside(place, "case__path"))
        counts = figures.total(rows, asked, figures.asked_on(asked, clock.today())).counts
        said = {"measure": code, "place": place.code, "since": str(period.first), "until": str(period.last)}
        return counts.get(code, 0), None, f"/cases/feedback/?{urlencode(said)}"

    return read


def active_supervisors(scope: Scope, place: Place, period: Period) -> Plain:
    """Supervisors in office on the period's last day, or today when that is sooner."""
    day = min(period.last, clock.today())
    found = supervisors.list_supervisors(scope, day).filter(inside(place, "place__path"))
    held = len([one for one in found.order_by() if one.active])  # type: ignore[attr-defined]
    return held, None, f"/cases/supervisors/?{urlencode({'place': place.code})}"


def offer_all() -> None:
    """Enter the measures of cases, reports and supervisors."""
    offer("cases_opened", "立案", "件", FLOW, opened)
    offer("cases_closed", "办结", "件", FLOW, closed)
    offer("cases_open", "在办案件", "件", STOCK, standing)
    offer("cases_overdue", "逾期未办案件", "件", STOCK, overdue, note="按今天统计")
    offer("answers_returned", "退回企业答复", "次", FLOW, RETURNED, note="办理记录中的退回")
    offer("cases_reopened", "重新办理", "次", FLOW, REOPENED)
    for code, read in REPORTS.items():
        offer(f"reports_{code}", f"社会监督反映：{MEASURES[code].name}", "件", FLOW, read)
    offer("supervisors_active", "在聘监督员", "人", STOCK, active_supervisors)


RETURNED, REOPENED = acted("return"), acted("reopen")
REPORTS = {code: reports(code) for code in MEASURES}
