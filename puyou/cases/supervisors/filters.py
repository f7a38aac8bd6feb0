"""How the lists of supervisors, rounds, tasks and honours are narrowed."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.db.models import F, Q

from puyou.cases.supervisors.counties import RURAL_CLASSES
from puyou.cases.supervisors.models import Background, CandidateReview, TaskKind
from puyou.core import clock
from puyou.core.filters import Filters
from puyou.core.problems import Problem
from puyou.places import queries as places

SOON = timedelta(days=90)
AFTER = "{"


def inside(rows: Any, code: str, field: str = "place__path") -> Any:
    """The rows at a place and below it; none for an unknown code."""
    try:
        path = places.get_place(code.strip()).path
    except Problem:
        return rows.none()
    return rows.filter(**{f"{field}__gte": path, f"{field}__lt": path + AFTER})


class PlaceFilters(Filters):
    """By a place's code."""

    place = forms.CharField(label="地区代码", max_length=12, required=False)
    path: ClassVar[str] = "place__path"

    def narrow(self, rows: Any, values: Mapping[str, Any]) -> Any:
        rows = super().narrow(rows, values)
        return inside(rows, values["place"], self.path) if values.get("place") else rows


class SupervisorFilters(PlaceFilters):
    """By name, number or telephone, standing, area and background."""

    q = forms.CharField(label="查找", max_length=60, required=False)
    standing = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[("", "全部"), ("active", "在聘"), ("soon", "90 天内到期"), ("ended", "不在聘期")],
    )
    area = forms.ChoiceField(
        label="地区类别", required=False, choices=[("", "全部"), ("rural", "农村"), ("urban", "城镇")]
    )
    background = forms.ChoiceField(label="身份", required=False, choices=[("", "全部"), *Background.choices])
    lookups: ClassVar[dict[str, str]] = {"background": "background"}
    field_order = ("q", "standing", "area", "background", "place")

    def narrow(self, rows: Any, values: Mapping[str, Any]) -> Any:
        rows, today = super().narrow(rows, values), clock.today()
        if text := values.get("q"):
            rows = rows.filter(Q(name__contains=text) | Q(number__contains=text) | Q(phone__contains=text))
        standing = values.get("standing")
        if standing:
            rows = rows.filter(active=standing != "ended")
        if standing == "soon":
            rows = rows.filter(until__lte=today + SOON)
        if area := values.get("area"):
            rural = Q(area_class__in=RURAL_CLASSES)
            rows = rows.filter(rural if area == "rural" else ~rural)
        return rows


class RoundFilters(PlaceFilters):
    """By place, and whether the round is open."""

    standing = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), ("open", "进行中"), ("closed", "已结束")]
    )

    def narrow(self, rows: Any, values: Mapping[str, Any]) -> Any:
        rows, standing = super().narrow(rows, values), values.get("standing")
        return rows.filter(closed_at__isnull=standing == "open") if standing else rows


class CandidateFilters(PlaceFilters):
    """By name and by what was decided."""

    q = forms.CharField(label="姓名或电话", max_length=60, required=False)
    decision = forms.ChoiceField(
        label="审查",
        required=False,
        choices=[
            ("", "全部"),
            ("waiting", "待审查"),
            *CandidateReview.Decision.choices,
            ("appointed", "已聘任"),
        ],
    )
    field_order = ("q", "decision", "place")

    def narrow(self, rows: Any, values: Mapping[str, Any]) -> Any:
        rows, decision = super().narrow(rows, values), values.get("decision")
        if text := values.get("q"):
            rows = rows.filter(Q(name__contains=text) | Q(phone__contains=text))
        if decision == "appointed":
            return rows.filter(supervisor__isnull=False)
        if decision:
            rows = rows.filter(supervisor=None, decision="" if decision == "waiting" else decision)
        return rows


class TaskFilters(PlaceFilters):
    """By kind and by how far the task is."""

    kind = forms.ChoiceField(label="类型", required=False, choices=[("", "全部"), *TaskKind.choices])
    standing = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[
            ("", "全部"), ("open", "未到期"), ("overdue", "到期未交齐"), ("wanting", "发现问题"),
            ("withdrawn", "已收回"),
        ],
    )  # fmt: skip
    lookups: ClassVar[dict[str, str]] = {"kind": "checklist__kind"}

    def narrow(self, rows: Any, values: Mapping[str, Any]) -> Any:
        rows, today, standing = super().narrow(rows, values), clock.today(), values.get("standing")
        if standing == "withdrawn":
            return rows.filter(ended_at__isnull=False)
        if standing == "wanting":
            return rows.filter(wanting__gt=0)
        if standing:
            rows = rows.filter(ended_at=None)
        if standing == "open":
            return rows.filter(due_on__gte=today)
        return rows.filter(due_on__lt=today, reported__lt=F("asked")) if standing == "overdue" else rows


class HonourFilters(PlaceFilters):
    """Honours and lessons, by supervisor."""

    q = forms.CharField(label="监督员姓名或编号", max_length=60, required=False)
    path: ClassVar[str] = "supervisor__place__path"
    field_order = ("q", "place")

    def narrow(self, rows: Any, values: Mapping[str, Any]) -> Any:
        rows = super().narrow(rows, values)
        if text := values.get("q"):
            rows = rows.filter(Q(supervisor__name__contains=text) | Q(supervisor__number__contains=text))
        return rows
