"""工作台: what waits for the person, each line the very list it was counted from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from puyou.accounts.models import User
from puyou.accounts.scopes import Scope
from puyou.accounts.views.decorators import OfficerRequest, officer_required
from puyou.audits import queries as audits
from puyou.compliance import queries as compliance
from puyou.core import clock
from puyou.reviews import queries as reviews
from puyou.standards import queries as standards
from puyou.standards.models import RuleVersion
from puyou.visits import position_reviews


@dataclass(frozen=True)
class Line:
    """One kind of waiting work: for whom it is, how much waits, and the list that was counted."""

    name: str
    meaning: str
    permission: str
    address: str
    count: Callable[[Scope, User], int]


@dataclass(frozen=True)
class Waiting:
    """A line as one person sees it."""

    line: Line
    count: int


def _visits(scope: Scope, user: User) -> int:
    return reviews.count_queue(scope, None, None, clock.today()).total


def _to_confirm(scope: Scope, user: User) -> int:
    return reviews.list_to_confirm(scope, user).count()


def _answers(scope: Scope, user: User) -> int:
    return int(reviews.list_came(scope).count())


def _appeals(scope: Scope, user: User) -> int:
    return int(reviews.list_for(scope, user).count())


def _positions(scope: Scope, user: User) -> int:
    return int(position_reviews.list_position_reviews(scope).filter(closed_at=None).count())


def _to_check(scope: Scope, user: User) -> int:
    return int(audits.list_waiting(scope, user).count())


def _to_approve(scope: Scope, user: User) -> int:
    return compliance.count_excuses(scope, "proposed")


def _own_proposals(scope: Scope, user: User) -> int:
    return compliance.list_excuses(scope, "proposed").filter(proposed_by=user).count()


def _unverified(scope: Scope, user: User) -> int:
    return standards.list_versions(scope).filter(verification=RuleVersion.Verification.UNVERIFIED).count()


LINES = (
    Line("待审核到村", "近四周证据分低于规定、尚无人审核的到村打卡", "visits.review", "/reviews/", _visits),
    Line("待复核不予认可", "他人提出、等待您复核的不予认可；复核前打卡仍计入", "visits.review",
         "/reviews/proposals/?mine=1", _to_confirm),
    Line("投递员答复", "投递员已答复、等待决定的询问", "visits.review", "/reviews/questions/?state=answered", _answers),
    Line("投递员申诉", "可由您决定的申诉：您没有参与过原结论", "visits.review",
         "/reviews/appeals/?state=mine", _appeals),
    Line("待核抽核件", "随机抽中、等待电话或现场核查的到村打卡", "audits.record",
         "/audits/items/?outcome=waiting", _to_check),
    Line("待批准免责", "下级或企业申报、等待决定的免责情形", "compliance.approve_excuse",
         "/compliance/excuses/?status=proposed", _to_approve),
    Line("无定位审核", "四周内无定位占比超过规定的投递员", "visits.review", "/visits/couriers/", _positions),
    Line("我的申报", "本人申报、等待批准的免责情形", "compliance.propose_excuse",
         "/compliance/excuses/?status=proposed", _own_proposals),
    Line("未经核实的准则", "等待确认取值与来源的准则版本", "standards.publish", "/standards/", _unverified),
)  # fmt: skip


@officer_required("see")
def workbench(request: HttpRequest) -> HttpResponse:
    """What waits for me, most first; empty says so."""
    asked = cast(OfficerRequest, request)
    held = [line for line in LINES if asked.scope.may(line.permission)]
    found = [Waiting(line, line.count(asked.scope, asked.user)) for line in held]
    found.sort(key=lambda one: -one.count)
    context = {"title": "工作台", "waiting": found, "total": sum(one.count for one in found)}
    return render(request, "config/workbench.html", context)
