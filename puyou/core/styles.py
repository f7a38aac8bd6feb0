"""The style page: every component of the desk once, with invented figures, to look at and to judge."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from puyou.core import clock, formats, pages, ramp
from puyou.core.filters import Filters
from puyou.core.periods import Week
from puyou.core.tables import Column, Empty, Table, listing

NAMES = (
    "东山县",
    "西河县",
    "南坪县",
    "北岭县",
    "中寨县",
    "高桥县",
    "平坝县",
    "清水县",
    "大坪县",
    "云岭县",
    "石门县",
    "双江县",
)
SHARES = (1.0, 0.991, 0.973, 0.962, 0.931, 0.884, 0.812, 0.655, 0.412, None, None, None)
OUTLINE = (
    (0, 0),
    (0.5, -0.14),
    (0.9, 0),
    (0.94, 0.45),
    (0.9, 0.8),
    (0.5, 0.66),
    (0, 0.8),
    (0.04, 0.45),
    (0, 0),
)
SAMPLE_WEEK = Week(date(2026, 11, 16))


@dataclass(frozen=True)
class Sample:
    """An invented county's week."""

    code: str
    name: str
    due: int
    met: int
    rate: float | None
    step: str


class SampleFilters(Filters):
    name = forms.CharField(label="名称", required=False)
    kind = forms.ChoiceField(
        label="地区类别", required=False, choices=[("", "全部"), ("rural", "农村"), ("remote", "边远")]
    )


class SampleForm(forms.Form):
    document = forms.CharField(label="文号", help_text="公布免责范围的文件编号，例如“贵邮管〔2026〕41号”。")
    first_day = forms.DateField(label="开始日期", widget=forms.DateInput(attrs={"type": "date"}))
    ground = forms.ChoiceField(
        label="事由", choices=[("flood", "洪涝"), ("snow", "雪灾"), ("closed", "封山")]
    )
    note = forms.CharField(label="说明", required=False, widget=forms.Textarea)
    sure = forms.BooleanField(label="已核对范围内的全部建制村")


SAMPLES = Table(
    code="samples",
    title="各县（样例）",
    counter="个县",
    columns=(
        Column("地区", "name", head=True, sort="name", link=lambda row: f"#{row.code}"),
        Column("应投", "due", unit="村", format="count", sort="due"),
        Column("达标", "met", unit="村", format="count", sort="met", minor=True),
        Column("达标率", "rate", format="rate", sort="rate"),
    ),
    key="code",
    data={"code": "code", "name": "name", "step": "step"},
)
NOTHING = Table(
    code="nothing",
    title="免责（样例）",
    columns=(Column("地区", "name"),),
    empty=Empty("本周没有免责记录。", "批准的免责会列在这里；可由县级邮政管理机构提出。", "#", "提出免责"),
)


def style_page(request: HttpRequest) -> HttpResponse:
    """Every component; for people who may see the system's insides."""
    scope = getattr(request, "scope", None)
    if scope is None or not scope.may("system.see"):
        return pages.error_page(request, pages.FORBIDDEN)
    filters = SampleFilters(request.GET)
    context = {
        "title": "样式",
        "week": SAMPLE_WEEK,
        "place_chain": [
            {"name": "全国", "url": "#"},
            {"name": "样例省", "url": "#"},
            {"name": "样例市", "url": ""},
        ],
        "filters": filters,
        "table": listing(request, SAMPLES, samples(), scope="样例市", chosen=filters.chosen()),
        "nothing": listing(request, NOTHING, [], scope="样例市"),
        "form": SampleForm({"document": "", "first_day": "2026-02-30"}),
        "weeks": trend(),
        "strip": strip(),
        "verdicts": ramp.VERDICTS,
        "two_hours_ago": clock.now() - timedelta(hours=2),
        "today": clock.now(),
    }
    return render(request, "core/styles/page.html", context)


def sample_boundaries(request: HttpRequest) -> JsonResponse:
    """Twelve invented counties on a grid, so that the page needs no real place."""
    features = [_cell(at) for at in range(len(NAMES))]
    return JsonResponse({"type": "FeatureCollection", "features": features})


def samples() -> list[Sample]:
    """The invented counties: one of every step of the scale, one excused, one pending, one without data."""
    rows = []
    for at, (name, share) in enumerate(zip(NAMES, SHARES, strict=True)):
        due = 1200 - 73 * at
        step = ramp.step_of(share, excused=at == 9, pending=at == 10)
        rows.append(Sample(_code(at), name, due, round(due * (share or 0)), share, step))
    return rows


def trend() -> list[dict[str, Any]]:
    """53 invented weeks, the last two provisional, one week of the Spring Festival."""
    weeks = [SAMPLE_WEEK.shift(back) for back in range(-52, 1)]
    return [
        {
            "label": week.label,
            "rate": round(0.962 + 0.02 * ((at * 7) % 5 - 2) / 5 - (0.06 if at == 13 else 0), 4),
            "provisional": at > 50,
            "festival": "春节" if at == 13 else "国庆节" if at == 45 else "",
        }
        for at, week in enumerate(weeks)
    ]


def strip() -> dict[str, Any]:
    """An invented village's year."""
    weeks = [SAMPLE_WEEK.shift(back) for back in range(-52, 1)]
    verdicts = ["missed" if at % 17 == 9 else "excused" if at in (30, 31) else "met" for at in range(53)]
    verdicts[51], verdicts[52] = "provisional", "pending"
    months: list[dict[str, Any]] = []
    for week in weeks:
        label = f"{week.monday.month}月"
        if months and months[-1]["label"] == label:
            months[-1]["weeks"] += 1
        else:
            months.append({"label": label, "weeks": 1})
    return {
        "caption": "近 53 周每日投递（样例）",
        "months": months,
        "days": [{"label": formats.WEEKDAYS[day], "cells": _days(day, weeks, verdicts)} for day in range(7)],
        "weeks": [
            {"code": code, "told": week.label, "festival": "春节" if at == 13 else "", "here": at == 52}
            for at, (week, code) in enumerate(zip(weeks, verdicts, strict=True))
        ],
    }


def _days(weekday: int, weeks: list[Week], verdicts: list[str]) -> list[dict[str, str]]:
    cells = []
    for at, (week, verdict) in enumerate(zip(weeks, verdicts, strict=True)):
        day = week.monday + timedelta(days=weekday)
        code = "served" if weekday in (0, 2, 4) and verdict == "met" else "idle"
        code = "excused" if verdict == "excused" else "outside" if at < 4 else code
        code = "future" if at == 52 and weekday > 2 else "refused" if (at, weekday) == (40, 1) else code
        cells.append({"code": code, "told": f"{formats.day(day)}"})
    return cells


def _code(at: int) -> str:
    return f"99{at + 1:02d}00000000"


def _cell(at: int) -> dict[str, Any]:
    west, south = 104.0 + 0.9 * (at % 4) + 0.25 * (at // 4 % 2), 27.6 - 0.8 * (at // 4)
    coordinates = [[[west + x, south + y] for x, y in OUTLINE]]
    properties = {"code": _code(at), "name": NAMES[at]}
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Polygon", "coordinates": coordinates},
    }
