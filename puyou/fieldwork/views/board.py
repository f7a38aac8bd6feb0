"""The desk's first page: today's rounds live, and one round with its villages."""

from datetime import date, timedelta
from typing import Any

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from puyou.accounts.views.decorators import OfficerRequest, officer_required
from puyou.core import clock
from puyou.core.steady import steadily
from puyou.core.tables import listing
from puyou.fieldwork import board, coverage, round_page, tables
from puyou.fieldwork.forms import BoardFilters
from puyou.fieldwork.views.parts import COUNTY, Desk, chain, etag_of, follow, open_desk, page, read_day

LIVE = "fieldwork/board_live.html"


@require_safe
@officer_required("see")
def show(request: OfficerRequest) -> HttpResponseBase:
    """``/fieldwork/?place=520526&day=2026-11-20``: rounds of a county; above counties, where to look."""
    desk = open_desk(request)
    context, etag = _part(request, desk)
    query = request.GET.copy()
    query["place"] = desk.place.code
    context |= {
        "title": f"{desk.place.name}班务",
        "filters": BoardFilters(request.GET) if desk.place.level >= COUNTY else None,
        "place_chain": chain(request.scope, desk.place),
        "live_address": f"{reverse('fieldwork_live')}?{query.urlencode()}" if desk.live else "",
        "before": desk.day_address(-1),
        "after": desk.day_address(1),
        "etag": etag,
    }
    return page(request, "fieldwork/board.html", context)


@require_safe
@officer_required("see")
def live(request: OfficerRequest) -> HttpResponseBase:
    """The part that follows the day."""
    desk = open_desk(request)
    context, etag = _part(request, desk)
    return follow(request, etag, LIVE, context)


def _part(request: OfficerRequest, desk: Desk) -> tuple[dict[str, Any], str]:
    with steadily():
        if desk.place.level < COUNTY:
            return _wide(request, desk)
        return _county(request, desk)


def _county(request: OfficerRequest, desk: Desk) -> tuple[dict[str, Any], str]:
    day = board.list_rounds_of_day(desk.scope, desk.place, desk.on, clock.now())
    filters = BoardFilters(request.GET)
    shown = listing(
        request, tables.BOARD, filters.narrowed(day.rows), scope=desk.place.name, chosen=filters.chosen()
    )
    context = {
        "desk": desk,
        "board": day,
        "left": day.planned - day.visited,
        "out": day.count("out", "silent"),
        "sentence": board.tell(day, desk.place, desk.when),
        "table": shown,
    }
    return context, etag_of(day, request.GET.urlencode(), desk)


def _wide(request: OfficerRequest, desk: Desk) -> tuple[dict[str, Any], str]:
    rows = coverage.list_coverage(desk.scope, desk.place, desk.on)
    planned, visited = sum(row.planned for row in rows), sum(row.visited for row in rows)
    told = f"{desk.place.name}{desk.when}应到 {planned:,} 个村，已到 {visited:,} 个。选择一个县查看各投递段。"
    shown = listing(request, tables.COVERAGE, rows, scope=desk.place.name)
    return {"desk": desk, "sentence": told, "table": shown}, etag_of(rows, request.GET.urlencode(), desk)


@require_safe
@officer_required("see")
def round_show(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """``/fieldwork/rounds/<pk>/?day=``: one round's villages."""
    on = read_day(request)
    context, etag = _round(request, pk, on)
    live_now = on == clock.today()
    context |= {
        "live_address": reverse("fieldwork_round_live", args=[pk]) if live_now else "",
        "etag": etag,
        "before": f"?day={on - timedelta(days=1)}",
        "after": "" if live_now else f"?day={on + timedelta(days=1)}",
        "crumbs": [{"name": "今日班务", "url": reverse("fieldwork")}, {"name": context["title"]}],
    }
    return page(request, "fieldwork/round.html", context)


@require_safe
@officer_required("see")
def round_live(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """The part of a round's page that follows the day."""
    context, etag = _round(request, pk, read_day(request))
    return follow(request, etag, "fieldwork/round_live.html", context)


def _round(request: OfficerRequest, pk: int, on: date) -> tuple[dict[str, Any], str]:
    with steadily():
        one = round_page.get_round_on(request.scope, pk, on)
        rows = round_page.stops_of(one, on)
    title = one.name or one.number
    context = {
        "title": title,
        "round": one,
        "on": on,
        "sentence": round_page.tell(one, rows, on, clock.today()),
        "table": listing(request, tables.STOPS, rows, scope=f"{title}（{one.number}）"),
    }
    seen = [
        (row.code, row.expected, row.due, [(v.pk, v.findings, v.counting) for v in row.visits])
        for row in rows
    ]
    return context, etag_of(one, seen, on)
