"""Starting, pausing, extending and stopping the clocks of a case, and deriving what is due."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from puyou.cases import terms
from puyou.cases.definition import Definition
from puyou.cases.models import Case, CaseClock, ClockExtension, ClockPause
from puyou.cases.names import Performing
from puyou.core.periods import day_of
from puyou.standards import queries as standards
from puyou.standards import rules as standard_rules


def running_of(clock: CaseClock) -> terms.Running:
    """A stored clock as the facts that rules judge."""
    pauses = [(pause.first, pause.last) for pause in clock.pauses.all()]
    extensions = [extension.allowance for extension in clock.extensions.all()]
    return terms.Running(clock.started_on, clock.allowance, pauses, extensions)


def apply(performing: Performing) -> None:
    """What an action does to the clocks: stop, resume, start, suspend, extend, in this order."""
    action, today = performing.action, day_of(performing.now)
    running = {clock.code: clock for clock in performing.case.clocks.filter(stopped_on=None)}
    for code in action.stops:
        if code in running:
            _stop(running.pop(code), today)
    for code in action.resumes:
        if code in running:
            _resume(running[code], today)
    for code in action.starts:
        if code not in running:
            running[code] = _start(performing, code, today)
    for code in action.suspends:
        if code in running and not running[code].pauses.filter(last=None).exists():
            ground = str(performing.data.get("ground") or action.name)[:300]
            ClockPause.objects.create(clock=running[code], first=today, ground=ground)
    for code in action.extends:
        if code in running:
            _extend(performing, running[code])
    derive(performing.case, performing.definition, today)


def _start(performing: Performing, code: str, today: date) -> CaseClock:
    clock = performing.definition.clock(code)
    found = standards.due(today, clock.allowance)
    return CaseClock.objects.create(
        case=performing.case,
        code=code,
        started_on=today,
        allowance=clock.allowance,
        due_on=found.due,
        provisional=found.provisional,
    )


def stop_all(case: Case, today: date) -> None:
    """End every clock that still runs, and whatever pauses it: the case is closed."""
    for clock in case.clocks.filter(stopped_on=None):
        _stop(clock, today)


def _stop(clock: CaseClock, today: date) -> None:
    _resume(clock, today)
    clock.stopped_on = today
    clock.save(update_fields=["stopped_on"])


def _resume(clock: CaseClock, today: date) -> None:
    """End an open pause yesterday: the day on which it goes on is counted again. One that began today never was."""
    clock.pauses.filter(last=None, first__gte=today).delete()
    clock.pauses.filter(last=None).update(last=today - timedelta(days=1))


def _extend(performing: Performing, clock: CaseClock) -> None:
    ClockExtension.objects.create(
        clock=clock,
        allowance=performing.definition.clock(clock.code).extension or clock.allowance,
        ground=str(performing.data.get("ground") or performing.action.name)[:300],
        approved_by=performing.actor.user,
        at=performing.now,
    )


def derive(case: Case, definition: Definition, today: date) -> None:
    """Derive every running clock's due date again, and the case's next one with its first day of warning."""
    calendar = standards.get_calendar()
    nearest: tuple[date, CaseClock] | None = None
    for clock in case.clocks.filter(stopped_on=None).prefetch_related("pauses", "extensions"):
        facts = running_of(clock)
        found = terms.due_of(facts, calendar, today)
        CaseClock.objects.filter(pk=clock.pk).update(due_on=found.due, provisional=found.provisional)
        if nearest is None or found.due < nearest[0]:
            nearest = found.due, clock
    case.due_on = nearest[0] if nearest else None
    case.warn_on = _warn_on(definition, nearest[1].code, nearest[0], calendar) if nearest else None


def _warn_on(definition: Definition, code: str, due: date, calendar: standard_rules.Calendar) -> date:
    """The first day of warning: so many days before the due date, in the clock's own unit."""
    clock = definition.clock(code)
    _, working = standard_rules.parse_term(clock.allowance)
    left, day = max(clock.warn_days, default=0), due
    while left:
        day -= timedelta(days=1)
        left -= 1 if not working or calendar.is_working_day(day) else 0
    return day


def explained(case: Case, definition: Definition, today: date) -> Iterable[dict[str, Any]]:
    """Every clock of a case for its page: name, basis, due date in words, what is left, whether it pauses."""
    calendar = standards.get_calendar()
    for clock in case.clocks.order_by("started_on", "pk").prefetch_related("pauses", "extensions"):
        facts, declared = running_of(clock), definition.clock(clock.code)
        end = clock.stopped_on or today
        yield {
            "clock": clock,
            "name": declared.name,
            "legal_basis": declared.legal_basis,
            "verified": declared.verified,
            "why": terms.explain(facts, calendar, end),
            "left": terms.remaining(clock.due_on, end, clock.allowance, calendar),
            "unit": "个工作日" if clock.allowance.endswith("wd") else "日",
            "paused": any(last is None for _, last in facts.pauses) and clock.stopped_on is None,
            "pauses": list(clock.pauses.all()),
        }
