"""Pages of indicators: a place and period, one indicator with all that stands behind it, what was reported."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.http.response import HttpResponseBase
from django.shortcuts import render

from puyou.accounts.views.decorators import OfficerRequest, officer_required
from puyou.core.filters import Filters
from puyou.core.tables import export, export_asked, list_page, listing
from puyou.indicators import chart, formula, queries, rules, tables
from puyou.indicators.asking import Asked, asked_of, series
from puyou.indicators.checking import FLOW
from puyou.indicators.comparing import LAST_YEAR, PREVIOUS, Comparison, compare
from puyou.indicators.engine import Reader, Value
from puyou.indicators.models import Indicator, ReturnItem
from puyou.indicators.periods import KINDS, Period
from puyou.places import queries as places
from puyou.places.models import Kind, Place
from puyou.standards import queries as standards

BREAK_SHARE = "series_break_share"


class PeriodForm(forms.Form):
    """Place and period of a page."""

    place = forms.CharField(label="地区代码", max_length=12, required=False)
    period = forms.CharField(
        label="时期", max_length=24, required=False, help_text="如 2026、2026-Q3、2026-10、2026-W40"
    )
    group = forms.ChoiceField(label="类别", required=False)
    every = forms.BooleanField(label="全部指标", required=False)

    def __init__(self, asked: Any, groups: Iterable[str] = (), *, alone: bool = False) -> None:
        super().__init__(asked)
        if alone:
            del self.fields["group"], self.fields["every"]
        else:
            choices = [("", "全部"), *((group, group) for group in groups)]
            self.fields["group"].choices = choices  # type: ignore[attr-defined]


@officer_required("see")
def indicator_list(request: OfficerRequest) -> HttpResponseBase:
    """``/indicators/?place=&period=&group=``: every indicator that is kept by that kind of period, with its value."""
    asked = asked_of(request)
    held = list(queries.list_indicators(request.scope))
    form = PeriodForm(_filled(request, asked), dict.fromkeys(each.group for each in held))
    form.is_valid()
    chosen = [each for each in held if form.cleaned_data.get("group", "") in ("", each.group)]
    fitting = [each for each in chosen if form.cleaned_data.get("every") or _fits(each, asked)]
    values = queries.values_of(asked.reader, fitting, asked.place, asked.period)
    rows = [_row(asked.reader, value) for value in values]
    where = f"{asked.place.name} {asked.period.label}"
    if export_asked(request, tables.INDICATORS):
        return export(request, tables.INDICATORS, rows, scope=where)
    known = sum(value.exact is not None for value in values)
    context = {
        "title": "指标", "asked": asked, "form": form,
        "sentence": f"{where}：{len(values)} 项指标，{known} 项有数。",
        "table": listing(request, tables.INDICATORS, rows, scope=where),
        "before": asked.period.previous(), "after": _next(asked.period, asked.reader),
    }  # fmt: skip
    return render(request, "indicators/list.html", context)


def _filled(request: OfficerRequest, asked: Asked) -> dict[str, str]:
    return request.GET.dict() | {"place": asked.place.code, "period": asked.period.name}


def _fits(indicator: Indicator, asked: Asked) -> bool:
    return asked.period.kind in indicator.period_kinds and asked.place.level in indicator.levels


def _next(period: Period, reader: Reader) -> Period | None:
    after = period.next()
    return after if after is not None and after.first <= reader.today else None


def _row(reader: Reader, value: Value) -> dict[str, Any]:
    found = {each.kind: each for each in compare(reader, value)} if value.exact is not None else {}
    return {
        "value": value, "group": value.indicator.group, "previous": _change(value, found.get(PREVIOUS)),
        "year_on_year": _change(value, found.get(LAST_YEAR)), "numerator": _part(value, "numerator"),
        "denominator": _part(value, "denominator"),
    }  # fmt: skip


def _part(value: Value, side: str) -> str:
    amount = getattr(value, side)
    return "—" if amount is None or amount.value is None else f"{amount.value.normalize():,f}"


def _change(value: Value, found: Comparison | None) -> str:
    """``+3.2%`` or ``−0.4 个百分点``, a dash when there is nothing to compare with."""
    if found is None or found.difference is None:
        return "—"
    if found.growth is not None:
        return f"{_signed(found.growth, 1)}%"
    return f"{_signed(found.difference, value.indicator.decimals)} {found.unit}".strip()


def _signed(number: Decimal, decimals: int) -> str:
    shown = rules.spoken(number, decimals)
    return f"+{shown}" if number > 0 else shown


@officer_required("see")
def indicator_detail(request: OfficerRequest, code: str) -> HttpResponseBase:
    """``/indicators/<code>/?place=&period=``: value, chart, comparisons, parts, places below, versions."""
    indicator = queries.get_indicator(request.scope, code)
    asked = asked_of(request, indicator.period_kinds)
    reader = asked.reader
    value = reader.value(indicator, asked.place, asked.period)
    history = [reader.value(indicator, asked.place, period) for period in series(asked.period)]
    below = [reader.value(indicator, child, asked.period) for child in _children(asked.place, indicator)]
    before = [_row(reader, each) for each in history[::-1]]
    children = [_plain_row(each) for each in below]
    where = f"{indicator.name} {asked.place.name} {asked.period.label}"
    for table, rows in ((tables.SERIES, before), (tables.PLACES, children)):
        if export_asked(request, table) and request.GET.get("table", tables.SERIES.code) == table.code:
            return export(request, table, rows, scope=where)
    context = _context(request, asked, value, history) | {
        "series": listing(request, tables.SERIES, before, scope=where),
        "below": listing(request, tables.PLACES, children, scope=where) if below else None,
    }
    return render(request, "indicators/detail.html", context)


def _plain_row(value: Value) -> dict[str, Any]:
    return {
        "value": value, "numerator": _part(value, "numerator"), "denominator": _part(value, "denominator"),
        "previous": "", "year_on_year": "", "group": "",
    }  # fmt: skip


def _children(place: Place, indicator: Indicator) -> list[Place]:
    if place.level + 1 not in indicator.levels:
        return []
    return list(Place.objects.filter(parent=place, valid_to=None).exclude(kind=Kind.VIRTUAL).order_by("code"))


def _context(request: OfficerRequest, asked: Asked, value: Value, history: list[Value]) -> dict[str, Any]:
    indicator, version = value.indicator, value.version
    points = [chart.Point(each.period.short, each.exact, each.shown) for each in history]
    called = {part.code: part.name for part in value.parts}
    return {
        "title": indicator.name, "indicator": indicator, "value": value, "version": version, "asked": asked,
        "crumbs": [{"name": "指标", "url": f"/indicators/?{asked.query}"}, {"name": indicator.name, "url": ""}],
        "form": PeriodForm(_filled(request, asked), alone=True),
        "formula": formula.written(formula.parse(version.formula), called) if version else "",
        "chart": chart.draw(
            points, f"{indicator.name}，{asked.place.name}", bars=indicator.nature == FLOW
        ) if len(points) > 1 else "",
        "breaks": _breaks(history),
        "kinds": "、".join(KINDS[kind] for kind in indicator.period_kinds),
        "comparisons": listing(request, tables.COMPARISONS, compare(asked.reader, value, peers=True)),
        "parts": listing(request, tables.PARTS, list(value.parts)),
        "versions": listing(request, tables.VERSIONS, list(indicator.versions.order_by("-number"))),
        "before": asked.period.previous(), "after": _next(asked.period, asked.reader),
    }  # fmt: skip


def _breaks(history: list[Value]) -> list[str]:
    """Where the series jumps: flagged for a person, never refused."""
    if len(history) < 2 or history[0].unit.is_percent:
        return []
    limit = standards.get_value(BREAK_SHARE, history[-1].period.last).number
    found = rules.breaks([each.exact for each in history], Decimal(str(limit)) * 100)
    return [f"{history[each.at].period.label}{each.words}" for each in found if each.kind == "jump"]


class ReturnFilters(Filters):
    """By item, place and period."""

    item = forms.ChoiceField(label="填报项", required=False)
    place = forms.CharField(label="地区代码", max_length=12, required=False)
    period = forms.CharField(label="时期", max_length=24, required=False)

    def __init__(self, asked: Any) -> None:
        super().__init__(asked)
        choices = [("", "全部"), *ReturnItem.objects.order_by("name").values_list("code", "name")]
        self.fields["item"].choices = choices  # type: ignore[attr-defined]

    def narrow(self, rows: Any, values: Any) -> Any:
        if values.get("item"):
            rows = rows.filter(item__code=values["item"])
        if values.get("period"):
            period = queries.parse_period(values["period"])
            rows = rows.filter(first_on__gte=period.first, last_on__lte=period.last)
        if values.get("place"):
            path = places.get_place(values["place"]).path
            rows = rows.filter(place__path__gte=path, place__path__lt=path + "{")
        return rows


@officer_required("see")
def return_list(request: OfficerRequest) -> HttpResponseBase:
    """``/indicators/returns/``: what was reported, superseded values among them."""
    rows = queries.list_reported(request.scope)
    crumbs = [{"name": "指标", "url": "/indicators/"}, {"name": "填报值", "url": ""}]
    return list_page(
        request, tables.RETURNS, rows, filters=ReturnFilters, scope="管辖范围", context={"crumbs": crumbs}
    )
