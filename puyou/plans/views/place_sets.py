"""Place sets: which there are, who belongs to one on a day, and taking a document's list in."""

from datetime import date
from functools import cache
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from puyou.accounts.scopes import Scope
from puyou.accounts.views.decorators import officer_required
from puyou.core import clock
from puyou.core.filters import Filters
from puyou.core.grids import LARGEST, MIB, UNREADABLE_SHEET, read_grid
from puyou.core.problems import Problem
from puyou.core.tables import Column, Empty, Table, export, export_asked, list_page, listing
from puyou.indicators.engine import Reader
from puyou.indicators.models import Indicator
from puyou.indicators.periods import YEAR, Period
from puyou.places import actions as place_actions
from puyou.places import queries as places
from puyou.places.models import PlaceSet, PlaceSetMember
from puyou.places.saying import place_said
from puyou.plans import place_lists, pooling, problems
from puyou.plans.place_lists import Examined, Spell
from puyou.plans.views.common import KEPT_STATUSES, MANAGE, name_of, scope_of, trail

SETS = Table(
    code="place_sets", title="区域集合", counter="个", order="name", key="code",
    columns=(
        Column("名称", "name", head=True, sort="name", link=lambda row: reverse("plan_set", args=[row.code])),
        Column("现有成员", "present", unit="个", format="count", sort="present"),
        Column("依据", "source"),
        Column("代码", "code", sort="code", minor=True),
    ),
    empty=Empty("还没有区域集合。", "导入文件所附的地区名单后，会出现在这里。"),
)  # fmt: skip


def _above(row: PlaceSetMember) -> str:
    """The names of the places above a member, nation left out."""
    names: list[str] = []
    above = row.place.parent
    while above is not None and above.level > 0:
        names.insert(0, above.name)
        above = above.parent
    return " › ".join(names)


MEMBERS = Table(
    code="place_set_members", title="成员", counter="个", page_size=100, key="pk", order="place__code",
    columns=(
        Column("地区", "place.name", head=True, sort="place__name"),
        Column("上级", _above),
        Column("区划代码", "place.code", sort="place__code"),
        Column("自", lambda row: None if row.valid_from == place_lists.ALWAYS else row.valid_from, format="day"),
        Column("至（不含）", "valid_to", format="day"),
    ),
    empty=Empty("这一天没有成员。", "换一天再看，或导入名单。"),
)  # fmt: skip
FAULTS = Table(
    code="place_set_faults", title="需要改正的行", counter="处", page_size=200,
    columns=(
        Column("单元格", "cell", head=True),
        Column("行", "row", format="count"),
        Column("原文", "said"),
        Column("问题", "why"),
    ),
)  # fmt: skip


class DayInput(forms.DateInput):
    input_type = "date"


class DayFilter(Filters):
    """On which day the members are asked for."""

    on = forms.DateField(label="日期", required=False, widget=DayInput(format="%Y-%m-%d"))
    indicator = forms.ModelChoiceField(
        Indicator.objects.order_by("position", "code"), label="指标", required=False, to_field_name="code",
        empty_label="不计算",
    )  # fmt: skip


class SheetForm(forms.Form):
    """A list of places from a document."""

    code = forms.RegexField(
        r"^[a-z0-9_-]{1,40}$", label="代码", max_length=40,
        help_text="小写字母、数字、连字符或下划线，如 border-counties；已有的代码则并入原集合。",
        error_messages={"invalid": "只能用小写字母、数字、连字符或下划线", "required": "请填写代码"},
    )  # fmt: skip
    name = forms.CharField(label="名称", max_length=60, error_messages={"required": "请填写名称"})
    source = forms.CharField(
        label="依据",
        max_length=200,
        help_text="文件名称和文号。",
        error_messages={"required": "请写明依据的文件"},
    )
    file = forms.FileField(
        label="名单", error_messages={"required": "请选择名单文件", "empty": "文件是空的"},
        help_text="xlsx 或 CSV。列名：区划代码，或地区（也可分省、市、县几列）；可另有“自”“至”两列，“至”当天起不算。",
    )  # fmt: skip


@officer_required("see")
def set_list(request: HttpRequest) -> HttpResponseBase:
    """``/plans/sets/``: every place set with how many belong to it today."""
    today, scope = clock.today(), scope_of(request)
    standing = Q(members__valid_from__lte=today) & (
        Q(members__valid_to=None) | Q(members__valid_to__gt=today)
    )
    rows = PlaceSet.objects.annotate(present=Count("members", filter=standing))
    context = {
        "crumbs": trail(("区域集合", "")), "may_manage": scope.may(MANAGE),
        "sentence": "区域集合是注明依据、有起止日期的地区名单，用作筛选、分组和指标的分母。",
    }  # fmt: skip
    return list_page(request, SETS, rows, scope="全国", template="plans/sets.html", context=context)


@officer_required("see")
def set_detail(request: HttpRequest, code: str) -> HttpResponseBase:
    """``/plans/sets/<code>/?on=``: who belongs to it on a day."""
    scope, found = scope_of(request), places.get_place_set(code)
    filters = DayFilter(request.GET)
    on: date = (filters.cleaned_data["on"] if filters.is_valid() else None) or clock.today()
    rows = places.list_members(scope, found, on)
    indicator = filters.cleaned_data.get("indicator") if filters.is_valid() else None
    period = Period.of(YEAR, on)
    reader = Reader(scope, clock.today())
    pooled = pooling.pool(scope, reader, indicator, found, period) if indicator else None
    chosen = [("日期", f"{on:%Y-%m-%d}")]
    if export_asked(request, MEMBERS):
        return export(request, MEMBERS, rows, scope=found.name, chosen=chosen)
    context = {
        "title": found.name, "found": found, "on": on, "filters": filters, "indicator": indicator,
        "pooled": pooled, "period": period, "count": rows.count(),
        "ever": found.members.values("place").distinct().count(),
        "table": listing(request, MEMBERS, rows, scope=found.name, chosen=chosen),
        "crumbs": trail(("区域集合", reverse("plan_sets")), (found.name, "")), "may_manage": scope.may(MANAGE),
    }  # fmt: skip
    return render(request, "plans/set.html", context)


@officer_required(MANAGE)
def set_import(request: HttpRequest) -> HttpResponseBase:
    """``/plans/sets/import/``: a list of places; with one fault nothing is written and every fault is shown."""
    scope = scope_of(request)
    known = PlaceSet.objects.filter(code=request.GET.get("code", "")).first()
    first = {"code": known.code, "name": known.name, "source": known.source} if known else None
    form = SheetForm(request.POST or None, request.FILES or None, initial=first)
    examined, status = Examined(), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                examined = _examined(form, scope)
                if not examined.faults:
                    return _applied(request, form, examined)
            except Problem as problem:
                if problem.status not in KEPT_STATUSES:
                    raise
                form.add_error("file", problem.message)
                status = problem.status
    context: dict[str, Any] = {
        "title": "导入地区名单", "form": form, "examined": examined, "cancel": reverse("plan_sets"), "submit": "导入",
        "crumbs": trail(("区域集合", reverse("plan_sets")), ("导入名单", "")),
        "faults": listing(request, FAULTS, examined.faults) if examined.faults else None,
    }  # fmt: skip
    return render(request, "plans/set_import.html", context, status=status)


def _examined(form: SheetForm, scope: Scope) -> Examined:
    upload, code = form.cleaned_data["file"], form.cleaned_data["code"]
    if upload.size > LARGEST:
        raise UNREADABLE_SHEET(name=str(upload.name)[:60], reason=f"超过 {LARGEST // MIB} MB")
    present = _present(code, scope)
    grid = read_grid(str(upload.name), upload.read())
    head = place_lists.find_head(grid)
    if head is None:
        raise problems.NO_HEADING(rows=place_lists.LOOKED)
    examined = place_lists.examine(
        grid, head, cache(place_said), lambda place: scope.covers(place.path, MANAGE), present
    )
    if not examined.rows and not examined.faults:
        raise problems.NO_ROWS()
    return examined


def _present(code: str, scope: Scope) -> dict[int, list[Spell]]:
    """How long each place has been a member; a set with members elsewhere is not the asker's to change."""
    found: dict[int, list[Spell]] = {}
    held = PlaceSet.objects.filter(code=code).first()
    for member in places.list_members(scope, held) if held else ():
        if not scope.covers(member.place.path, MANAGE):
            raise problems.NOT_YOUR_SET(name=member.place_set.name)
        found.setdefault(member.place_id, []).append((member.valid_from, member.valid_to))
    return found


def _applied(request: HttpRequest, form: SheetForm, examined: Examined) -> HttpResponseBase:
    said = form.cleaned_data
    changed = place_actions.change_place_set(
        code=said["code"], name=said["name"], source=said["source"], members=examined.wanted, by=name_of(request),
        now=clock.now(),
    )  # fmt: skip
    messages.success(
        request, f"名单共 {len(examined.rows):,} 行，新增或改动 {changed:,} 行，其余与已有的相同。"
    )
    return redirect("plan_set", code=said["code"])
