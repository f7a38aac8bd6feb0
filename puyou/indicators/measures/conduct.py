"""Measures of the regulator's own conduct: terms kept or missed, visits checked again, what was not rectified."""

from datetime import timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

from puyou.accounts.scopes import Scope
from puyou.audits import queries as audits
from puyou.cases import queries as cases
from puyou.cases.models import CaseClock, ProcedureVersion
from puyou.core import clock
from puyou.indicators.checking import FLOW, STOCK
from puyou.indicators.measures.handling import between, day_after, inside, list_link
from puyou.indicators.names import Plain, Reading, offer
from puyou.indicators.periods import Period
from puyou.places.models import Place

OFFICE, COMPANY = "office", "operator"
RECTIFICATION, NOT_RECTIFIED = "rectification", "not_rectified"
NO_AUDITS = "没有查看抽核的权限"


def terms_of(scope: Scope, owner: str, period: Period) -> QuerySet[CaseClock]:
    """The terms of one side that ended in the period, up to yesterday; those of cases closed before are not counted.

    A term is the company's when an act of the company stops it, else the office's.
    """
    last = min(period.last, clock.today() - timedelta(days=1))
    due = CaseClock.objects.filter(_owned(owner), case__in=cases.list_cases(scope).order_by().values("pk"))
    due = due.filter(due_on__gte=period.first, due_on__lte=last)
    return due.exclude(stopped_on=None, case__closed_at__isnull=False)


MISSED = Q(stopped_on__gt=F("due_on")) | Q(stopped_on=None)


def _owned(owner: str) -> Q:
    found = Q(pk__in=())
    for pk, definition in ProcedureVersion.objects.values_list("pk", "definition"):
        found |= Q(case__version=pk, code__in=sorted(_clocks_of(owner, definition)))
    return found


def _clocks_of(owner: str, definition: dict[str, Any]) -> set[str]:
    companys = {
        code
        for action in definition.get("actions", ())
        if COMPANY in action.get("who", ())
        for code in action.get("stops") or ()
    }
    every = {each["code"] for each in definition.get("clocks", ())}
    return companys if owner == COMPANY else every - companys


def terms_due(scope: Scope, place: Place, period: Period) -> Plain:
    """Terms of the office that ended in the period."""
    return terms_of(scope, OFFICE, period).filter(inside(place, "case__path")).count(), None, list_link(place)


def terms_missed(scope: Scope, place: Place, period: Period) -> Plain:
    """Those of them that were kept late or not at all."""
    found = terms_of(scope, OFFICE, period).filter(MISSED, inside(place, "case__path"))
    return found.count(), None, list_link(place)


def repeat_checks(scope: Scope, place: Place, period: Period) -> Plain | Reading:
    """Visits drawn by chance and checked again in the period."""
    if not scope.covers(place.path, audits.RECORD):
        return Reading(None, missing=NO_AUDITS)
    found = audits.list_items(scope).filter(
        inside(place, "place__path"), checked_on__gte=period.first, checked_on__lte=period.last
    )
    return found.order_by().count(), None, "/audits/"


def rectifications_open(scope: Scope, place: Place, period: Period) -> Plain:
    """Orders to rectify that stood open at the end of the period."""
    after = day_after(period)
    held = cases.list_cases(scope).filter(inside(place, "path"), opened_at__lt=after)
    found = held.filter(RECTIFYING, Q(closed_at=None) | Q(closed_at__gte=after))
    return found.count(), None, list_link(place, procedure=RECTIFICATION, standing="open")


def rectifications_failed(scope: Scope, place: Place, period: Period) -> Plain:
    """Orders that ended in the period because nothing was put right in time."""
    found = cases.list_cases(scope).filter(RECTIFYING, inside(place, "path"), between(period, "closed_at"))
    link = list_link(place, procedure=RECTIFICATION, outcome=NOT_RECTIFIED)
    return found.filter(outcome=NOT_RECTIFIED).count(), None, link


RECTIFYING = Q(version__procedure__code=RECTIFICATION)
TERMS = "期限在本期内届满、截至昨日的监管部门办理事项；企业的期限不计"


def offer_all() -> None:
    """Enter the measures of the regulator's own conduct."""
    offer("office_terms_due", "到期监管办理事项", "件", FLOW, terms_due, note=TERMS)
    offer(
        "office_terms_missed",
        "逾期监管办理事项",
        "件",
        FLOW,
        terms_missed,
        note=f"{TERMS}；届满后才办或仍未办",
    )
    offer("repeat_checks", "复查抽核", "次", FLOW, repeat_checks, note="随机抽取并已录入结果的到村打卡")
    offer("rectifications_open", "未办结的责令整改", "件", STOCK, rectifications_open)
    offer("rectifications_failed", "认定逾期未整改", "件", FLOW, rectifications_failed)
