"""Pages of the calendar: a year at a glance, and extending it from a file."""

import calendar as months
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from puyou.accounts.views.decorators import OfficerRequest, officer_required
from puyou.core import clock
from puyou.core.problems import Problem
from puyou.standards import actions, forms, queries
from puyou.standards.rules import Calendar

PUBLISH = "standards.publish"
MONDAY_FIRST = months.Calendar(firstweekday=0)
YEARS = range(2000, 2101)


@dataclass(frozen=True)
class Day:
    """A day as the year view shows it: ``mark`` is 休 or 班, empty on plain days; ``festival`` says why."""

    day: date
    mark: str
    festival: str
    weekend: bool


@dataclass(frozen=True)
class Month:
    """A month as weeks from Monday; None pads what belongs to its neighbours."""

    number: int
    weeks: list[list[Day | None]]


@officer_required()
def calendar(request: OfficerRequest) -> HttpResponseBase:
    """One year of days off and made up, and which years are published."""
    year = _year_asked(request)
    found = queries.get_calendar()
    published = [row.year for row in queries.list_calendar_years(request.scope)]
    context = {
        "title": f"{year}年工作日历",
        "year": year,
        "before": year - 1 if year - 1 in YEARS else None,
        "after": year + 1 if year + 1 in YEARS else None,
        "months": [_month(found, year, number) for number in range(1, 13)],
        "working_days": sum(
            found.is_working_day(date.fromordinal(day))
            for day in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
        ),
        "provisional": year not in published,
        "published_to": max(published, default=None),
        "may_publish": request.scope.may(PUBLISH),
        "crumbs": [{"name": "准则", "url": reverse("rule_list")}, {"name": "工作日历"}],
    }
    return render(request, "standards/calendar.html", context)


def _year_asked(request: OfficerRequest) -> int:
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else clock.today().year
    return year if year in YEARS else clock.today().year


def _month(found: Calendar, year: int, number: int) -> Month:
    weeks = MONDAY_FIRST.monthdatescalendar(year, number)
    return Month(
        number, [[_day(found, day) if day.month == number else None for day in week] for week in weeks]
    )


def _day(found: Calendar, day: date) -> Day:
    mark = "班" if day in found.made_up else "休" if day in found.off else ""
    return Day(day, mark, found.off.get(day, "调休上班" if mark else ""), day.weekday() > 4)


@officer_required(PUBLISH)
def calendar_upload(request: OfficerRequest) -> HttpResponseBase:
    """Extend the calendar from a file; a faulty row refuses the file and is told."""
    form = (
        forms.CalendarForm(request.POST, request.FILES) if request.method == "POST" else forms.CalendarForm()
    )
    if form.is_bound and form.is_valid():
        try:
            made = _load(request, form)
        except Problem as problem:
            form.add_error("file", problem.message)
        else:
            messages.success(
                request, f"读入 {made['read']} 天，更新 {made['changed']} 天，新增 {made['years']} 个年度"
            )
            return redirect("calendar")
    context = {
        "form": form,
        "title": "更新工作日历",
        "sentence": "上传当年放假与调休安排；文件中的年份随即视为已公布。",
        "submit": "上传",
        "cancel": reverse("calendar"),
        "crumbs": [{"name": "工作日历", "url": reverse("calendar")}, {"name": "更新"}],
    }
    return render(request, "core/form_page.html", context, status=422 if form.errors else 200)


def _load(request: OfficerRequest, form: forms.CalendarForm) -> dict[str, int]:
    uploaded = form.cleaned_data["file"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(uploaded.name).name
        with path.open("wb") as file:
            for chunk in uploaded.chunks():
                file.write(chunk)
        return actions.load_calendar(path=path, by=request.scope.name, now=clock.now())
