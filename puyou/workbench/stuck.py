"""Cases that stand still: nobody holds a post from which a next step could be taken, and no term is running."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from puyou.accounts.models import Grant, in_force
from puyou.accounts.scopes import Scope
from puyou.cases import names, reading, relations, rules
from puyou.cases.definition import Definition
from puyou.cases.models import Case
from puyou.cases.names import Actor
from puyou.core import events as log
from puyou.core.periods import day_of
from puyou.workbench import events
from puyou.workbench.models import StuckCase

Reason = StuckCase.Reason
BY = "system:stuck"

# Posts are asked by the paths along a case's own, as permission is. A term that is over or pauses does not run.
_LOOK = """
SELECT c.id, asked.wanted, c.office_id = ANY(%(offices)s),
  'office' = ANY(asked.relations) AND EXISTS (
    SELECT 1 FROM generate_series(4, length(c.path), 4) n WHERE left(c.path, n) = ANY(%(handling)s)),
  'operator' = ANY(asked.relations) AND c.shared AND EXISTS (
    SELECT 1 FROM generate_series(4, length(c.path), 4) n
    WHERE c.operator_id || ':' || left(c.path, n) = ANY(%(answering)s))
  OR 'handler' = ANY(asked.relations) AND EXISTS (
    SELECT 1 FROM generate_series(4, length(c.path), 4) n
    WHERE c.handler_id || ':' || left(c.path, n) = ANY(%(seeing)s))
  OR EXISTS (SELECT 1 FROM cases_party p JOIN accounts_user u ON u.id = p.user_id AND u.is_active
    WHERE p.case_id = c.id AND p.role = ANY(asked.relations)
      AND p.valid_from <= %(today)s AND (p.valid_to IS NULL OR p.valid_to > %(today)s))
FROM cases_case c
JOIN (SELECT version_id, state, flags, wanted, string_to_array(wanted, ',') AS relations
      FROM unnest(%(versions)s::bigint[], %(states)s::text[], %(flags)s::text[], %(wanted)s::text[])
        AS given(version_id, state, flags, wanted)) AS asked
  ON asked.version_id = c.version_id AND asked.state = c.state AND asked.flags = array_to_string(c.flags, ',')
WHERE c.closed_at IS NULL AND NOT EXISTS (
  SELECT 1 FROM cases_caseclock k WHERE k.case_id = c.id AND k.stopped_on IS NULL AND k.due_on >= %(today)s
    AND NOT EXISTS (SELECT 1 FROM cases_clockpause q WHERE q.clock_id = k.id AND q.last IS NULL))
"""


@dataclass(frozen=True)
class Found:
    """A case that stands still, and whose turn it would be."""

    case_id: int
    reason: str
    wanted: tuple[str, ...]


def steps_of(definition: Definition, state: str, flags: frozenset[str]) -> frozenset[str]:
    """Who could take a next step: whoever may do what the state waits for, or lift a mark that hinders it."""
    return frozenset(
        relation
        for action in definition.actions
        if (action.primary or action.clears) and rules.why_not(definition, action, state, flags) is None
        for relation in action.who
    )


def look(now: datetime) -> list[Found]:
    """Every open case that stands still now. What the product itself will do (``system``) counts as a step."""
    asked = _asked()
    if not asked:
        return []
    with connection.cursor() as cursor:
        given: dict[str, Any] = {**_people(now), **_columns(asked), "today": day_of(now)}
        cursor.execute(_LOOK, given)
        rows = cursor.fetchall()
    found = (_judge(pk, wanted, staffed, office, others) for pk, wanted, staffed, office, others in rows)
    return [one for one in found if one is not None]


def _judge(pk: int, wanted: str, staffed: bool, office: bool, others: bool) -> Found | None:
    relations_wanted = tuple(part for part in wanted.split(",") if part)
    if not relations_wanted:
        return Found(pk, Reason.NO_STEP, ())
    if others or (office and staffed):
        return None
    return Found(pk, Reason.OFFICE_EMPTY if office else Reason.NOBODY, relations_wanted)


def _asked() -> list[tuple[int, str, str, str]]:
    """Version, state and marks of open cases, with whose turn it is; without those that the product carries on."""
    held = (
        Case.objects.filter(closed_at=None).order_by().values_list("version_id", "state", "flags").distinct()
    )
    found = []
    for version, state, flags in held:
        wanted = steps_of(reading.definition_of(version), state, frozenset(flags))
        if "system" not in wanted:
            found.append((version, state, ",".join(flags), ",".join(sorted(wanted))))
    return found


def _columns(asked: list[tuple[int, str, str, str]]) -> dict[str, list[Any]]:
    return dict(
        zip(
            ("versions", "states", "flags", "wanted"),
            (list(column) for column in zip(*asked, strict=True)),
            strict=True,
        )
    )


def _people(now: datetime) -> dict[str, list[Any]]:
    """Who holds which post today, as paths: handling for offices, answering for companies, seeing by person."""
    day = day_of(now)
    held = Grant.objects.filter(
        in_force(day), in_force(day, "post__appointments__"), post__appointments__user__is_active=True
    ).values_list(
        "role__permissions",
        "place__path",
        "organisation_id",
        "post__organisation_id",
        "post__appointments__user_id",
    )
    found: dict[str, set[Any]] = {"offices": set(), "handling": set(), "answering": set(), "seeing": set()}
    for permissions, path, company, office, user in held:
        if relations.HANDLE in permissions and company is None:
            found["offices"].add(office)
            found["handling"].add(path)
        if relations.ANSWER in permissions and company is not None:
            found["answering"].add(f"{company}:{path}")
        if relations.SEE in permissions:
            found["seeing"].add(f"{user}:{path}")
    return {name: sorted(values) for name, values in found.items()}


@transaction.atomic
def note_stuck(*, now: datetime) -> int:
    """Write down what stands still and strike out what goes on again; how many changed."""
    found = {one.case_id: one for one in look(now)}
    held = {row.case_id: row for row in StuckCase.objects.select_for_update()}
    gone = [
        row.pk
        for row in held.values()
        if row.case_id not in found or (row.reason, tuple(row.wanted)) != _said(found[row.case_id])
    ]
    StuckCase.objects.filter(pk__in=gone).delete()
    kept = {case for case, row in held.items() if row.pk not in set(gone)}
    fresh = [one for case, one in found.items() if case not in kept]
    _enter(fresh, now)
    if gone or fresh:
        said = {"found": len(fresh), "ended": len(gone), "now": len(found)}
        log.append(events.STUCK_CHANGED, subject="cases", actor=BY, now=now, data=said)
    return len(gone) + len(fresh)


def _said(found: Found) -> tuple[str, tuple[str, ...]]:
    return found.reason, found.wanted


def _enter(fresh: Iterable[Found], now: datetime) -> None:
    StuckCase.objects.bulk_create(
        (
            StuckCase(case_id=one.case_id, reason=one.reason, wanted=list(one.wanted), found_at=now)
            for one in fresh
        ),
        batch_size=2000,
    )


def list_stuck(scope: Scope) -> QuerySet[StuckCase]:
    """What stands still among the cases at places in scope, oldest find first."""
    seen = Case.objects.filter(relations.visible(Actor(scope)), closed_at=None)
    found = StuckCase.objects.filter(case__in=seen).order_by("found_at", "pk")
    return found.select_related("case__place", "case__office", "case__operator", "case__version")


def why(row: StuckCase) -> str:
    """Why a case stands still, in a sentence."""
    who = "、".join(names.relation_of(code).name for code in row.wanted)
    return {
        Reason.NO_STEP: "按所用的程序版本，这一状态没有可办的事项，也没有正在计算的期限。",
        Reason.NOBODY: f"应由{who}办理，但没有在岗、有权限的人员，也没有正在计算的期限。",
        Reason.OFFICE_EMPTY: f"主管部门“{row.case.office.name}”没有在岗的办案人员，只能由上级办理。",
    }[Reason(row.reason)]


def remedy(row: StuckCase) -> str:
    """What to do about it, in a sentence."""
    if row.reason == Reason.NO_STEP:
        return "请程序管理员发布修正后的版本，或撤回、转办这一案件。"
    if row.reason == Reason.OFFICE_EMPTY:
        return "请在机构与人员中为该部门任命办案人员；未任命之前，由上级打开案件办理。"
    if "operator" in row.wanted and row.case.operator:
        return f"请“{row.case.operator.name}”任命负责答复的人员，或由主管部门改派。"
    return "请在机构与人员中任命有“办理案件”权限的人员，或由上级机构办理。"
