"""Reading reports: lists inside what somebody may see, one by tracking number and code, and the categories."""

from datetime import date

from django.db.models import QuerySet

from puyou.accounts.models import User
from puyou.accounts.scopes import Scope
from puyou.cases import queries as cases
from puyou.cases.feedback import codes, problems
from puyou.cases.feedback.models import Category, Report
from puyou.cases.relations import HANDLE


def list_categories(scope: Scope, on: date | None = None) -> QuerySet[Category]:
    """What can be reported (on a day); categories are public."""
    found = Category.objects.order_by("order", "code")
    return found.filter(ended_on=None) | found.filter(ended_on__gt=on) if on else found


def get_category(scope: Scope, code: str) -> Category:
    """One category by its code; Problem when unknown or ended."""
    found = Category.objects.filter(code=code, ended_on=None).first()
    if found is None:
        raise problems.UNKNOWN_CATEGORY(code=code[:40])
    return found


def list_reports(scope: Scope, user: User | None = None) -> QuerySet[Report]:
    """Reports whose cases somebody may see, newest first."""
    seen = cases.list_cases(scope, user).order_by().values("pk")
    found = Report.objects.filter(case__in=seen)
    return found.select_related("case__version", "category", "place", "case__operator").order_by(
        "-filed_at", "-id"
    )


def find_by_tracking(number: str, code: str) -> Report:
    """The report of a tracking number and its code; the same Problem (404) whichever is wrong.

    The caller throttles; the comparison takes the same time either way.
    """
    number, code = codes.normalised(number), codes.normalised(code)
    held = Report.objects.select_related("case__version", "case__place", "category", "place").filter(
        tracking=number
    )
    report = held.first()
    if not codes.fits(number, code, report.code_hash if report else "0" * 64) or report is None:
        raise problems.UNKNOWN_TRACKING()
    return report


def handles(scope: Scope) -> bool:
    """Whether somebody handles cases for an office anywhere, and so may know who reported there."""
    return scope.everything or any(
        HANDLE in grip.permissions and grip.organisation_id is None for grip in scope.grips
    )
