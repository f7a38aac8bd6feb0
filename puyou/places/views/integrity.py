"""The page of the data's integrity: every check with its count, and one check's findings."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Protocol, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from puyou.core import tables
from puyou.core.tables import Column, Empty, Table
from puyou.places import integrity, queries
from puyou.places.checks import NATION
from puyou.places.integrity import Check, Finding

PERMISSION = "system.see"
View = Callable[..., HttpResponseBase]


class Asking(Protocol):
    """Who is asking, as the floors above hand it in with the request."""

    def may(self, permission: str) -> bool: ...
    def paths(self, permission: str) -> tuple[str, ...]: ...
    def require(self, path: str, permission: str) -> None: ...


def _locked(view: View) -> View:
    """Only for people who may see the system; the view gets the paths they may see."""

    @wraps(view)
    def locked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        scope = cast(Asking, request.scope)  # type: ignore[attr-defined]
        if not scope.may(PERMISSION):
            scope.require(NATION, PERMISSION)
        return view(request, scope.paths(PERMISSION), *args, **kwargs)

    locked.permissions = (PERMISSION,)  # type: ignore[attr-defined]
    return locked


@dataclass(frozen=True)
class Counted:
    """A check and how much it found."""

    check: Check
    count: int


MARKS = {integrity.Severity.ERROR: "wrong", integrity.Severity.WARNING: "provisional"}


def _badge(row: Counted) -> str:
    """The severity with a mark when something was found."""
    mark = MARKS.get(row.check.severity, "") if row.count else ""
    return format_html('<span class="badge {}">{}</span>', mark, row.check.label)


CHECKS = Table(
    code="checks",
    title="数据完整性",
    counter="项",
    page_size=200,
    columns=(
        Column("检查项", "check.name", head=True, link=lambda row: f"/system/integrity/{row.check.code}/"),
        Column("程度", "check.label", show=_badge),
        Column("数量", "count", unit="条", format="count"),
        Column("为什么", "check.why", minor=True),
        Column("怎么办", "check.remedy", minor=True),
    ),
)


def _place_page(row: Finding) -> str | None:
    return f"/atlas/{row.code}/" if row.path != NATION else None


FINDINGS = Table(
    code="findings",
    title="检查结果",
    columns=(
        Column("名称", "name", head=True, link=_place_page),
        Column("代码", "code"),
        Column("说明", "note"),
    ),
    empty=Empty("这项检查没有发现问题。", "数据变化后会重新检查。"),
)


@require_safe
@_locked
def integrity_list(request: HttpRequest, paths: tuple[str, ...]) -> HttpResponseBase:
    """Every check with its count inside the places of whoever asks."""
    rows = [Counted(check, len(integrity.Findings(check, paths))) for check in integrity.checks()]
    wrong = sum(row.count for row in rows if row.check.severity == integrity.Severity.ERROR)
    sentence = f"共 {len(rows)} 项检查，错误 {wrong:,} 条。已知的缺陷如实列出，不隐藏。"
    return tables.list_page(request, CHECKS, rows, scope=_scope_name(paths), context={"sentence": sentence})


@require_safe
@_locked
def integrity_detail(request: HttpRequest, paths: tuple[str, ...], code: str) -> HttpResponseBase:
    """What one check found inside the places of whoever asks."""
    check = integrity.get_check(code)
    rows, scope = integrity.Findings(check, paths), _scope_name(paths)
    if tables.export_asked(request, FINDINGS):
        return tables.export(request, FINDINGS, rows, scope=scope, chosen=[("检查项", check.name)])
    shown = {
        "check": check,
        "table": tables.listing(request, FINDINGS, rows, scope=scope),
        "title": check.name,
        "crumbs": [{"name": "数据完整性", "url": "/system/integrity/"}, {"name": check.name}],
    }
    return render(request, "places/integrity_detail.html", shown)


def _scope_name(paths: tuple[str, ...]) -> str:
    if "" in paths:
        return "全国"
    ids = [int(path[-4:], 36) for path in paths]
    return "、".join(place.name for place in queries.get_places(ids).values())
