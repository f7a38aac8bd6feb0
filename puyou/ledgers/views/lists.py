"""Lists of one kind: the table, the timeline, the map."""

from collections.abc import Mapping
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from puyou.accounts.scopes import Scope
from puyou.accounts.views.decorators import officer_required
from puyou.core import clock, paging, paths
from puyou.core.periods import day_of
from puyou.core.problems import Problem
from puyou.core.tables import Column, Empty, Table, export, export_asked, listing
from puyou.ledgers import measures, powers, queries, tables
from puyou.ledgers.measures import LedgerMeasure
from puyou.ledgers.models import LedgerEntry
from puyou.ledgers.queries import Kind
from puyou.ledgers.views.common import scope_of, trail
from puyou.ledgers.wording import Names
from puyou.places import queries as places
from puyou.places.models import Place

MOST_POINTS = 500
STEPS = 6  # shades of the map


@officer_required("see")
def entry_list(request: HttpRequest, code: str) -> HttpResponseBase:
    """``/ledgers/<code>/``: entries with the definition's filters; ``?measure=``: what a figure counted."""
    scope, kind = scope_of(request), queries.get_kind(code)
    rows, filters, chosen, note = _narrowed(request, scope, kind)
    names = Names()
    rows = tables.sortable(rows, kind.definition, request.GET.get("sort", ""))
    whole = tables.table_of(kind.definition, names, whole=True)
    if export_asked(request, whole):
        return export(request, whole, rows, scope="管辖范围", chosen=chosen)
    table = listing(request, tables.table_of(kind.definition, names), rows, scope="管辖范围", chosen=chosen)
    context = _context(scope, kind, note) | {
        "table": table, "filters": filters, "here": "list", "figures": _figures(request, scope, kind),
    }  # fmt: skip
    return render(request, "ledgers/list.html", context)


def _narrowed(
    request: HttpRequest, scope: Scope, kind: Kind
) -> tuple[QuerySet[LedgerEntry], tables.EntryFilters, list[tuple[str, str]], str]:
    rows = queries.list_entries(scope, kind.row)
    measure = _measure(kind, request.GET.get("measure", ""))
    filters = tables.filters_of(kind.definition)(request.GET)
    narrowed, chosen, note = filters.narrowed(rows), filters.chosen(), ""
    if measure is not None and filters.is_valid():
        first, last = _day(request, "first", date(1900, 1, 1)), _day(request, "last", clock.today())
        place = filters.cleaned_data.get("place") or places.get_root()
        counted = measures.counted(scope, measure, place, first, last)
        narrowed = narrowed.filter(pk__in=counted.order_by().values("pk"))
        note = f"指标“{measure.name}”（{place.name}，{first} 至 {last}）所计的记录：{measure.told}"
        chosen = [*chosen, ("指标", measure.name), ("期间", f"{first}—{last}")]
    return narrowed, filters, chosen, note


def _measure(kind: Kind, code: str) -> LedgerMeasure | None:
    return next((each for each in measures.of_kind(kind) if each.measure.code == code), None)


def _day(request: HttpRequest, name: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return otherwise


def _context(scope: Scope, kind: Kind, note: str = "") -> dict[str, Any]:
    found = kind.definition
    return {
        "title": found.name, "crumbs": trail(kind)[:-1] + [{"name": found.name, "url": ""}], "kind": kind,
        "found": found, "note": note, "may_fill": powers.may_fill(scope, found),
    }  # fmt: skip


def _figures(request: HttpRequest, scope: Scope, kind: Kind) -> list[dict[str, Any]]:
    """The kind's measures for the asker's place, this year so far; each leads to its rows."""
    place = seat(scope, request)
    if place is None or request.GET.get("measure"):
        return []
    first, last = measures.year_so_far(clock.today())
    found = []
    for each in measures.of_kind(kind):
        reading = measures.measure_value(scope, each, place, first, last)
        found.append({"measure": each, "reading": reading, "place": place, "first": first, "last": last})
    return found


def seat(scope: Scope, request: HttpRequest) -> Place | None:
    """The place that pages show unasked: the one named in the address, else the widest that one may see."""
    code = request.GET.get("place", "")
    if code:
        try:
            place = places.get_place(code)
        except Problem:
            return None
        return place if scope.covers(place.path) else None
    held = scope.paths("see")
    path = min(held, key=len) if held else None
    if path == "":
        return places.get_root()
    return Place.objects.filter(pk=paths.ids(path)[-1]).first() if path else None


@officer_required("see")
def timeline(request: HttpRequest, code: str) -> HttpResponseBase:
    """``/ledgers/<code>/timeline/``: entries by month, latest first."""
    scope, kind = scope_of(request), queries.get_kind(code)
    rows, filters, _, note = _narrowed(request, scope, kind)
    table = Table(code="ledger_timeline", title="时间线", columns=(), order="", page_size=100)
    order = rows.order_by("-begins_on" if kind.definition.begins else "-created_at", "-pk")
    shown, pager = paging.turn(
        order.exclude(begins_on=None) if kind.definition.begins else order, table, request.GET, ""
    )
    months = [
        {"name": f"{month[0]}年{month[1]}月", "entries": list(entries)}
        for month, entries in groupby(shown, key=_month)
    ]
    context = _context(scope, kind, note) | {
        "months": months, "pager": pager, "filters": filters, "here": "timeline",
        "undated": rows.filter(begins_on=None).count() if kind.definition.begins else 0,
    }  # fmt: skip
    return render(request, "ledgers/timeline.html", context)


def _month(entry: LedgerEntry) -> tuple[int, int]:
    day = entry.begins_on or day_of(entry.created_at)
    return day.year, day.month


@officer_required("see")
def entry_map(request: HttpRequest, code: str) -> HttpResponseBase:
    """``/ledgers/<code>/map/?place=``: how many entries lie where, and the positions of those that have one."""
    scope, kind = scope_of(request), queries.get_kind(code)
    rows, filters, chosen, note = _narrowed(request, scope, kind)
    place = seat(scope, request) or places.get_root()
    inside = rows.filter(place__path__gte=place.path, place__path__lt=place.path + "{")
    children = _children(scope, kind, place, inside, request)
    located = inside.exclude(lon=None).order_by("-changed_at")
    shown = listing(request, POINTS, list(located[:MOST_POINTS]), scope=place.name, chosen=chosen)
    context = _context(scope, kind, note) | {
        "filters": filters, "here": "map", "place": place, "total": sum(row["count"] for row in children),
        "children": listing(request, CHILDREN, children, scope=place.name), "points": shown,
        "located": located.count(), "limit": MOST_POINTS, "boundaries": f"/places/boundaries/{place.code}.json",
        "fits": len(children) <= 1,
    }  # fmt: skip
    return render(request, "ledgers/map.html", context)


POINTS = Table(
    code="ledger_points", exports=False, title="有经纬度的记录", page_size=MOST_POINTS,
    columns=(
        Column("记录", "title", head=True, link=tables.entry_address),
        Column("地点", "place.name"),
        Column("状态", lambda row: row.get_status_display()),
    ),
    data={"lon": "lon", "lat": "lat", "name": "title", "kind": lambda row: "point"},
)  # fmt: skip
CHILDREN = Table(
    code="ledger_children", exports=False, title="各地记录", counter="个地区", page_size=100, order="-count",
    columns=(
        Column("地区", "name", head=True, link=lambda row: row["href"], sort="name"),
        Column("记录", "count", format="count", sort="count", link=lambda row: row["list"] if row["count"] else None),
    ),
    data={"code": "code", "name": "name", "step": "step"},
    empty=Empty("没有下级地区。", "请看右侧的记录。"),
)  # fmt: skip


def _children(
    scope: Scope, kind: Kind, place: Place, rows: QuerySet[LedgerEntry], request: HttpRequest
) -> list[dict[str, Any]]:
    """The places beneath with how many entries each holds, and a shade by which the map draws it."""
    width = len(place.path) + paths.STEP
    counts: dict[str, int] = {}
    for row in rows.order_by().values("place__path").annotate(count=Count("pk")):
        counts[row["place__path"][:width]] = counts.get(row["place__path"][:width], 0) + row["count"]
    seen = [
        child
        for child in places.list_children(scope, place)
        if any(_touches(child.path, held) for held in scope.paths())
    ]
    most = max(counts.values(), default=0)
    return [_child(kind, child, counts, most, request) for child in seen]


def _touches(path: str, held: str) -> bool:
    return path.startswith(held) or held.startswith(path)


def _child(
    kind: Kind, child: Place, counts: Mapping[str, int], most: int, request: HttpRequest
) -> dict[str, Any]:
    count = counts.get(child.path, 0)
    shade = -(-count * STEPS // most) if most else 0
    return {
        "code": child.code, "name": child.name, "count": count, "step": str(shade) if count else "none",
        "href": f"{reverse('ledger_map', args=[kind.row.code])}{paging.address(request.GET, place=child.code)}",
        "list": f"{reverse('ledger', args=[kind.row.code])}{paging.address(request.GET, place=child.code)}",
    }  # fmt: skip
