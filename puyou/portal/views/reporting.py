"""Filing a report in three steps that need no script: where, what about, what happened."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from puyou.accounts.scopes import Scope
from puyou.cases.feedback import actions as feedback
from puyou.cases.feedback import queries as reports
from puyou.cases.feedback.models import Report
from puyou.cases.feedback.rules import PHOTOS_LIMIT
from puyou.core import clock
from puyou.core.problems import Problem
from puyou.fieldwork import slip_photos
from puyou.places import locating
from puyou.places import queries as places
from puyou.places.models import Place
from puyou.portal import following, problems, throttling, tickets
from puyou.portal.report_forms import ReportForm
from puyou.villagers import queries as villagers
from puyou.villagers.models import NoticeCode

LONGEST, SHOWN = 60, 30
LOWEST = 3  # a report is about a county or something below it
OWNER = "public"


@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """``/portal/feedback/``: the first thing that is not known yet: the place, then the category."""
    throttling.take(throttling.LOOKING, throttling.caller_of(request))
    notice, place = _where(request)
    if place is None:
        return _ask_place(request)
    known = {"v": villagers.code_text(notice)} if notice else {"place": place.code}
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in reports.list_categories(Scope.public(), clock.today()):
        address = f"{reverse('feedback_new')}?{urlencode(known | {'category': one.code})}"
        groups.setdefault(one.group, []).append({"category": one, "address": address})
    context = {"title": "反映什么问题", "place": place, "chain": _chain(place), "groups": groups.items()}
    return render(request, "portal/feedback_category.html", context)


def _ask_place(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "")[:LONGEST].replace("\0", "").strip()
    found = [one for one in places.search(text, SHOWN) if one.level >= LOWEST] if text else []
    context = {"title": "反映问题", "text": text, "found": found}
    return render(request, "portal/feedback_place.html", context)


@require_POST
def here(request: HttpRequest) -> HttpResponse:
    """``/portal/feedback/here/``: the place at a position that a phone knows; the position itself is not kept."""
    throttling.take(throttling.SAYING, throttling.caller_of(request))
    try:
        lon, lat = float(request.POST.get("lon", "")), float(request.POST.get("lat", ""))
    except ValueError:
        raise problems.BAD_POSITION() from None
    place = locating.locate(lon, lat)
    if place is None or place.level < LOWEST:
        messages.warning(request, f"{problems.OUTSIDE().message}。")
        return redirect("feedback")
    return redirect(f"{reverse('feedback')}?{urlencode({'place': place.code})}")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """``/portal/feedback/new/``: the form, and taking it in."""
    caller = throttling.caller_of(request)
    throttling.take(throttling.LOOKING, caller)
    if request.method == "POST":
        return _take(request, caller)
    notice, place = _where(request)
    if place is None:
        return redirect("feedback")
    category = reports.get_category(Scope.public(), request.GET.get("category", ""))
    ticket = tickets.hand_out(place.pk, category.code, notice.pk if notice else 0, clock.now())
    return _page(request, ticket, ReportForm(category), place)


def _take(request: HttpRequest, caller: str) -> HttpResponse:
    ticket = tickets.read(request.POST.get("ticket", ""))
    if ticket is None:
        raise problems.NO_TICKET()
    place = places.get_places([ticket.place_id])[ticket.place_id]
    category = reports.get_category(Scope.public(), ticket.category)
    form = ReportForm(category, request.POST, request.FILES)
    sound, now = form.is_valid(), clock.now()
    if request.POST.get("website"):
        raise problems.NOT_TAKEN()
    if "photos" in form.cleaned_data:
        ticket = _keep_photos(ticket, form, now)
    if sound and (ticket.too_fast(now) or ticket.too_old(now)):
        form.add_error(None, "页面打开得太久或提交得太快，内容都在，请核对后再点一次“提交”。")
    elif sound and not form.errors:
        throttling.take(throttling.FILING, caller)
        filed = _file(ticket, form, place, now)
        if isinstance(filed, Report):
            response = redirect("feedback_receipt")
            following.carry(response, following.RECEIPT, filed)
            return response
        form.add_error(None, f"{filed.message}。")
    return _page(request, ticket.again(now), form, place, 422)


def _file(ticket: tickets.Ticket, form: ReportForm, place: Place, now: datetime) -> Report | Problem:
    """The report as it was taken in, or why it was not."""
    source = Report.Source.VILLAGE_CODE if ticket.notice else Report.Source.PUBLIC
    try:
        return feedback.file_report(
            client_id=ticket.id,
            source=source,
            category=reports.get_category(Scope.public(), ticket.category),
            place=place,
            text=form.cleaned_data["text"],
            photos=ticket.photos,
            contact=form.cleaned_data["contact"],
            attributes=form.attributes,
            owner=OWNER,
            now=now,
        ).report
    except Problem as problem:
        if problem.status not in (409, 422):
            raise
        return problem


def _keep_photos(ticket: tickets.Ticket, form: ReportForm, now: datetime) -> tickets.Ticket:
    """The ticket with the photos that came: they are safe now, whatever else must be filled in again."""
    kept = list(ticket.photos)
    for one in form.cleaned_data["photos"]:
        try:
            kept.append(slip_photos.keep(one, one.size, f"{OWNER}:{ticket.client_id}", now))
        except Problem as problem:
            form.add_error("photos", f"“{one.name[:40]}”：{problem.message}。")
    kept = list(dict.fromkeys(kept))
    if len(kept) > PHOTOS_LIMIT:
        form.add_error("photos", f"照片至多 {PHOTOS_LIMIT} 张，多出的没有保存。")
    return ticket.with_photos(tuple(kept[:PHOTOS_LIMIT]))


def _page(
    request: HttpRequest, ticket: tickets.Ticket, form: ReportForm, place: Place, status: int = 200
) -> HttpResponse:
    context = {
        "title": "反映问题",
        "form": form,
        "ticket": ticket.sealed(),
        "kept": len(ticket.photos),
        "place": place,
        "chain": _chain(place),
        "category": reports.get_category(Scope.public(), ticket.category),
    }
    return render(request, "portal/feedback_form.html", context, status=status)


@never_cache
@require_safe
def receipt(request: HttpRequest) -> HttpResponse:
    """``/portal/feedback/receipt/``: number and code, shown to the browser that filed for a quarter of an hour."""
    report = following.carried(request, following.RECEIPT)
    if report is None:
        raise problems.NO_RECEIPT()
    context = {
        "title": "已收到您的反映",
        "report": report,
        "number": report.tracking,
        "code": following.code_of(report),
        "track_address": request.build_absolute_uri(reverse("feedback_track")),
    }
    return render(request, "portal/feedback_receipt.html", context)


def _where(request: HttpRequest) -> tuple[NoticeCode | None, Place | None]:
    """The notice and the place that the address names; None where it names none. Problems: unknown ones."""
    text, code = request.GET.get("v", ""), request.GET.get("place", "")
    if text:
        notice = throttling.guessed(
            throttling.caller_of(request), lambda: villagers.get_code(text, clock.today())
        )
        return notice, notice.place
    if not code:
        return None, None
    place = places.get_place(code)
    return None, place if place.level >= LOWEST else None


def _chain(place: Place) -> str:
    return " › ".join(one.name for one in [*places.ancestors(place), place] if one.level)
