"""What the map page of a place says, from the sentence to the weakest places."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from puyou.atlas import board, figures, sentences, tables, village_tables, villages
from puyou.atlas.figures import Figure
from puyou.atlas.forms import LEVEL_WORDS
from puyou.atlas.tables import Row
from puyou.atlas.views.opening import VILLAGE, Opened, kept
from puyou.core import exports, formats
from puyou.core.tables import Listing, listing
from puyou.places import boundaries
from puyou.places.models import Kind

COUNTY = 3


LIVE = "atlas/place_live.html"


def head(request: HttpRequest, opened: Opened) -> dict[str, Any]:
    """The page around its live part."""
    place, view = opened.place, opened.view
    return {
        "live_address": f"/atlas/{place.code}/live/?{opened.asked}",
        "xlsx_address": f"/atlas/{place.code}/export.xlsx?{view.query()}",
        "csv_address": f"/atlas/{place.code}/export.csv?{view.query()}",
        "etag": opened.etag,
        "live": live(request, opened),
    }


def live(request: HttpRequest, opened: Opened) -> str:
    """The part that follows the figures, rendered once for everybody who sees the same."""
    return kept(request, opened, LIVE, lambda: opened.shell() | context(request, opened))


def context(request: HttpRequest, opened: Opened) -> dict[str, Any]:
    """Everything below the page's head."""
    place, view, weeks = opened.place, opened.view, opened.weeks
    year = own_weeks(opened)
    figure = _own(opened, year)
    before = year.get(view.week.shift(-1))
    told = sentences.tell_place(place.name, figure, before, view.week, opened.today, opened.settle_days)
    shown = {
        "sentence": told,
        "share_label": "已达标占比" if opened.running else "达标率",
        "boundaries_address": f"/places/boundaries/{place.code}.json?v={boundaries.tag()}",
        "reasons": board.reasons(figure, view, place.code),
        "trend": board.trend(year, view, weeks, place.code),
        "festivals_address": f"?{view.query(festivals='without' if view.festivals == 'with' else '')}",
    }
    return shown | _running(opened, year) | _tables(request, opened, figure) | _weakest(request, opened)


def own_weeks(opened: Opened) -> dict[Any, Figure]:
    """The place's own figures of all weeks that the page speaks of."""
    first = min(board.span(opened.view, opened.weeks)[0], opened.view.week.shift(-1))
    first = max(first, opened.weeks.first)
    count = (opened.weeks.running.monday - first.monday).days // 7 + 1
    wanted = [first.shift(ahead) for ahead in range(count)]
    return figures.own(opened.scope, opened.place, wanted, opened.view, opened.state)


def _own(opened: Opened, year: dict[Any, Figure]) -> Figure | None:
    """The shown week; a place set is that of the week itself, so it is asked for alone."""
    week = opened.view.week
    if not opened.view.place_set:
        return year.get(week)
    return figures.own(opened.scope, opened.place, [week], opened.view, opened.state).get(week)


def _running(opened: Opened, year: dict[Any, Figure]) -> dict[str, Any]:
    """How far the running week is, on pages of other weeks of the live view."""
    if opened.running or opened.view.basis == "settled":
        return {}
    week = opened.weeks.running
    return {
        "running_sentence": sentences.tell_running(year.get(week), week),
        "running_address": f"?{opened.view.query(week=week.name)}",
    }


def _tables(request: HttpRequest, opened: Opened, figure: Figure | None) -> dict[str, Any]:
    """The tables inside the map's figure; the map draws what they hold."""
    if opened.level == VILLAGE:
        found = villages.list_villages(
            opened.scope, opened.place, opened.view, villages.Wanted(), opened.state
        )
        table = village_tables.short(opened.view)
        return {"places_table": _listing(request, opened, table, found), "of_villages": True} | _points(
            opened, found
        )
    rows = _rows(opened)
    inside = _county_points(opened) if opened.place.level == COUNTY else {}
    if "located" in inside:
        rows = [replace(row, lon=None, lat=None) for row in rows]
    table = tables.places_table(opened.view, opened.level, opened.standing)
    total = Row(opened.place.code, "合计", figure, (), opened.running)
    shown = {"places_table": _listing(request, opened, table, rows, total)}
    return shown | inside | _inner(request, opened)


def _rows(opened: Opened) -> list[Row]:
    return board.rows(
        opened.scope,
        opened.place,
        opened.children,
        opened.view,
        opened.weeks,
        opened.level,
        opened.state,
    )


def _county_points(opened: Opened) -> dict[str, Any]:
    """The villages whose place is known, for the map, in a table that opens on request."""
    found = villages.list_villages(opened.scope, opened.place, opened.view, villages.Wanted(), opened.state)
    located = [row for row in found if row.lon is not None]
    if 2 * len(located) < len(found) or not found:
        without = len(found) - len(located)
        return {"points_note": f"{formats.count(without)} 个村尚无坐标，图上为乡镇。"} if found else {}
    return _points(opened, found) | {
        "located": village_tables.points(opened.view, located),
        "located_count": len(located),
        "of_villages": True,
    }


def _points(opened: Opened, found: Sequence[villages.VillageRow]) -> dict[str, Any]:
    without = sum(row.lon is None for row in found)
    note = f"{formats.count(without)} 个村尚无坐标，未在图上标出，列于表中。" if without else ""
    return {"points_note": note, "fit_points": without < len(found) and opened.level == VILLAGE}


def _inner(request: HttpRequest, opened: Opened) -> dict[str, Any]:
    """The counties below a merely statistical child: the map knows them by their own outlines."""
    virtual = [child for child in opened.children if child.kind == Kind.VIRTUAL]
    if not virtual or opened.level != virtual[0].level:
        return {}
    found = figures.at_level(opened.scope, opened.place, opened.view.week, COUNTY, opened.view, opened.state)
    inside = [
        Row(one.place.code, one.place.name, one, running=opened.running)
        for one in found
        if any(one.place.path.startswith(child.path) for child in virtual) and not one.stand_in
    ]
    table = tables.places_table(opened.view, COUNTY, opened.standing, code="inside", title="其中：直辖县级")
    return {"inner_table": _listing(request, opened, table, inside)} if inside else {}


def _weakest(request: HttpRequest, opened: Opened) -> dict[str, Any]:
    """The weakest counties of a nation, province or city, the weakest townships of a county."""
    if opened.running or opened.level == VILLAGE:
        return {}
    level = COUNTY if opened.place.level < COUNTY else COUNTY + 1
    found = board.weakest(opened.scope, opened.place, opened.view, opened.weeks, level, opened.state)
    table = tables.weakest_table(opened.view, LEVEL_WORDS[level])
    return {"weakest_table": _listing(request, opened, table, found)} if found else {}


def _listing(
    request: HttpRequest, opened: Opened, table: Any, rows: Sequence[Any], total: Row | None = None
) -> Listing:
    return listing(request, table, rows, scope=opened.place.name, totals=total if rows else None)


def export(request: HttpRequest, opened: Opened, kind: str) -> HttpResponseBase:
    """The page's table, whole, as a file."""
    if opened.level == VILLAGE:
        return village_tables.export(opened, villages.Wanted(), kind)
    title = f"{LEVEL_WORDS[opened.level]}地区建制村投递"
    columns = tables.whole_columns(opened.running)
    return exports.respond(kind, title, columns, _rows(opened), scope=opened.place.name, chosen=opened.words)
