"""Asking for returns: a form and a period, of every office that owes it; each once."""

from datetime import datetime, timedelta

from django.db import transaction

from puyou.accounts.models import Organisation
from puyou.accounts.scopes import Scope
from puyou.core import events as log
from puyou.core.periods import day_of
from puyou.indicators.periods import KINDS, Period
from puyou.places.models import Kind
from puyou.returns import events, knowing, problems
from puyou.returns.definition import Form
from puyou.returns.models import DueReturn, FormVersion, ReturnForm
from puyou.standards import queries as standards


@transaction.atomic
def open_round(*, form: ReturnForm, period: Period, scope: Scope, by: str, now: datetime) -> int:
    """Ask every office in scope that owes the form for the period; returns how many were asked anew.

    Due so many working days after the period's end. Problems: another kind of period, not in force, not over, nobody.
    """
    version = form.versions.order_by("-number").first()
    if version is None:
        raise problems.UNKNOWN_FORM(code=form.code)
    said = knowing.form_of(version)
    _refuse(said, period, now)
    offices = _offices(said, scope)
    if not offices:
        raise problems.NOBODY(form=said.name)
    return _ask(form, version, said, period, offices, by, now)


def _refuse(said: Form, period: Period, now: datetime) -> None:
    if period.kind != said.period:
        raise problems.WRONG_PERIOD(form=said.name, kind=KINDS[said.period], period=period.label)
    if not _in_force(said, period):
        raise problems.NOT_IN_FORCE(form=said.name, period=period.label)
    if period.last >= day_of(now):
        raise problems.NOT_OVER(period=period.label)


def _in_force(said: Form, period: Period) -> bool:
    return said.valid_from <= period.last and (said.valid_to is None or period.last < said.valid_to)


def _offices(said: Form, scope: Scope) -> list[Organisation]:
    """Offices of the side and levels that stand in scope, at places that still exist."""
    found = Organisation.objects.filter(
        scope.q("place__path", "returns.check"),
        kind=said.side,
        place__level__in=said.levels,
        place__valid_to=None,
    ).exclude(place__kind=Kind.VIRTUAL)
    return list(found.select_related("place").order_by("place__path", "pk"))


def _ask(
    form: ReturnForm,
    version: FormVersion,
    said: Form,
    period: Period,
    offices: list[Organisation],
    by: str,
    now: datetime,
) -> int:
    due_on = standards.add_working_days(period.last, said.due_days)
    held = DueReturn.objects.filter(form=form, period=period.name, filler__in=offices)
    there = set(held.values_list("filler_id", flat=True))
    fresh = [
        DueReturn(
            form=form,
            version=version,
            filler=office,
            place=office.place,
            period=period.name,
            first_on=period.first,
            last_on=period.last,
            due_on=due_on,
            assigned_by=by,
            assigned_at=now,
        )
        for office in offices
        if office.pk not in there
    ]
    DueReturn.objects.bulk_create(fresh, ignore_conflicts=True)
    if fresh:
        data = {"period": period.name, "count": len(fresh), "due_on": str(due_on)}
        log.append(events.ROUND_OPENED, subject=f"return_form:{form.code}", actor=by, now=now, data=data)
    return len(fresh)


def open_due(*, now: datetime, by: str = "system:returns") -> int:
    """Ask for the period that ended last, of every form in force; for the clock. Returns how many were asked."""
    count, scope = 0, Scope.system("returns")
    for form in ReturnForm.objects.order_by("pk"):
        version = form.versions.order_by("-number").first()
        if version is None:
            continue
        said = knowing.form_of(version)
        period = Period.of(said.period, day_of(now)).previous()
        if period is None or not _in_force(said, period) or day_of(now) > period.last + timedelta(days=92):
            continue
        offices = _offices(said, scope)
        if offices:
            count += _ask(form, version, said, period, offices, by, now)
    return count
