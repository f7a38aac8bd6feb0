"""The list of villages that a figure was counted from."""

from typing import Any, cast

from django import forms
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from puyou.accounts.views.decorators import OfficerRequest, officer_required
from puyou.atlas import outlook, sentences, village_tables, villages
from puyou.atlas.forms import AREAS
from puyou.atlas.views.opening import (
    Opened,
    canonical,
    find_place,
    kept,
    open_place,
    reads_steadily,
    said,
)
from puyou.core import formats
from puyou.core.filters import Filters
from puyou.core.tables import listing


class VillageFilters(Filters):
    """What narrows a list of villages; values come from an address that was already read."""

    verdict = forms.ChoiceField(
        label="判定", choices=[("", "全部"), *villages.VERDICTS.items()], required=False
    )
    reason = forms.ChoiceField(
        label="原因", choices=[("", "全部"), *sentences.REASONS.items()], required=False
    )
    area = forms.ChoiceField(label="地区类别", choices=AREAS, required=False)


def read_wanted(request: HttpRequest) -> tuple[villages.Wanted, list[str]]:
    """Verdict, reason and standing of the address, and what in them could not be followed."""
    reader = outlook.Reader(said(request))
    wanted = villages.Wanted(
        verdict=reader.choice("verdict", "判定", tuple(villages.VERDICTS), ""),
        reason=reader.choice("reason", "原因", tuple(sentences.REASONS), ""),
        standing=reader.number("standing", "代列层级", 1, 4, 0),
    )
    return wanted, reader.notes


@require_safe
@officer_required("see")
@reads_steadily
def show(request: HttpRequest, code: str) -> HttpResponseBase:
    """Villages of a place by verdict, reason and area class."""
    asked = cast(OfficerRequest, request)
    place = find_place(code)
    if elsewhere := canonical(asked, place, code):
        return elsewhere
    opened = open_place(asked, place)
    part = kept(request, opened, "atlas/villages_part.html", lambda: _part(request, opened))
    crumbs = [{"name": "村清单", "url": ""}]
    return render(request, "atlas/villages.html", opened.shell() | {"part": part, "crumbs": crumbs})


def _part(request: HttpRequest, opened: Opened) -> dict[str, Any]:
    """What the page says, the same for everybody who sees the place."""
    wanted, notes = read_wanted(request)
    place = opened.place
    found = villages.list_villages(opened.scope, place, opened.view, wanted, opened.state)
    table = village_tables.whole(opened.view, f"{place.name}村清单", len(found) <= villages.DETAILED)
    carried = _carried(opened, wanted)
    return {
        "place": place,
        "sentence": tell(opened, wanted, len(found)),
        "notes": [*opened.view.notes, *notes],
        "filters": VillageFilters(carried),
        "table": listing(request, table, found, scope=place.name, chosen=villages.in_words(wanted)),
        "xlsx_address": f"/atlas/{place.code}/villages/export.xlsx?{carried.urlencode()}",
        "csv_address": f"/atlas/{place.code}/villages/export.csv?{carried.urlencode()}",
    }


def _carried(opened: Opened, wanted: villages.Wanted) -> QueryDict:
    """The narrowing as the filters and files carry it on."""
    said = (("verdict", wanted.verdict), ("reason", wanted.reason), ("standing", wanted.standing))
    carried = QueryDict(mutable=True)
    carried.update(opened.view.filters() | {name: str(value) for name, value in said if value})
    return carried


@require_safe
@officer_required("see")
@reads_steadily
def export(request: HttpRequest, code: str, kind: str) -> HttpResponseBase:
    """The whole list as a file."""
    asked = cast(OfficerRequest, request)
    place = find_place(code)
    if elsewhere := canonical(asked, place, code):
        return elsewhere
    wanted, _ = read_wanted(request)
    return village_tables.export(open_place(asked, place), wanted, kind)


def tell(opened: Opened, wanted: villages.Wanted, count: int) -> str:
    """What the list holds, in words."""
    words = "、".join(value for _, value in villages.in_words(wanted))
    when = sentences.week_words(opened.view.week, opened.today)
    where = f"{opened.place.name}（代列部分）" if wanted.standing else opened.place.name
    return f"{where}{when}{words + '的' if words else '应投的'}村共 {formats.count(count)} 个。"
