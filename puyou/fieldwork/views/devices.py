"""The fleet: whose phone is well, codes for new phones, suspending, revoking, replacing in minutes."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from puyou.accounts.views.decorators import OfficerRequest, officer_required
from puyou.core import clock, qr
from puyou.core.problems import Problem
from puyou.core.tables import list_page, listing
from puyou.fieldwork import devices, forms, stand_ins, tables
from puyou.fieldwork.views.parts import RUN, chain, doors, own_place, page
from puyou.ingest import actions as ingest
from puyou.ingest import codes as enrolment_codes
from puyou.ingest import queries as fleet
from puyou.registry import problems as registry_problems
from puyou.registry import queries as registry
from puyou.registry.models import Courier, Device, RoundVillage

STEPS: dict[str, tuple[str, Callable[..., None], str]] = {
    "suspend": ("暂停", ingest.suspend_device, "暂停期间手机不能上传，记录留在手机里；恢复后照常上传。"),
    "resume": ("恢复", ingest.resume_device, "恢复后手机里的记录会自动上传。"),
    "revoke": (
        "收回",
        ingest.revoke_device,
        "收回后这台手机不能再上传，只能重新发开通码；丢失、被盗时使用。",
    ),
}
OPEN = {"active": ("suspend", "revoke"), "suspended": ("resume", "revoke"), "revoked": ()}


@require_safe
@officer_required("see")
def show(request: OfficerRequest) -> HttpResponseBase:
    """Phones in scope, page or file."""
    now = clock.now()
    rows: Any = fleet.list_fleet(request.scope, now)
    total = rows.filter(courier_id__isnull=False).count()
    shared = rows.filter(couriers_on_phone__gt=1).count()
    several = rows.filter(phones_of_courier__gt=1).count()
    issued = fleet.list_enrolment_codes(request.scope, now)
    context = {
        "doors": doors(request),
        "may_run": request.scope.may(RUN),
        "sentence": f"{total} 台设备在投递员手里"
        + (f"，{shared} 台一机多人" if shared else "")
        + (f"，{several} 台属于一人多机" if several else "")
        + "。",
        "codes": listing(request, tables.CODES, issued) if request.scope.may(RUN) else None,
    }
    return list_page(
        request, tables.FLEET, rows, filters=forms.FleetFilters, scope="管辖范围",
        template="fieldwork/devices.html", context=context,
    )  # fmt: skip


@require_safe
@officer_required("see")
def device(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """One phone: holder, contact, keys, standing, and what may be done."""
    row = _get(request, pk)
    steps = OPEN[row.standing] if _may_run(request, row) else ()
    context = {
        "title": row.label or row.identifier,
        "row": row,
        "standing": devices.STANDINGS[row.standing],
        "worries": list(devices.worries(row)),
        "steps": [(step, STEPS[step][0]) for step in steps],
        "may_replace": _may_run(request, row) and row.courier_id is not None,
        "tables": [
            listing(request, tables.KEYS, fleet.list_device_keys(request.scope, row)),
            listing(request, tables.STANDINGS_OF_DEVICE, fleet.list_device_standings(request.scope, row)),
        ],
        "crumbs": _crumbs(row.label or row.identifier),
    }
    return page(request, "fieldwork/device.html", context)


@officer_required(RUN)
def step(request: OfficerRequest, pk: int, kind: str) -> HttpResponseBase:
    """Suspend, resume or revoke, with a ground."""
    row = _get(request, pk)
    _require_run(request, row)
    if kind not in STEPS:
        raise registry_problems.UNKNOWN_DEVICE()
    word, act, what = STEPS[kind]
    form = forms.GroundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            act(device=row, ground=form.cleaned_data["ground"], by=request.scope.name, now=clock.now())
        except Problem as problem:
            if problem.status != 422:
                raise
            form.add_error(None, problem.message)
        else:
            messages.success(request, f"已{word}。")
            return redirect("fieldwork_device", pk)
    context = {
        "form": form,
        "title": f"{word}{row.courier_name or ''}的手机",
        "sentence": what,
        "submit": word,
        "cancel": reverse("fieldwork_device", args=[pk]),
        "crumbs": _crumbs(word),
    }
    return page(request, "core/form_page.html", context, 422 if request.method == "POST" else 200)


@require_POST
@officer_required(RUN)
def replace(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """The old phone is handed in today and the new one's code is on the page: minutes, not days."""
    row = _get(request, pk)
    _require_run(request, row)
    courier = registry.get_courier(request.scope, row.courier_id or 0)
    text = ingest.replace_device(device=row, by=request.scope.name, now=clock.now())
    return _code_page(request, courier, text, replaced=row)


@officer_required(RUN)
def code(request: OfficerRequest) -> HttpResponseBase:
    """Choose a courier; the code is on the next page and kept nowhere."""
    if request.method != "POST":
        return _choose(request)
    number = request.POST.get("courier", "")
    courier = registry.get_courier(request.scope, int(number) if number.isdecimal() else 0)
    _require_run_of(request, courier)
    text = ingest.issue_enrolment_code(courier=courier, by=request.scope.name, now=clock.now())
    return _code_page(request, courier, text)


def _choose(request: OfficerRequest) -> HttpResponseBase:
    place, text = own_place(request), request.GET.get("q", "").strip()
    request.scope.require(place.path, RUN)
    context = {
        "title": "发开通码",
        "sentence": "点一下投递员，下一页就是开通码。他此前没用过的开通码同时失效。",
        "candidates": stand_ins.list_candidates(request.scope, place, clock.today(), text),
        "text": text,
        "place_chain": chain(request.scope, place, "fieldwork_devices"),
        "crumbs": _crumbs("发开通码"),
    }
    return page(request, "fieldwork/code_choose.html", context)


def _code_page(request: OfficerRequest, courier: Courier, text: str, replaced: Any = None) -> HttpResponse:
    site = request.build_absolute_uri(reverse("field"))
    context = {
        "title": f"{courier.name}的开通码",
        "courier": courier,
        "code": enrolment_codes.spaced(text),
        "svg": qr.draw(site + enrolment_codes.fragment(text)),
        "site": site,
        "expires_at": clock.now() + enrolment_codes.LIFETIME,
        "replaced": replaced,
        "crumbs": _crumbs("开通码"),
    }
    response = page(request, "fieldwork/code.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def _get(request: OfficerRequest, pk: int) -> Any:
    row = fleet.list_fleet(request.scope, clock.now()).filter(pk=pk).first()
    if row is None:
        raise registry_problems.UNKNOWN_DEVICE()
    return row


def _may_run(request: OfficerRequest, row: Any) -> bool:
    if not request.scope.may(RUN):
        return False
    courier = row.courier_id and Courier.objects.filter(pk=row.courier_id).first()
    return not courier or _covers(request, courier)


def _require_run(request: OfficerRequest, row: Device) -> None:
    courier_id = getattr(row, "courier_id", None)
    if courier_id:
        _require_run_of(request, registry.get_courier(request.scope, courier_id))


def _require_run_of(request: OfficerRequest, courier: Courier) -> None:
    villages = list(_villages(courier))
    stand_ins.require_run(request.scope, villages)
    if not villages and courier.organisation is not None:
        request.scope.require(courier.organisation.place.path, RUN)


def _covers(request: OfficerRequest, courier: Courier) -> bool:
    return all(request.scope.covers(place.path, RUN) for place in _villages(courier))


def _villages(courier: Courier) -> Any:
    today = clock.today()
    rounds = [own.round.pk for own in stand_ins.own_rounds(courier, today)]
    rows = RoundVillage.objects.filter(round__in=rounds, valid_to=None).select_related("place")
    return [row.place for row in rows]


def _crumbs(name: str) -> list[dict[str, str]]:
    return [{"name": "设备", "url": reverse("fieldwork_devices")}, {"name": name, "url": ""}]
