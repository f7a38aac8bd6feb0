"""Returns of the told county and its province: some approved, some on their way, one sent back, one not yet begun."""

from datetime import datetime, time, timedelta
from typing import Any

import numpy as np

from puyou.accounts.models import User
from puyou.accounts.scopes import Scope, scope_for
from puyou.core.clock import SHANGHAI
from puyou.core.periods import day_of
from puyou.indicators.periods import Period
from puyou.returns import actions, judging, knowing, reading, rules
from puyou.returns.definition import Form
from puyou.returns.models import DueReturn, ReturnForm

BY = "system:simulator"
USUAL = {
    "village_service_month": {
        "villages": 230, "villages_served": 224, "trips": 2900, "letters": 3100, "newspapers": 14_000, "parcels": 8600,
    },
    "supervision_quarter": {
        "inspections": 96, "inspectors": 214, "orders": 22, "orders_met": 19, "penalties": 3, "fines": 42_000,
        "complaints": 31, "complaints_settled": 28,
    },
}  # fmt: skip
EXPLAINED = "模拟数据"


def tell(*, people: dict[str, User], seed: int, now: datetime) -> int:
    """Ask for the last periods and fill them; ``people``: filler and head of county company and province, who checks.

    Returns how many were handed in. Once per database.
    """
    if DueReturn.objects.exists():
        return 0
    random, told = np.random.default_rng([seed, 23]), 0
    for code, side in (("village_service_month", "company"), ("supervision_quarter", "province")):
        form = ReturnForm.objects.get(code=code)
        filler, head, checker = people[side], people[f"{side}_head"], people[f"{side}_checker"]
        for back, upto in ((3, rules.APPROVED), (2, rules.APPROVED), (1, rules.WAITING)):
            due = _asked(form, filler, back, now)
            if due is None:
                continue
            at = min(now, datetime.combine(due.due_on - timedelta(days=1), time(15), SHANGHAI))
            due = _filled(due, USUAL[code], random, filler, at)
            due = actions.submit_return(due_id=due.pk, expected=due.turn, **_as(filler, at))
            due = actions.sign_return(due_id=due.pk, expected=due.turn, **_as(head, at))
            later = min(now, at + timedelta(days=1))
            if upto == rules.APPROVED:
                actions.approve_return(due_id=due.pk, expected=due.turn, **_as(checker, later))
            elif side == "company":
                ground = "到村投递次数与系统记录差异较大，请核对后说明"
                actions.return_return(due_id=due.pk, expected=due.turn, ground=ground, **_as(checker, later))
            told += 1
    actions.open_due(now=now, by=BY)
    return told


def _asked(form: ReturnForm, filler: User, back: int, now: datetime) -> DueReturn | None:
    said = knowing.form_of(form.versions.latest("number"))
    period: Period | None = Period.of(said.period, day_of(now))
    for _ in range(back):
        period = period.previous() if period else None
    assert period is not None
    actions.open_round(
        form=form,
        period=period,
        scope=Scope.system("simulator"),
        by=BY,
        now=datetime.combine(period.last + timedelta(days=1), time(8), SHANGHAI),
    )
    return (
        DueReturn.objects.filter(form=form, filler=filler.organisation, period=period.name)
        .select_related("version", "filler", "place")
        .first()
    )


def _filled(
    due: DueReturn, usual: dict[str, int], random: np.random.Generator, by: User, now: datetime
) -> DueReturn:
    form = knowing.form_of(due.version)
    numbers = {f"{code}.now": str(_near(code, number, random)) for code, number in usual.items()}
    read = reading.read_cells(form, numbers)
    return actions.save_draft(
        due_id=due.pk, base={}, read=read, explanations=_explained(due, form, read.data), **_as(by, now)
    ).due


def _near(code: str, number: int, random: np.random.Generator) -> int:
    if code in ("villages", "villages_served"):
        return number
    return int(number * random.uniform(0.95, 1.05))


def _explained(due: DueReturn, form: Form, data: dict[str, Any]) -> dict[str, str]:
    found = knowing.findings_of(due, form, data)
    return {each.key: EXPLAINED for each in found if each.severity == judging.WARNING}


def _as(user: User, now: datetime) -> dict[str, Any]:
    return {"scope": scope_for(user), "by": user, "now": now}
