"""A crowd of synthetic rectification cases: whole walks through the real procedure, chained, put in by COPY.

Nothing is performed: the rows are those that performing would have written (states by rules.after, digests by
chain, due dates by the working-day calendar), which `audit` reads back. For measuring only; it marks its database.
"""

import json
import multiprocessing
import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from types import SimpleNamespace

from django.db import connection, connections

from puyou.cases import chain, clocks, reading, rules, wording
from puyou.cases.models import Case, CaseClock, CaseEvent, ProcedureVersion
from puyou.core import notices
from puyou.standards import queries as standards

STEP = 4
YEARS = 3
OPEN_SHARE = 0.1
OPEN_WALKS = (
    (35, ()),
    (40, ("answer",)),
    (5, ("answer", "pause")),
    (5, ("object",)),
    (15, ("answer", "report")),
)
CLOSED_WALKS = (
    (76, ("answer", "report", "verify")),
    (8, ("answer", "report", "return", "report", "verify")),
    (6, ("answer", "extend", "report", "miss_again", "report", "verify")),
    (5, ("answer", "fail")),
    (5, ("object", "uphold")),
)
DATA = {
    "answer": {"cause": "staff", "measures": "增派一名投递员，恢复每周三次到村投递。"},
    "object": {"text": "该周因道路中断无法到村，已向乡镇报告。"},
    "report": {"text": "已恢复，连续两周按频次投递。"},
    "return": {"ground": "仍有一周未达标，请继续整改。"},
    "extend": {"ground": "汛期道路抢修，申请延长。"},
    "pause": {"ground": "封山"},
    "fail": {"ground": "期限已过，仍未恢复投递。"},
    "uphold": {"ground": "道路中断属实。"},
}
CASE = (
    "id version_id number title place_id office_id operator_id shared handler_id state flags outcome fields subject"
    " revision opened_at closed_at due_on warn_on retain_until words"
).split()
EVENT = (
    "case_id revision action name source target flags data actor by_id role organisation at digest"
).split()
CLOCK = "case_id code started_on allowance stopped_on due_on provisional".split()


@dataclass(frozen=True)
class Village:
    """Where a case is: a village with whoever is in charge there."""

    pk: int
    name: str
    office: int
    code: str
    operator: int
    company: str


@dataclass(frozen=True)
class Plan:
    """What every process of the crowd is told."""

    version: int
    places: list
    today: date
    handlers: list
    seed: int


def enter(count, places, handlers, today, seed=2026, processes=1):
    """Put ``count`` cases in; returns the first id. ``handlers``: users who have some of the open ones in hand."""
    version = ProcedureVersion.objects.get(procedure__code="rectification", status="published").pk
    plan = Plan(version, places, today, handlers, seed)
    first = (Case.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    notices.publish("simulated", "本库含模拟案件，仅供测量", datetime.now(UTC))
    share = -(-count // processes)
    spans = [(first + at, first + min(at + share, count)) for at in range(0, count, share)]
    if processes == 1:
        _enter(plan, *spans[0])
    else:
        connections.close_all()
        workers = [multiprocessing.Process(target=_enter, args=(plan, *span)) for span in spans]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        if any(worker.exitcode for worker in workers):
            raise RuntimeError("a process of the crowd failed")
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence('cases_case', 'id'), %s)", [first + count])
    return first


def _enter(plan, first, after):
    """One process: chunks of cases with their records and clocks."""
    dice = random.Random(plan.seed * 1_000_003 + first)
    for start in range(first, after, 20_000):
        lines = {"cases_case": [], "cases_caseevent": [], "cases_caseclock": []}
        for pk in range(start, min(start + 20_000, after)):
            _one(plan, pk, dice, lines)
        with connection.cursor() as cursor:
            for (table, rows), names in zip(lines.items(), (CASE, EVENT, CLOCK), strict=True):
                with cursor.cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
                    copy.write("".join(rows))


def _one(plan, pk, dice, lines):
    place, open_ = dice.choice(plan.places), dice.random() < OPEN_SHARE
    weights, walks = zip(*(OPEN_WALKS if open_ else CLOSED_WALKS), strict=True)
    walk = dice.choices(walks, weights)[0]
    days = dice.randrange(45) if open_ else 60 + dice.randrange(365 * YEARS)
    opened = datetime(plan.today.year, plan.today.month, plan.today.day, 1, tzinfo=UTC) - timedelta(
        days=days, seconds=dice.randrange(40_000)
    )
    steps = _steps(plan.version, walk)
    gap = timedelta(days=max(1, min(days, 55) // max(1, len(walk)))) if walk else timedelta()
    moments = [min(opened + gap * at, opened + timedelta(days=days)) for at in range(len(steps))]
    _events(pk, steps, moments, place, lines["cases_caseevent"])
    due, warn = _clocks(plan, pk, steps, moments, lines["cases_caseclock"])
    _case(plan, pk, place, steps, moments, due, warn, dice, lines["cases_case"])


@lru_cache(maxsize=64)
def _steps(version, walk):
    """The walk as (action, source, target, flags) from the opening on, by the engine's own rule."""
    definition = reading.definition_of(version)
    state, flags = definition.start.code, frozenset()
    opening = SimpleNamespace(code="open", name="立案", starts=("answer",), stops=())
    found = [(opening, "", state, ())]
    for code in walk:
        action, source = definition.action(code), state
        reason = rules.why_not(definition, action, state, flags)
        assert reason is None, (walk, code, reason)
        state, flags = rules.after(action, state, flags)
        found.append((action, source, state, tuple(sorted(flags))))
    return tuple(found)


def _events(pk, steps, moments, place, lines):
    before = chain.FIRST
    for revision, ((action, source, target, flags), at) in enumerate(zip(steps, moments, strict=True), 1):
        company = action.code in ("answer", "object", "report")
        data = DATA.get(action.code, {})
        if action.code == "answer":
            data = data | {"finish_on": str((at + timedelta(days=20)).date())}
        event = SimpleNamespace(
            case_id=pk, revision=revision, action=action.code, source=source, target=target, flags=flags, data=data,
            actor="simulated", role="企业管理员" if company else "县局监管员",
            organisation=place.company if company else "", at=at,
        )  # fmt: skip
        before = chain.digest(before, chain.record_of(event))
        lines.append(
            _line(pk, revision, action.code, action.name, source, target, _array(flags), _json(data), "simulated",
                  None, event.role, event.organisation, at, before)
        )  # fmt: skip


def _clocks(plan, pk, steps, moments, lines):
    """The clocks that the walk started; the nearest due date of those still running, with its first day of warning."""
    definition = reading.definition_of(plan.version)
    final = definition.state(steps[-1][2]).kind == "final"
    running, nearest = {}, (None, None)
    for (action, *_), at in zip(steps, moments, strict=True):
        day = (at + timedelta(hours=8)).date()
        for code in action.stops:
            if code in running:
                lines.append(_clock(pk, definition, code, running.pop(code), day))
        for code in action.starts:
            running.setdefault(code, day)
    ended = (moments[-1] + timedelta(hours=8)).date() if final else None
    for code, day in running.items():
        lines.append(_clock(pk, definition, code, day, ended))
        due = _due(day, definition.clock(code).allowance)[0]
        if not final and (nearest[0] is None or due < nearest[0]):
            nearest = due, _warn(plan.version, code, due)
    return nearest


def _clock(pk, definition, code, day, stopped):
    allowance = definition.clock(code).allowance
    due, provisional = _due(day, allowance)
    return _line(pk, code, day, allowance, stopped, due, "t" if provisional else "f")


@lru_cache(maxsize=10_000)
def _due(day, allowance):
    found = standards.due(day, allowance)
    return found.due, found.provisional


@lru_cache(maxsize=10_000)
def _warn(version, code, due):
    return clocks._warn_on(reading.definition_of(version), code, due, standards.get_calendar())


def _case(plan, pk, place, steps, moments, due, warn, dice, lines):
    definition = reading.definition_of(plan.version)
    state, opened = definition.state(steps[-1][2]), moments[0]
    final = state.kind == "final"
    number = f"改〔{opened.year}〕{place.code}-{pk}号"
    title, fields = f"{place.name}到村投递未达标整改", {"villages": place.name}
    handler = dice.choice(plan.handlers) if plan.handlers and not final and dice.random() < 0.02 else None
    closed = moments[-1] if final else None
    retain = (
        wording.years_later((closed + timedelta(hours=8)).date(), definition.retention_years)
        if final
        else None
    )
    words = wording.bigrams(" ".join([number, title, place.name]))
    lines.append(
        _line(pk, plan.version, number, title, place.pk, place.office, place.operator, "t", handler, state.code,
              _array(steps[-1][3]), state.outcome or "", _json(fields), f"village:{place.pk}", len(steps), opened,
              closed, due, warn, retain, words)
    )  # fmt: skip


def _array(values):
    return "{" + ",".join(values) + "}"


def _json(value):
    return json.dumps(value, ensure_ascii=False)


def _line(*values):
    """One line of COPY's text form; none of the crowd's words holds a tab, a line break or a backslash."""
    return "\t".join("\\N" if value is None else str(value) for value in values) + "\n"


def audit(first, count, samples=200):
    """Read some of the crowd back as the product reads cases: the chain holds, and replaying it gives the state."""
    dice = random.Random(7)
    for pk in dice.sample(range(first, first + count), min(samples, count)):
        case = Case.objects.get(pk=pk)
        definition, events = reading.definition_of(case.version_id), list(case.events.order_by("revision"))
        assert chain.first_fault(events) is None, pk
        state, flags = definition.start.code, frozenset()
        for event in events[1:]:
            state, flags = rules.after(definition.action(event.action), state, flags)
        assert (state, sorted(flags), len(events)) == (case.state, case.flags, case.revision), pk
    return {
        "cases": Case.objects.count(),
        "records": CaseEvent.objects.count(),
        "clocks": CaseClock.objects.count(),
    }
