"""Reading forms and returns; only what the asker's scope holds."""

from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import TruncDate

from puyou.accounts.scopes import Scope
from puyou.core.clock import SHANGHAI
from puyou.returns import knowing, powers, problems, rules
from puyou.returns.definition import Form
from puyou.returns.models import DueReturn, FormVersion, ReturnForm


def every_form() -> list[tuple[ReturnForm, FormVersion, Form]]:
    """Every form with its latest version; definitions are no secret."""
    latest = FormVersion.objects.order_by("form", "-number").distinct("form").select_related("form")
    return [(each.form, each, knowing.form_of(each)) for each in latest]


def get_form(code: str) -> tuple[ReturnForm, FormVersion, Form]:
    """One form with its latest version; Problem (404) when unknown."""
    version = FormVersion.objects.filter(form__code=code).select_related("form").order_by("-number").first()
    if version is None:
        raise problems.UNKNOWN_FORM(code=code[:40])
    return version.form, version, knowing.form_of(version)


def list_returns(scope: Scope) -> QuerySet[DueReturn]:
    """Returns in scope, those due first on top."""
    rows = DueReturn.objects.filter(powers.visible(scope))
    return rows.select_related("form", "filler", "place").order_by("-last_on", "due_on", "place__path", "pk")


def get_return(scope: Scope, pk: int) -> DueReturn:
    """One return; Problem (404) outside the scope."""
    rows = DueReturn.objects.filter(powers.visible(scope) | powers.fillable(scope))
    found = (
        rows.select_related("form", "version", "filler", "place", "saved_by", "filled_by")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise problems.UNKNOWN_RETURN()
    return found


def to_fill(scope: Scope) -> QuerySet[DueReturn]:
    """What one's own office still has to fill or sign."""
    rows = DueReturn.objects.filter(powers.fillable(scope), status__in=(*rules.EDITABLE, rules.SIGNING))
    return rows.select_related("form", "filler", "place").order_by("due_on", "pk")


def to_check(scope: Scope) -> QuerySet[DueReturn]:
    """What waits for one's own check."""
    rows = DueReturn.objects.filter(powers.checkable(scope))
    return rows.select_related("form", "filler", "place").order_by("due_on", "pk")


def late(punctuality: str, today: date) -> Q:
    """The condition on returns that came late, not at all, in time, or still have time."""
    return {
        rules.UNSENT: Q(first_signed_at=None, due_on__lt=today),
        rules.AHEAD: Q(first_signed_at=None, due_on__gte=today),
        rules.LATE: Q(pk__in=_signed_late()),
        rules.PUNCTUAL: Q(first_signed_at__isnull=False) & ~Q(pk__in=_signed_late()),
    }[punctuality]


def _signed_late() -> QuerySet[Any, Any]:
    signed_on = TruncDate("first_signed_at", tzinfo=SHANGHAI)
    return DueReturn.objects.annotate(signed_on=signed_on).filter(signed_on__gt=F("due_on")).values("pk")
