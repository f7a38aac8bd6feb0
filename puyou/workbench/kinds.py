"""The kinds of work that wait beside cases: for whom each is, the list it is counted from, and what to do first."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from puyou.accounts.models import User
from puyou.accounts.scopes import Scope
from puyou.audits import queries as audits
from puyou.compliance import queries as compliance
from puyou.core import clock
from puyou.core.counting import Asked, Counted
from puyou.core.periods import Week
from puyou.fieldwork.devices import SILENT_DAYS
from puyou.ingest import queries as fleet
from puyou.returns import queries as returns
from puyou.reviews import queries as reviews
from puyou.standards import queries as standards
from puyou.standards.models import RuleVersion
from puyou.visits import position_reviews
from puyou.workbench import stuck

Rows = QuerySet[Any, Any]


@dataclass(frozen=True)
class Kind:
    """Work of one kind: ``permission`` says for whom, ``address`` opens the very list that ``rows`` counts.

    ``day``: the field of its rows with the day that is concerned; the week of the earliest becomes final some days
    after its end, and the work is due before; ``exact``: that day is itself the due
    date. ``others``: it is the person's own that waits for somebody else.
    """

    name: str
    meaning: str
    permission: str
    address: str
    action: str
    rows: Callable[[Scope, User], Rows]
    day: str = ""
    others: bool = False
    exact: bool = False


@dataclass(frozen=True)
class Task:
    """A kind as one person sees it."""

    kind: Kind
    counted: Counted
    due_on: date | None

    @property
    def count(self) -> int:
        return self.counted.count


def _visits(scope: Scope, user: User) -> Rows:
    return reviews.list_undecided(scope, clock.today())


def _proposals(scope: Scope, user: User) -> Rows:
    return reviews.list_to_confirm(scope, user)


def _answers(scope: Scope, user: User) -> Rows:
    return reviews.list_came(scope)


def _appeals(scope: Scope, user: User) -> Rows:
    return reviews.list_for(scope, user)


def _stuck(scope: Scope, user: User) -> Rows:
    return stuck.list_stuck(scope)


def _positions(scope: Scope, user: User) -> Rows:
    return position_reviews.list_position_reviews(scope).filter(closed_at=None)


def _to_check(scope: Scope, user: User) -> Rows:
    return audits.list_waiting(scope, user)


def _to_approve(scope: Scope, user: User) -> Rows:
    return compliance.list_excuses(scope, "proposed")


def _own_proposals(scope: Scope, user: User) -> Rows:
    return compliance.list_excuses(scope, "proposed").filter(proposed_by=user)


def _unverified(scope: Scope, user: User) -> Rows:
    return standards.list_versions(scope).filter(verification=RuleVersion.Verification.UNVERIFIED)


def _silent(scope: Scope, user: User) -> Rows:
    held: Rows = fleet.list_fleet(scope)
    return held.filter(silent_days__gte=SILENT_DAYS, courier_id__isnull=False)


def _closed(scope: Scope, user: User) -> Rows:
    held: Rows = fleet.list_fleet(scope)
    return held.filter(has_token=False, courier_id__isnull=False)


def _to_fill(scope: Scope, user: User) -> Rows:
    return returns.to_fill(scope)


def _returns_to_check(scope: Scope, user: User) -> Rows:
    return returns.to_check(scope)


KINDS = (
    Kind("待审核到村", "近四周证据分低于规定、尚无人审核的到村打卡", "visits.review",
         "/reviews/", "审核", _visits, "day"),
    Kind("待复核不予认可", "他人提出、等待您复核的不予认可；复核前打卡仍计入", "visits.review",
         "/reviews/proposals/?mine=1", "复核", _proposals, "day"),
    Kind("投递员答复", "投递员已答复、等待决定的询问", "visits.review",
         "/reviews/questions/?state=answered", "决定", _answers, "day"),
    Kind("投递员申诉", "可由您决定的申诉：您没有参与过原结论", "visits.review",
         "/reviews/appeals/?state=mine", "决定", _appeals),
    Kind("待核抽核件", "随机抽中、等待电话或现场核查的到村打卡", "audits.record",
         "/audits/items/?outcome=waiting", "核查", _to_check),
    Kind("待批准免责", "下级或企业申报、等待决定的免责情形", "compliance.approve_excuse",
         "/compliance/excuses/?status=proposed", "审批", _to_approve, "valid_from"),
    Kind("待填报", "本单位须填写或签发的填报表", "indicators.report", "/returns/?mine=fill", "填报", _to_fill, "due_on",
         exact=True),
    Kind("待审核填报", "下级已报送、等待审核的填报表", "returns.check",
         "/returns/?mine=check", "审核", _returns_to_check),
    Kind("停滞案件", "没有人可以办理、也没有期限在计算的案件", "cases.handle", "/cases/stuck/", "处置", _stuck),
    Kind("无定位审核", "四周内无定位占比超过规定的投递员", "visits.review", "/visits/couriers/", "审核", _positions),
    Kind("我的申报", "本人申报、等待批准的免责情形", "compliance.propose_excuse",
         "/compliance/excuses/?status=proposed", "查看", _own_proposals, others=True),
    Kind("久未联系的手机", f"在投递员手里、{SILENT_DAYS} 天以上没有联系的手机", "fieldwork.run",
         "/fieldwork/devices/?look=silent", "查找", _silent),
    Kind("待开通的手机", "已领用、尚未开通，打卡无法上传的手机", "fieldwork.run",
         "/fieldwork/devices/?look=closed", "开通", _closed),
    Kind("未经核实的准则", "等待确认取值与来源的准则版本", "standards.publish", "/standards/", "核实", _unverified),
)  # fmt: skip


def asked_of(scope: Scope, user: User) -> dict[str, Asked]:
    """The lists of the kinds that concern a person, by the name of each, to be counted together."""
    held = (kind for kind in KINDS if scope.may(kind.permission))
    return {kind.name: Asked(kind.rows(scope, user), kind.day) for kind in held}


def tasks_of(counted: dict[str, Counted]) -> list[Task]:
    """Each kind that was counted with when it is due; what is due first comes first."""
    found = [
        Task(
            kind,
            counted[kind.name],
            counted[kind.name].earliest if kind.exact else _due_on(counted[kind.name]),
        )
        for kind in KINDS
        if kind.name in counted
    ]
    return sorted(found, key=lambda task: task.due_on or date.max)


def _due_on(counted: Counted) -> date | None:
    """The last day on which the earliest day's week is not final yet (contracts 1.4); None without a day."""
    if counted.earliest is None:
        return None
    week = Week.of(counted.earliest)
    return week.sunday + timedelta(days=compliance.settle_days(week.monday))
