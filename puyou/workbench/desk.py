"""Gathering one person's desk: four numbers, the list by due date with its next steps, and what changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from puyou.accounts.models import User
from puyou.accounts.scopes import Scope
from puyou.cases import queries as cases
from puyou.cases import reading
from puyou.cases.definition import Action
from puyou.cases.models import Awaiting, Case, CaseEvent
from puyou.cases.names import Actor
from puyou.cases.relations import roles_of
from puyou.core import clock
from puyou.core.counting import Asked, Counted, count_together
from puyou.core.periods import day_of
from puyou.workbench import kinds
from puyou.workbench.kinds import Task
from puyou.workbench.spans import Span, spans

MOST_COUNTED = 10_000
SHOWN = {"today": 20, "week": 15, "later": 10, "none": 10}
CHANGES = 12


@dataclass(frozen=True)
class Row:
    """A case in the list with its next step; None where its own page must judge first."""

    case: Case
    action: Action | None


@dataclass(frozen=True)
class Group:
    """Work that is due at about the same time; ``more``: cases beyond those shown."""

    span: Span
    cases: Counted
    tasks: list[Task]
    rows: list[Row]

    @property
    def count(self) -> int:
        return self.cases.count + sum(task.count for task in self.tasks)

    @property
    def beyond(self) -> bool:
        return self.cases.beyond or any(task.counted.beyond for task in self.tasks)

    @property
    def more(self) -> int:
        return self.cases.count - len(self.rows)


@dataclass(frozen=True)
class Desk:
    """Everything on the page."""

    today: date
    groups: list[Group]
    others: list[Task]
    counted: dict[str, Counted]
    changes: list[CaseEvent]

    @property
    def total(self) -> int:
        return sum(group.count for group in self.groups)

    @property
    def beyond(self) -> bool:
        return any(group.beyond for group in self.groups)


@dataclass(frozen=True)
class Asker:
    """Who sits at the desk, and what was asked once for all its lists."""

    actor: Actor
    user: User
    today: date
    awaiting: Sequence[Awaiting]
    offices: Sequence[int]

    @property
    def given(self) -> tuple[Scope, User, date, cases.Roles]:
        """Scope, person, day and parts, as the queries of cases want them."""
        return self.actor.scope, self.user, self.today, self.actor.roles


def asker_of(scope: Scope, user: User) -> Asker:
    """The person with their parts in cases, their offices, and whom procedures wait for."""
    today = clock.today()
    actor = Actor(scope, user, roles_of(user))
    return Asker(actor, user, today, cases.list_awaiting(scope), cases.offices_of(user, today))


def desk_of(asker: Asker, now: datetime) -> Desk:
    """The desk of a person at a moment, by a number of queries that does not depend on how much waits."""
    shown = spans(asker.today)
    changes = changes_of(asker, now)
    counted = count_together(_asked(asker, shown) | {"changes": Asked(changes)}, MOST_COUNTED)
    tasks = kinds.tasks_of(counted)
    rows = _rows(asker, shown)
    return Desk(
        today=asker.today,
        groups=[_group(span, counted[span.code], tasks, rows) for span in shown],
        others=[task for task in tasks if task.kind.others],
        counted=counted,
        changes=list(changes[:CHANGES]),
    )


def mine(asker: Asker) -> QuerySet[Case]:
    """The cases that wait for the person."""
    return cases.list_mine(*asker.given, awaiting=asker.awaiting, offices=asker.offices)


def changes_of(asker: Asker, now: datetime) -> QuerySet[CaseEvent]:
    """What others did in the person's cases since yesterday morning."""
    yesterday = datetime.combine(day_of(now) - timedelta(days=1), datetime.min.time(), clock.SHANGHAI)
    scope, user, today, roles = asker.given
    return cases.list_changes(scope, user, yesterday, today, roles, asker.offices)


def _asked(asker: Asker, shown: list[Span]) -> dict[str, Asked]:
    scope, user, today, roles = asker.given
    held = mine(asker)
    lists = {
        "overdue": cases.list_due(scope, user, today, overdue=True, roles=roles),
        "soon": cases.list_due(scope, user, today, overdue=False, roles=roles),
        "watched": cases.list_watched(scope, user, roles),
        "office": cases.list_office(*asker.given, offices=asker.offices),
        "elsewhere": cases.list_elsewhere(*asker.given, awaiting=asker.awaiting, offices=asker.offices),
        "waiting": cases.list_waiting(scope, user, roles, asker.awaiting),
    }
    lists |= {span.code: held.filter(span.q) for span in shown}
    return {name: Asked(rows) for name, rows in lists.items()} | kinds.asked_of(scope, user)


def _rows(asker: Asker, shown: list[Span]) -> list[Row]:
    """The first cases of every group with the next step of each; two queries."""
    held = mine(asker)
    first, *rest = [held.filter(span.q).values_list("pk", flat=True)[: SHOWN[span.code]] for span in shown]
    pks = list(first.union(*rest, all=True))
    found = cases.by_due(
        cases.list_cases(asker.actor.scope, asker.user, asker.actor.roles).filter(pk__in=pks)
    )
    return [Row(*one) for one in reading.with_first_actions(found, asker.actor)] if pks else []


def _group(span: Span, counted: Counted, tasks: list[Task], rows: list[Row]) -> Group:
    return Group(
        span=span,
        cases=counted,
        tasks=[task for task in tasks if task.count and not task.kind.others and span.holds(task.due_on)],
        rows=[row for row in rows if span.holds(row.case.due_on)],
    )


def dated(asker: Asker, queue: str) -> QuerySet[Case]:
    """The open cases of one of the desk's queues, for the calendar."""
    scope, user, _, roles = asker.given
    found: dict[str, Callable[[], QuerySet[Case]]] = {
        "mine": lambda: mine(asker),
        "office": lambda: cases.list_office(*asker.given, offices=asker.offices),
        "elsewhere": lambda: cases.list_elsewhere(
            *asker.given, awaiting=asker.awaiting, offices=asker.offices
        ),
        "watched": lambda: cases.list_watched(scope, user, roles),
        "": lambda: cases.list_cases(scope, user, roles),
    }
    return found[queue]().filter(closed_at=None)
