"""Loading what was published: plans with targets, and the tasks of a year. Safe to repeat; nothing is invented."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from puyou.accounts.scopes import Scope
from puyou.indicators import actions as indicators
from puyou.indicators.models import Indicator
from puyou.places import queries as places
from puyou.plans import problems
from puyou.plans.actions.plans import change_plan_indicator, create_plan, set_targets
from puyou.plans.actions.tasks import add_task, create_list
from puyou.plans.models import Plan, PlanIndicator, Task, TaskList, Verification

LOADER = Scope.system("plans")
PLAN = ("code", "name", "first_year", "last_year", "issuer", "source", "announced", "note")
PLAN_INDICATOR = ("name", "aspect", "kind", "unit", "relation", "said", "source", "owner", "note")


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise problems.BAD_FILE(reason=f"{path.name}：{error}") from error


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@transaction.atomic
def load_plans(*, path: Path, by: str, now: datetime) -> dict[str, int]:
    """Plans that are not here yet, with their indicators; those that are here are left as people have made them."""
    counts = {"plans": 0, "indicators": 0, "targets": 0}
    for said in _read(path):
        if Plan.objects.filter(code=said["code"]).exists():
            continue
        plan = create_plan(
            scope=LOADER, by=by, now=now, place=places.get_root(), verification=Verification.UNVERIFIED,
            published_on=_day(said["published_on"]),
            follows=Plan.objects.filter(code=said["follows"]).first() if said["follows"] else None,
            **{name: said[name] for name in PLAN},
        )  # fmt: skip
        counts["plans"] += 1
        for row in said["indicators"]:
            held = _plan_indicator(plan, row, by, now)
            counts["indicators"] += 1
            if row["target"] is not None:
                counts["targets"] += set_targets(
                    plan_indicator=held, place=plan.place, values={plan.last_year: Decimal(row["target"])},
                    source=row["source"], scope=LOADER, by=by, now=now,
                )  # fmt: skip
    return counts


def _plan_indicator(plan: Plan, row: Mapping[str, Any], by: str, now: datetime) -> PlanIndicator:
    return change_plan_indicator(
        plan=plan, scope=LOADER, by=by, now=now, verification=Verification.UNVERIFIED,
        indicator=Indicator.objects.filter(code=row["indicator"]).first() if row["indicator"] else None,
        **{name: row[name] for name in PLAN_INDICATOR},
    )  # fmt: skip


@transaction.atomic
def load_tasks(*, path: Path, by: str, now: datetime) -> dict[str, int]:
    """A task list that is not here yet, with the indicators that its measures need where nobody defined them."""
    said = _read(path)
    if TaskList.objects.filter(code=said["code"]).exists():
        return {"lists": 0, "tasks": 0, "measures": 0}
    indicators.load_definitions(items=(), indicators=map(_definition, said["indicators"]), by=by, now=now)
    task_list = create_list(
        code=said["code"], name=said["name"], place=places.get_root(), first_on=_day(said["first_on"]),
        last_on=_day(said["last_on"]), issuer=said["issuer"], source=said["source"],
        published_on=_day(said["published_on"]), verification=Verification.VERIFIED, scope=LOADER, by=by, now=now,
    )  # fmt: skip
    made = list(_tasks(task_list, said["tasks"], None, by, now))
    return {"lists": 1, "tasks": len(made), "measures": sum(task.measures.count() for task in made)}


def _definition(row: Mapping[str, Any]) -> dict[str, Any]:
    version = dict(row["version"])
    version["valid_from"] = _day(version["valid_from"])
    return {**row, "version": version}


def _tasks(
    task_list: TaskList, rows: Iterable[Mapping[str, Any]], parent: Task | None, by: str, now: datetime
) -> Iterable[Task]:
    for row in rows:
        task = add_task(
            task_list=task_list, parent=parent, number=row["number"], title=row["title"], text=row.get("text", ""),
            owner=row["owner"], deepest=row["deepest"], scope=LOADER, by=by, now=now,
            measures=[_measure(task_list, each) for each in row.get("measures", ())],
        )  # fmt: skip
        yield task
        yield from _tasks(task_list, row.get("tasks", ()), task, by, now)


def _measure(task_list: TaskList, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": row["name"], "indicator": Indicator.objects.filter(code=row["indicator"]).first(), "mode": row["mode"],
        "relation": row["relation"], "wanted": Decimal(row["wanted"]), "unit": row["unit"],
        "numerator": row.get("numerator"), "denominator": row.get("denominator"), "said": row["said"],
        "place_set": places.get_place_set(row["place_set"]) if row.get("place_set") else None,
        "period": str(task_list.last_on.year), "source": task_list.source, "verification": Verification.VERIFIED,
    }  # fmt: skip
