"""A report in public words: what its reporter, and nobody inside, is told."""

from dataclasses import dataclass, field
from datetime import date, datetime

from puyou.cases import reading
from puyou.cases.feedback.filing import REPORTER
from puyou.cases.feedback.models import Report
from puyou.cases.feedback.reporting import ON_THE_WAY
from puyou.cases.models import Case

# Actions whose words the reporter reads, by the field that holds them.
SPOKEN = {
    "refer": "ground",
    "answer": "measures",
    "answer_fixed": "measures",
    "deny": "text",
    "report_done": "text",
    "verify": "text",
    "return": "text",
    "refute": "text",
    "give_up": "text",
    "close_claimed": "ground",
}


@dataclass(frozen=True)
class Step:
    """One thing that happened, in public words; ``text``: what was said with it, often empty."""

    at: datetime
    words: str
    text: str = ""


@dataclass(frozen=True)
class PublicStatus:
    """How far a report is: state in words, what happened (oldest first), and what the reporter may do now."""

    state: str
    words: str
    closed: bool
    outcome: str
    other_body: str
    due_on: date | None
    steps: list[Step] = field(default_factory=list)
    may_confirm: bool = False
    may_reopen: bool = False
    may_rate: bool = False
    may_withdraw: bool = False


def status_of(report: Report, now: datetime) -> PublicStatus:
    """A report's public status; of a merged one, how far the report is that it was merged into."""
    case = Case.objects.select_related("place").get(pk=report.case_id)
    own = _status(report, case, now)
    if report.merged_into_id is None:
        return own
    other = Report.objects.select_related("case__place").get(pk=report.merged_into_id)
    into = _status(other, other.case, now)
    steps = [*own.steps, *(step for step in into.steps if step.at > own.steps[-1].at)]
    words = f"{own.words}：{into.words}"
    return PublicStatus(into.state, words, into.closed, into.outcome, into.other_body, into.due_on, steps)


def _status(report: Report, case: Case, now: datetime) -> PublicStatus:
    definition = reading.definition_of(case.version_id)
    state = definition.state(case.state)
    again = case.closed_at is not None and _may_reopen(case, now)
    return PublicStatus(
        state=case.state,
        words=state.public or state.name,
        closed=case.closed_at is not None,
        outcome=case.outcome,
        other_body=report.other_body,
        due_on=case.due_on,
        steps=_steps(case),
        may_confirm=case.state == "confirming" or case.state in ON_THE_WAY,
        may_reopen=again,
        may_rate=case.closed_at is not None and case.outcome != "withdrawn",
        may_withdraw=case.state == "received",
    )


def _steps(case: Case) -> list[Step]:
    """What happened, in the public words of where it led; what stayed inside the office is left out."""
    definition, found = reading.definition_of(case.version_id), []
    for event in case.events.order_by("revision"):
        if event.source == event.target:
            continue
        state = definition.state(event.target)
        text = str(event.data.get(SPOKEN.get(event.action, ""), ""))
        found.append(Step(event.at, state.public or state.name, text))
    return found


def _may_reopen(case: Case, now: datetime) -> bool:
    """Whether “not fixed” would open the closed case again."""
    offers = reading.available(case, REPORTER, now)
    return any(offer.allowed for offer in offers if offer.action.code == "reopen")
