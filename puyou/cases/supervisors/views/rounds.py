"""Rounds of recruiting: the list, one round with its quotas and candidates, and one candidate."""

from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from puyou.accounts.views.decorators import OfficerRequest, officer_required
from puyou.cases.relations import HANDLE
from puyou.cases.supervisors import actions, filters, forms, queries, tables
from puyou.cases.supervisors.counties import RURAL_CLASSES
from puyou.cases.supervisors.models import RecruitmentRound, Supervisor
from puyou.cases.supervisors.views import common
from puyou.core import clock
from puyou.core.tables import export, export_asked, list_page, listing


@officer_required(HANDLE)
def rounds(request: OfficerRequest) -> HttpResponseBase:
    """``/cases/supervisors/rounds/``: every round in sight."""
    door = {"create_address": reverse("supervisor_round_new"), "create_label": "开始选聘"}
    return list_page(
        request, tables.ROUNDS, queries.list_rounds(request.scope), filters=filters.RoundFilters, scope="管辖范围",
        template="supervisors/list.html", context=common.tabs("supervisor_rounds") | door,
    )  # fmt: skip


@officer_required(HANDLE)
def one(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """A round: places by county, and its candidates."""
    held = queries.get_round(request.scope, pk)
    bound = filters.CandidateFilters(request.GET)
    rows = bound.narrowed(queries.list_candidates(request.scope).filter(round=held))
    quotas = _quotas(held)
    if export_asked(request, tables.QUOTAS) and request.GET.get("table") == tables.QUOTAS.code:
        return export(request, tables.QUOTAS, quotas, scope=held.title)
    if export_asked(request, tables.CANDIDATES):
        return export(request, tables.CANDIDATES, rows, scope=held.title, chosen=bound.chosen())
    context = {
        "round": held,
        "title": held.title,
        "crumbs": common.crumbs(held.title, ("选聘", reverse("supervisor_rounds"))),
        "standing": tables.round_standing(held),
        "quotas": listing(request, tables.QUOTAS, quotas, scope=held.place.name),
        "candidates": listing(request, tables.CANDIDATES, rows, scope=held.title, chosen=bound.chosen()),
        "filters": bound,
        "last_day": held.valid_to - tables.DAY,
    }
    return render(request, "supervisors/round.html", context)


def _quotas(held: RecruitmentRound) -> list[Any]:
    """The round's quotas with how many of each are filled; two queries."""
    people = list(Supervisor.objects.filter(candidate__round=held).values_list("place__path", "area_class"))
    rows: list[Any] = list(held.quotas.select_related("place"))
    for row in rows:
        inside = [area for path, area in people if path.startswith(row.place.path)]
        row.appointed = len(inside)
        row.appointed_rural = sum(area in RURAL_CLASSES for area in inside)
    return rows


def _how(request: OfficerRequest) -> dict[str, Any]:
    return {"scope": request.scope, "by": request.user, "now": clock.now()}


@officer_required(HANDLE)
def new(request: OfficerRequest) -> HttpResponseBase:
    """Open a round."""
    initial = {"place": common.top_place(request.scope).code, "first": clock.today()}
    form = forms.RoundForm(common.posted(request), initial=initial)

    def act(data: dict[str, Any]) -> tuple[str, str]:
        held = actions.open_round(**data, **_how(request))
        return f"已开始选聘，{held.places} 个名额已分到各县。", reverse("supervisor_round", args=[held.pk])

    return common.filled_in(
        request, form, act, title="开始选聘", submit="开始并分配名额", back=reverse("supervisor_rounds"),
        sentence="农村名额的比例和聘期取自准则；分配结果随批次保存，以后准则变化不影响本批。",
    )  # fmt: skip


@officer_required(HANDLE)
def close(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """End a round."""
    held, back = queries.get_round(request.scope, pk), reverse("supervisor_round", args=[pk])

    def act(_: dict[str, Any]) -> tuple[str, str]:
        actions.close_round(round_id=pk, **_how(request))
        return "选聘已结束。", back

    return common.filled_in(
        request, forms.PlainForm(common.posted(request)), act, title=f"结束选聘：{held.title}", submit="结束选聘",
        back=back, sentence="结束后不再登记、审查和聘任本批的候选人。",
    )  # fmt: skip


@officer_required(HANDLE)
def candidate_new(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """Write a candidate down."""
    held, back = queries.get_round(request.scope, pk), reverse("supervisor_round", args=[pk])
    form = forms.CandidateForm(common.posted(request), initial={"place": held.place.code})

    def act(data: dict[str, Any]) -> tuple[str, str]:
        made = actions.enter_candidate(round_id=pk, **data, **_how(request))
        return f"已登记候选人 {made.name}。", reverse("supervisor_candidate", args=[made.pk])

    return common.filled_in(
        request, form, act, title="登记候选人", submit="登记", back=back, sentence=f"批次：{held.title}"
    )


@officer_required(HANDLE)
def candidate(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """A candidate: what is known, what was decided, and what can be done."""
    held: Any = queries.get_candidate(request.scope, pk)
    appointed = getattr(held, "supervisor", None)
    is_open = held.round.closed_at is None and appointed is None
    context = {
        "candidate": held,
        "title": held.name,
        "crumbs": common.crumbs(
            held.name,
            ("选聘", reverse("supervisor_rounds")),
            (held.round.title, reverse("supervisor_round", args=[held.round_id])),
        ),
        "standing": tables.decision_of(held),
        "reviews": held.reviews.select_related("by").order_by("-pk"),
        "supervisor": appointed,
        "may_review": is_open,
        "may_appoint": is_open and held.decision == "approved",
    }
    return render(request, "supervisors/candidate.html", context)


@officer_required(HANDLE)
def review(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """Decide about a candidate."""
    held, back = queries.get_candidate(request.scope, pk), reverse("supervisor_candidate", args=[pk])

    def act(data: dict[str, Any]) -> tuple[str, str]:
        made = actions.review_candidate(candidate_id=pk, **data, **_how(request))
        return f"已审查：{made.get_decision_display()}。", back

    return common.filled_in(
        request, forms.ReviewForm(common.posted(request)), act, title=f"审查 {held.name}", submit="作出决定", back=back,
        sentence="以最近一次审查为准，每次审查都留存。",
    )  # fmt: skip


@officer_required(HANDLE)
def appoint(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """Make an approved candidate a supervisor."""
    held, back = queries.get_candidate(request.scope, pk), reverse("supervisor_candidate", args=[pk])

    def act(data: dict[str, Any]) -> tuple[str, str]:
        made = actions.appoint_candidate(candidate_id=pk, **data, **_how(request))
        return f"已聘任 {made.name}，证书编号 {made.number}，聘书已制发。", reverse(
            "supervisor", args=[made.pk]
        )

    return common.filled_in(
        request, forms.AppointForm(common.posted(request)), act, title=f"聘任 {held.name}", submit="聘任并制发聘书",
        back=back, sentence="聘期长短按准则；证书和聘书自动编号，聘书制发后不能更改。",
    )  # fmt: skip
