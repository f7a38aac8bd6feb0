"""One action on many cases: each is performed alone, with a result of its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from puyou.cases import problems, reading
from puyou.cases.actions.performing import perform
from puyou.cases.models import Case
from puyou.cases.names import Actor
from puyou.core.problems import Problem

DONE, STALE, DENIED = "done", "stale", "denied"
MOST = 200  # cases in one go: a page waits for the answer


@dataclass(frozen=True)
class Chosen:
    """A case as the person saw it when choosing it."""

    case_id: int
    revision: int


@dataclass(frozen=True)
class Result:
    """What became of one case; ``revision`` is the one it has now."""

    case_id: int
    standing: str
    reason: str = ""
    revision: int = 0


def perform_each(
    *,
    chosen: Iterable[Chosen],
    procedure: str,
    action: str,
    actor: Actor,
    data: dict[str, Any],
    now: datetime,
) -> list[Result]:
    """Do a bulk action of a procedure on each of some cases, every one in a transaction of its own.

    One that was changed meanwhile, or of which the action is denied, stays as it is and says why; the others go on.
    Problem only when more are chosen than go at once.
    """
    asked = list(dict.fromkeys(chosen))
    if len(asked) > MOST:
        raise problems.TOO_MANY(limit=MOST, count=len(asked))
    return [_perform_one(one, procedure, action, actor, data, now) for one in asked]


def _perform_one(
    one: Chosen, procedure: str, action: str, actor: Actor, data: dict[str, Any], now: datetime
) -> Result:
    refusal = why_not_bulk(one.case_id, procedure, action)
    if refusal is not None:
        return Result(one.case_id, DENIED, refusal)
    try:
        case = perform(
            case_id=one.case_id,
            action=action,
            actor=actor,
            data=dict(data),
            revision=one.revision,
            now=now,
        )
    except Problem as problem:
        standing = STALE if problem.code == "cases.stale" else DENIED
        return Result(one.case_id, standing, problem.message)
    return Result(one.case_id, DONE, revision=case.revision)


def why_not_bulk(case_id: int, procedure: str, action: str) -> str | None:
    """Why a case cannot be among many of an action: another procedure's, or its version wants it done one by one."""
    held = Case.objects.filter(pk=case_id).values_list("version_id", "version__procedure__code").first()
    if held is None or held[1] != procedure:
        return "不是这一程序的案件"
    found = reading.definition_of(held[0]).action(action)
    return None if found is not None and found.bulk else "这一事项须逐件办理"
