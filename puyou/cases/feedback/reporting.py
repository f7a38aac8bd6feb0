"""What reporters do afterwards: confirm, withdraw, rate. They act under no name, and only through here."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from puyou.cases import actions as cases
from puyou.cases import events, reading
from puyou.cases.feedback import problems
from puyou.cases.feedback.filing import REPORTER
from puyou.cases.feedback.models import Confirmation, Rating, Report
from puyou.cases.models import Case
from puyou.core import events as log

TEXT_LIMIT = 500
ON_THE_WAY = ("accepted", "answering", "rectifying", "verifying")


@transaction.atomic
def confirm(
    *, report: Report, fixed: bool, now: datetime, client_id: UUID, channel: str = "tracking", text: str = ""
) -> Confirmation:
    """The reporter says whether it is fixed. Safe to repeat with the same ``client_id``.

    While the office waits for it, the case goes on by it; before, it is noted beside the case; afterwards “not fixed”
    opens the case again within the procedure's window. Problems: not asked (409), text.
    """
    before = Confirmation.objects.filter(client_id=client_id).first()
    if before is not None:
        return before
    case = Case.objects.select_for_update(of=("self",)).get(pk=report.case_id)
    said = _text(text)
    action = _following(case, fixed)
    if action:
        data = {"ground": said or "反映人称未解决"} if action == "reopen" else {"text": said} if said else {}
        _perform(case, action, data, now)
    found = Confirmation.objects.create(
        report=report, fixed=fixed, text=said, channel=channel, client_id=client_id, at=now
    )
    told = {"case": case.number, "fixed": fixed, "channel": channel}
    log.append(events.REPORT_CONFIRMED, subject=f"case:{case.pk}", actor=REPORTER.name, now=now, data=told)
    return found


def _following(case: Case, fixed: bool) -> str:
    """The action that a confirmation stands for; empty when it is only noted. Problem when nobody asked."""
    if case.state == "confirming":
        return "confirm_fixed" if fixed else "confirm_not_fixed"
    if case.state in ON_THE_WAY:
        return ""
    if case.closed_at is not None:
        if not fixed:
            return "reopen"
        if case.outcome in ("verified", "claimed"):
            return ""
    raise problems.NOT_ASKED(reason=f"反映{reading.definition_of(case.version_id).state(case.state).name}")


def _perform(case: Case, action: str, data: dict[str, str], now: datetime) -> None:
    cases.perform(case_id=case.pk, action=action, actor=REPORTER, data=data, revision=case.revision, now=now)


@transaction.atomic
def withdraw(*, report: Report, now: datetime, text: str = "") -> Case:
    """The reporter takes it back, as long as nobody accepted it. Problem: too late (409)."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=report.case_id)
    if case.state == "withdrawn":
        return case
    if case.state != "received":
        raise problems.WITHDRAWN_LATE()
    said = _text(text)
    _perform(case, "withdraw", {"text": said} if said else {}, now)
    return Case.objects.get(pk=case.pk)


@transaction.atomic
def rate(
    *, report: Report, score: int, now: datetime, client_id: UUID, channel: str = "tracking", text: str = ""
) -> Rating:
    """The reporter rates the result, 1 to 5; the last rating speaks. Problems: not settled (409), score, text."""
    before = Rating.objects.filter(client_id=client_id).first()
    if before is not None:
        return before
    if not isinstance(score, int) or isinstance(score, bool) or not 1 <= score <= 5:
        raise problems.BAD_SCORE()
    case = Case.objects.get(pk=report.case_id)
    if case.closed_at is None:
        raise problems.NOT_SETTLED()
    found = Rating.objects.create(
        report=report, score=score, text=_text(text), channel=channel, client_id=client_id, at=now
    )
    data = {"case": case.number, "score": score}
    log.append(events.REPORT_RATED, subject=f"case:{case.pk}", actor=REPORTER.name, now=now, data=data)
    return found


def _text(text: str) -> str:
    found = text.replace("\x00", "").strip()
    if len(found) > TEXT_LIMIT:
        raise problems.BAD_TEXT(field="内容", least=0, limit=TEXT_LIMIT, count=len(found))
    return found
