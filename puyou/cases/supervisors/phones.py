"""Whose phone is calling, and everything that a supervisor's phone is told."""

import hashlib
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from puyou.accounts.models import in_force
from puyou.accounts.scopes import Scope
from puyou.cases.feedback import public
from puyou.cases.feedback import queries as feedback
from puyou.cases.supervisors import problems, queries, seeds
from puyou.cases.supervisors.models import Supervisor, SupervisorLink, SupervisorPhone, TaskAssignment
from puyou.places import queries as places
from puyou.places.models import Place

REPORTS = 100  # newest reports told
PLACES = 300  # places that can be chosen without signal
FOUND = 20
COUNTY = 3  # level of a county


def digest_of(token: str) -> bytes:
    """What is kept of a token: its text is 256 bits that nobody guesses."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()


def phone_of(token: str) -> SupervisorPhone:
    """The phone that shows a token. Problem 401: unknown, or a later link was given."""
    rows = SupervisorPhone.objects.select_related("link__supervisor__place", "link__supervisor__office")
    phone = rows.filter(digest=digest_of(token)).first()
    if phone is None:
        raise problems.NO_PHONE()
    if SupervisorLink.objects.filter(supervisor=phone.link.supervisor_id, pk__gt=phone.link_id).exists():
        raise problems.NO_PHONE()
    return phone


def latest_of(supervisor: Supervisor) -> SupervisorPhone | None:
    """The phone that came by the supervisor's latest link; None while none came."""
    latest = SupervisorLink.objects.filter(supervisor=supervisor).order_by("-pk").first()
    return SupervisorPhone.objects.filter(link=latest).first()


def owner_of(phone: SupervisorPhone) -> str:
    """The phone as the one who brings files."""
    return f"supervisor_phone:{phone.pk}"


def is_active(supervisor: Supervisor, on: date) -> bool:
    """Whether a term is in force on a day."""
    return supervisor.terms.filter(in_force(on)).exists()


def today_of(supervisor: Supervisor, today: date, now: datetime) -> dict[str, Any]:
    """Everything that a day without signal needs: certificate, tasks, categories, places, own reports."""
    latest = supervisor.declarations.order_by("-pk").first()
    return {
        "name": supervisor.name,
        "office": supervisor.office.name,
        "place": _place(supervisor.place),
        "active": is_active(supervisor, today),
        "certificate": queries.certificate_of(supervisor) | {"address": queries.verify_address(supervisor)},
        "interest_version": seeds.INTEREST_VERSION,
        "declared": latest
        and {"version": latest.version, "tied": latest.tied, "happened_at": latest.happened_at},
        "points": queries.points_of(supervisor),
        "tasks": [_task(one) for one in queries.list_open_assignments(supervisor, today)],
        "categories": [
            {"code": one.code, "name": one.name, "group": one.group}
            for one in feedback.list_categories(Scope.system("supervisors"), today)
        ],
        "places": [_place(one) for one in _places(supervisor.place)],
        "reports": _reports(supervisor, now),
    }


def _place(place: Place) -> dict[str, Any]:
    return {"code": place.code, "name": place.name}


def _places(place: Place) -> list[Place]:
    """What a supervisor may speak of without searching: their own place, and all around it as far as there is room."""
    above = next((one for one in reversed(places.ancestors(place)) if one.level >= COUNTY), place)
    rows = Place.objects.filter(path__startswith=above.path, level__gte=COUNTY, valid_to=None)
    return list(dict.fromkeys([place, *rows.order_by("level", "code")[:PLACES]]))


def find_places(supervisor: Supervisor, text: str) -> list[dict[str, Any]]:
    """Places of the supervisor's city whose name holds the text or whose code begins with it, at most twenty."""
    asked = text.strip()
    if not asked:
        return []
    chain = [*places.ancestors(supervisor.place), supervisor.place]
    city = next((one for one in chain if one.level == COUNTY - 1), chain[0])
    rows = Place.objects.filter(Q(name__contains=asked) | Q(code__startswith=asked))
    found = rows.filter(path__startswith=city.path, level__gte=COUNTY, valid_to=None).order_by(
        "level", "code"
    )
    return [_place(one) for one in found[:FOUND]]


def _task(assignment: TaskAssignment) -> dict[str, Any]:
    task, counted = assignment.task, assignment.results_count  # type: ignore[attr-defined]
    return {
        "id": task.pk,
        "title": task.title,
        "words": task.words,
        "kind": task.checklist.kind,
        "kind_name": task.checklist.get_kind_display(),
        "source": task.checklist.source,
        "items": task.checklist.items,
        "place": _place(task.place),
        "due_on": task.due_on,
        "results": counted,
    }


def _reports(supervisor: Supervisor, now: datetime) -> list[dict[str, Any]]:
    """A supervisor's own reports, newest first, in public words: never called verified before they are."""
    rows = supervisor.reports.select_related("report__category", "report__place", "report__case")
    return [_report(row.report, now) for row in rows.order_by("-pk")[:REPORTS]]


def _report(report: Any, now: datetime) -> dict[str, Any]:
    status = public.status_of(report, now)
    return {
        "id": report.client_id,
        "tracking": report.tracking,
        "category": report.category.name,
        "place": _place(report.place),
        "text": report.text,
        "happened_at": report.happened_at,
        "filed_at": report.filed_at,
        "words": status.words,
        "closed": status.closed,
        "outcome": status.outcome,
        "due_on": status.due_on,
        "steps": [{"at": step.at, "words": step.words, "text": step.text} for step in status.steps],
        "may_confirm": status.may_confirm,
        "may_reopen": status.may_reopen,
        "may_rate": status.may_rate,
        "may_withdraw": status.may_withdraw,
        "score": report.ratings.order_by("-pk").values_list("score", flat=True).first(),
    }
