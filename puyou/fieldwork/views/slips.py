"""Typing in paper slips (交接单) afterwards: courier, then village, day, number and what was handed over."""

from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from puyou.accounts.views.decorators import OfficerRequest, officer_required
from puyou.core import clock, formats
from puyou.core.problems import Problem
from puyou.core.tables import listing
from puyou.fieldwork import slip_photos, stand_ins, tables
from puyou.fieldwork.forms import SlipForm
from puyou.fieldwork.views.leave import number_of
from puyou.fieldwork.views.parts import chain, open_desk, page
from puyou.places.models import Place
from puyou.registry import queries as registry
from puyou.registry.models import Courier, RoundCourier, RoundVillage
from puyou.visits import actions as visits
from puyou.visits import queries as visit_queries
from puyou.visits.models import Source
from puyou.visits.slips import PERMISSION as RECORD


@officer_required("see")
def show(request: OfficerRequest) -> HttpResponseBase:
    """``/fieldwork/slips/``: whose slip; ``?courier=<pk>``: the slip. Below, what was typed in lately."""
    if request.GET.get("courier") and request.scope.may(RECORD):
        return _slip(request, registry.get_courier(request.scope, number_of(request.GET["courier"])))
    desk, text = open_desk(request), request.GET.get("q", "").strip()
    may_record = request.scope.may(RECORD)
    rows = visit_queries.list_visits(request.scope, desk.place).filter(source=Source.PAPER)
    context: dict[str, Any] = {
        "title": "纸质交接单补录",
        "sentence": "手机坏了、没带手机的日子，凭交接单补录；来源记为纸质补录，分量较轻，同一天已打卡的不重复计。",
        "place_chain": chain(request.scope, desk.place, "fieldwork_slips"),
        "may_record": may_record,
        "text": text,
        "candidates": stand_ins.list_candidates(request.scope, desk.place, desk.today, text)
        if may_record
        else [],
        "table": listing(request, tables.SLIPS, rows, scope=desk.place.name),
    }
    return page(request, "fieldwork/slips.html", context)


def _slip(request: OfficerRequest, courier: Courier) -> HttpResponseBase:
    form = SlipForm(
        _villages(courier), request.POST or None, request.FILES or None, initial={"day": clock.today()}
    )
    if request.method == "POST" and form.is_valid() and _record(request, courier, form):
        return redirect(f"{reverse('fieldwork_slips')}?courier={courier.pk}")
    context = {
        "form": form,
        "title": f"补录{courier.name}的交接单",
        "sentence": f"工号 {courier.number}。一张交接单录一次；录完停在本页，接着录下一张。",
        "submit": "录入",
        "cancel": reverse("fieldwork_slips"),
        "crumbs": [
            {"name": "纸质补录", "url": reverse("fieldwork_slips")},
            {"name": courier.name, "url": ""},
        ],
    }
    return page(request, "core/form_page.html", context, 422 if request.method == "POST" else 200)


def _villages(courier: Courier) -> list[Place]:
    """The villages of every round that the courier walks or walked, in code order."""
    rounds = RoundCourier.objects.filter(courier=courier).values("round_id")
    rows = RoundVillage.objects.filter(round__in=rounds, valid_to=None).select_related("place__parent")
    return sorted({row.place for row in rows}, key=lambda place: place.code)


def _record(request: OfficerRequest, courier: Courier, form: SlipForm) -> bool:
    values = form.cleaned_data
    now, picture = clock.now(), values.get("picture")
    try:
        photo = slip_photos.keep(picture, picture.size, f"user:{request.user.pk}", now) if picture else None
        visit = visits.record_paper_slip(
            place=values["place"],
            day=values["day"],
            courier=courier,
            number=values["number"],
            handed=values["handed"],
            photo=photo,
            by=request.user,
            now=now,
        )
    except Problem as problem:
        if problem.status not in (409, 422):
            raise
        form.add_error(None, problem.message)
        return False
    counted = "" if visit.counting else "，但不计入"
    messages.success(
        request,
        f"{values['place'].name}{formats.day(values['day'])}的交接单 {values['number']} 已录入{counted}。",
    )
    return True
