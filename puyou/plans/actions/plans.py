"""Entering plans, their indicators and targets; freezing how one ended; keeping a scenario."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from puyou.accounts.models import User
from puyou.accounts.scopes import Scope
from puyou.core import events as log
from puyou.indicators import actions as indicators
from puyou.indicators.models import Indicator
from puyou.indicators.periods import YEAR, Period
from puyou.places.models import Place
from puyou.plans import events, problems
from puyou.plans.models import Plan, PlanEvaluation, PlanIndicator, PlanScenario, PlanTarget, Verification

MANAGE = "plans.manage"
LARGEST = Decimal(10) ** 17


@transaction.atomic
def create_plan(*, scope: Scope, by: str, now: datetime, **said: Any) -> Plan:
    """Enter a plan of a place that one holds."""
    scope.require(said["place"].path, MANAGE)
    if said["first_year"] > said["last_year"]:
        raise problems.BAD_YEARS(first=said["first_year"], last=said["last_year"])
    if not said["source"].strip():
        raise problems.NO_SOURCE()
    if Plan.objects.filter(code=said["code"]).exists():
        raise problems.TAKEN(what="规划代码", code=said["code"])
    plan = Plan.objects.create(**said)
    log.append(events.PLAN_CHANGED, subject=f"plan:{plan.code}", actor=by, now=now, data={"made": True})
    return plan


@transaction.atomic
def change_plan_indicator(
    *, plan: Plan, held: PlanIndicator | None = None, scope: Scope, by: str, now: datetime, **said: Any
) -> PlanIndicator:
    """Enter an indicator of a plan, or correct what is said of one; the log keeps what it was."""
    scope.require(plan.place.path, MANAGE)
    if not said["source"].strip():
        raise problems.NO_SOURCE()
    if plan.indicators.filter(name=said["name"]).exclude(pk=held.pk if held else 0).exists():
        raise problems.TAKEN(what="指标名称", code=said["name"])
    if held is None:
        last = plan.indicators.order_by("-position").values_list("position", flat=True).first() or 0
        held = PlanIndicator.objects.create(plan=plan, position=last + 1, **said)
        changed: dict[str, Any] = {"made": held.name}
    else:
        before = {name: getattr(held, name) for name in said}
        changed = {name: [str(before[name]), str(said[name])] for name in said if before[name] != said[name]}
        PlanIndicator.objects.filter(pk=held.pk).update(**said)
        held.refresh_from_db()
    if changed:
        data = {"indicator": held.pk, "changed": changed}
        log.append(events.PLAN_CHANGED, subject=f"plan:{plan.code}", actor=by, now=now, data=data)
    return held


@transaction.atomic
def set_targets(
    *,
    plan_indicator: PlanIndicator,
    place: Place,
    values: Mapping[int, Decimal | None],
    source: str,
    scope: Scope,
    by: str,
    now: datetime,
) -> int:
    """The yearly path of a place, year → target; None takes a year's target back. Returns how many changed.

    Where the indicator is defined its own targets follow, so that every page compares with them.
    """
    plan = plan_indicator.plan
    scope.require(place.path, MANAGE)
    if not place.path.startswith(plan.place.path):
        raise problems.OTHER_PLACE(place=place.name, of=plan.place.name)
    if not source.strip():
        raise problems.NO_SOURCE()
    for year, value in values.items():
        _check(plan, year, value)
    changed: dict[str, list[str | None]] = {}
    for year, value in sorted(values.items()):
        before = PlanTarget.objects.filter(plan_indicator=plan_indicator, place=place, year=year).first()
        if (before.value if before else None) == value:
            continue
        changed[str(year)] = [str(before.value) if before else None, None if value is None else str(value)]
        _set(plan_indicator, place, year, value, source, by, now)
    if changed:
        data = {"indicator": plan_indicator.pk, "place": place.pk, "years": changed, "source": source}
        log.append(events.TARGETS_SET, subject=f"plan:{plan.code}", actor=by, now=now, data=data)
    return len(changed)


def _check(plan: Plan, year: int, value: Decimal | None) -> None:
    if not plan.first_year <= year <= plan.last_year:
        raise problems.OUTSIDE_YEARS(year=year, first=plan.first_year, last=plan.last_year)
    if value is not None and (not value.is_finite() or abs(value) >= LARGEST):
        raise problems.BAD_VALUE(text=str(value)[:30])


def _set(
    held: PlanIndicator, place: Place, year: int, value: Decimal | None, source: str, by: str, now: datetime
) -> None:
    if value is None:
        PlanTarget.objects.filter(plan_indicator=held, place=place, year=year).delete()
        return
    said = {
        "value": value,
        "source": source,
        "verification": Verification.UNVERIFIED,
        "set_by": by,
        "set_at": now,
    }
    PlanTarget.objects.update_or_create(plan_indicator=held, place=place, year=year, defaults=said)
    if held.indicator is not None:
        indicators.set_target(
            indicator=held.indicator, place=place, period=Period.of(YEAR, date(year, 12, 31)), value=value,
            source=f"{held.plan.name}：{source}"[:300], by=by, now=now,
        )  # fmt: skip


@transaction.atomic
def evaluate_plan(
    *, plan: Plan, content: dict[str, Any], note: str = "", scope: Scope, by: User, now: datetime, today: date
) -> PlanEvaluation:
    """Freeze how a plan ended, as it was shown; only once its last year is over, and never the same twice."""
    scope.require(plan.place.path, MANAGE)
    if today.year <= plan.last_year:
        raise problems.NOT_OVER(year=plan.last_year)
    if not content.get("rows"):
        raise problems.NOTHING_TO_EVALUATE()
    mark = digest(content)
    Plan.objects.select_for_update().get(pk=plan.pk)
    last = plan.evaluations.order_by("-number").first()
    if last is not None and last.digest == mark:
        raise problems.SAME_AS_BEFORE(number=last.number)
    made = PlanEvaluation.objects.create(
        plan=plan, number=(last.number if last else 0) + 1, content=content, digest=mark, note=note.strip()[:300],
        by=by, at=now,
    )  # fmt: skip
    data = {"number": made.number, "digest": mark}
    log.append(events.PLAN_EVALUATED, subject=f"plan:{plan.code}", actor=scope.name, now=now, data=data)
    return made


@transaction.atomic
def keep_scenario(
    *, plan: Plan, place: Place, name: str, year: int, wanted: Mapping[int, Decimal], scope: Scope, by: User,
    now: datetime,
) -> PlanScenario:  # fmt: skip
    """Keep targets that were tried out, by plan indicator; the same name again is the same scenario, changed."""
    scope.require(place.path, MANAGE)
    if not plan.last_year < year <= plan.last_year + 20:
        raise problems.OUTSIDE_YEARS(year=year, first=plan.last_year + 1, last=plan.last_year + 20)
    said = {
        "year": year,
        "wanted": {str(key): str(value) for key, value in wanted.items()},
        "by": by,
        "at": now,
    }
    made, _ = PlanScenario.objects.update_or_create(
        plan=plan, place=place, name=name.strip()[:60], defaults=said
    )
    data = {"scenario": made.pk, "name": made.name, "place": place.pk}
    log.append(events.SCENARIO_KEPT, subject=f"plan:{plan.code}", actor=scope.name, now=now, data=data)
    return made


def link_indicator(code: str) -> Indicator | None:
    """The indicator of a code; empty for none; Problem for a code that nobody defined."""
    if not code.strip():
        return None
    found = Indicator.objects.filter(code=code.strip()).first()
    if found is None:
        raise problems.UNKNOWN_CODE(code=code[:60])
    return found


def digest(content: Any) -> str:
    """SHA-256 over plain values in one fixed spelling."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
