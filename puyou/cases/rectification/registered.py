"""What the procedure of rectification may name: its guards, effects and the panel on the case's page."""

from typing import Any

from puyou.cases import names
from puyou.cases.models import Case
from puyou.cases.names import Actor, Performing
from puyou.cases.rectification import checking
from puyou.cases.rectification.models import RectifiedWeek
from puyou.core import clock
from puyou.core.periods import day_of


@names.guard("rectification_proven", "报告整改后，各村连续规定周数的投递均已达标")
def is_proven(performing: Performing) -> str | None:
    found = checking.proofs(performing.case, day_of(performing.now))
    open_ones = [one for one in found if not one.proof.proven]
    if not found:
        return "企业尚未报告整改完成"
    if open_ones:
        first = open_ones[0]
        return f"“{first.place.name}”等 {len(open_ones)} 个村尚未由此后的投递证实"
    return None


@names.guard("rectification_missed_again", "报告整改后，又有村出现期满未达标")
def is_missed_again(performing: Performing) -> str | None:
    found = checking.proofs(performing.case, day_of(performing.now))
    return None if any(one.proof.missed for one in found) else "报告整改后没有期满未达标的村"


@names.guard("rectification_overdue", "期限已过")
def is_overdue(performing: Performing) -> str | None:
    due = performing.case.due_on
    return None if due is not None and due < day_of(performing.now) else "期限未到，不能认定逾期"


@names.effect("rectification_release", "所列村周不再属于本整改，可另行下达")
def release(performing: Performing) -> None:
    RectifiedWeek.objects.filter(case=performing.case, released_at=None).update(released_at=performing.now)


@names.effect("rectification_note_proof", "把证实整改的各周记入办理记录")
def note_proof(performing: Performing) -> None:
    performing.said["proof"] = [
        {
            "village": one.place.code,
            "weeks": [{"week": week.week.name, "standing": week.standing} for week in one.weeks],
        }
        for one in checking.proofs(performing.case, day_of(performing.now))
    ]


@names.panel("rectification", "rectification/panel.html")
def panel(case: Case, actor: Actor) -> dict[str, Any]:
    """The missed weeks, and what later weeks prove."""
    weeks = RectifiedWeek.objects.filter(case=case).select_related("place").order_by("place__code", "monday")
    ground = case.fields.get("ground", "")
    return {"ground": ground, "missed": weeks, "proofs": checking.proofs(case, clock.today())}
