"""Figures of one company: what was opened against it, how it answered, whether it kept its terms."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q

from puyou.accounts.models import Organisation
from puyou.accounts.scopes import Scope
from puyou.cases import queries as cases
from puyou.cases.models import CaseEvent
from puyou.indicators.measures import conduct
from puyou.indicators.measures.handling import between, day_after, inside, list_link
from puyou.indicators.periods import Period
from puyou.places.models import Place

Count = Callable[[Scope, Place, Period, Organisation], int]


@dataclass(frozen=True)
class CompanyFigure:
    """One figure of a company; ``asked``: what narrows the list of cases that it counts."""

    code: str
    name: str
    unit: str
    count: Count
    asked: tuple[tuple[str, str], ...] = ()

    def link(self, place: Place, company: Organisation) -> str:
        """The way to the company's cases."""
        return list_link(place, operator=company.name, **dict(self.asked))


def _counted(field: str, *more: Q) -> Count:
    """Cases with a moment of theirs in the period."""

    def count(scope: Scope, place: Place, period: Period, company: Organisation) -> int:
        held = cases.list_cases(scope).filter(inside(place, "path"), operator=company)
        return held.filter(between(period, field), *more).count()

    return count


def _standing(*more: Q) -> Count:
    """Cases open at the end of the period."""

    def count(scope: Scope, place: Place, period: Period, company: Organisation) -> int:
        after = day_after(period)
        held = cases.list_cases(scope).filter(
            inside(place, "path"), *more, operator=company, opened_at__lt=after
        )
        return held.filter(Q(closed_at=None) | Q(closed_at__gte=after)).count()

    return count


def _returned(scope: Scope, place: Place, period: Period, company: Organisation) -> int:
    held = cases.list_cases(scope).filter(inside(place, "path"), operator=company).order_by().values("pk")
    return CaseEvent.objects.filter(between(period, "at"), case__in=held, action="return").count()


def _terms(*more: Q) -> Count:
    def count(scope: Scope, place: Place, period: Period, company: Organisation) -> int:
        held = conduct.terms_of(scope, conduct.COMPANY, period)
        return held.filter(inside(place, "case__path"), *more, case__operator=company).count()

    return count


RECTIFY, OPEN = ("procedure", conduct.RECTIFICATION), ("standing", "open")
FIGURES = {
    each.code: each
    for each in (
        CompanyFigure("company_cases_opened", "对企业立案", "件", _counted("opened_at")),
        CompanyFigure(
            "company_cases_closed", "企业案件办结", "件", _counted("closed_at"), (("standing", "closed"),)
        ),
        CompanyFigure("company_cases_open", "企业在办案件", "件", _standing(), (OPEN,)),
        CompanyFigure("company_answers_returned", "退回企业答复", "次", _returned),
        CompanyFigure(
            "company_rectifications_open", "企业未办结的责令整改", "件", _standing(conduct.RECTIFYING), (RECTIFY, OPEN)
        ),
        CompanyFigure(
            "company_rectifications_failed", "企业被认定逾期未整改", "件",
            _counted("closed_at", conduct.RECTIFYING, Q(outcome=conduct.NOT_RECTIFIED)),
            (RECTIFY, ("outcome", conduct.NOT_RECTIFIED)),
        ),
        CompanyFigure("company_terms_due", "企业到期办理事项", "件", _terms()),
        CompanyFigure("company_terms_missed", "企业逾期办理事项", "件", _terms(conduct.MISSED)),
    )
}  # fmt: skip
