"""Sheets of a kind: the template out, a filled-in one in, looked at and then written."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from puyou.accounts.views.decorators import officer_required
from puyou.core import clock, grids
from puyou.core.problems import Problem
from puyou.core.tables import Column, Empty, Table, export, export_asked, listing
from puyou.ledgers import actions, examining, forms, powers, problems, queries, sheets
from puyou.ledgers.models import LedgerImport
from puyou.ledgers.views.common import KEPT_STATUSES, act_or_show, office_of, scope_of, trail, user_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FAULTS = Table(
    code="ledger_faults", title="需要改正的单元格", counter="处",
    columns=(
        Column("单元格", "cell", head=True),
        Column("列", "column"),
        Column("原文", "said"),
        Column("问题", "why"),
    ),
    empty=Empty("没有错误。", ""),
)  # fmt: skip
ROWS = Table(
    code="ledger_rows", exports=False, title="逐行结果", counter="行",
    columns=(
        Column("行", "number", head=True),
        Column("标题", "title"),
        Column("地点", lambda row: row.place.name if row.place else ""),
        Column("企业", lambda row: row.operator.name if row.operator else "", minor=True),
        Column("结果", lambda row: examining.FATES[row.fate]),
        Column("已有记录", lambda row: (row.existing.number or "草稿") if row.existing else "",
               link=lambda row: reverse("ledger_entry", args=[row.existing.pk]) if row.existing else None),
    ),
)  # fmt: skip


@officer_required("see")
def template(request: HttpRequest, code: str) -> HttpResponseBase:
    """``/ledgers/<code>/template/``: the workbook to be filled in offline."""
    kind = queries.get_kind(code)
    file = sheets.write_template(kind.definition)
    return FileResponse(file, as_attachment=True, filename=f"{kind.row.name}导入模板.xlsx", content_type=XLSX)


@officer_required(powers.FILL)
def sheet_import(request: HttpRequest, code: str) -> HttpResponseBase:
    """``/ledgers/<code>/import/``: hand a sheet in; nothing is written before it was looked at."""
    scope, kind = scope_of(request), queries.get_kind(code)
    if not powers.may_fill(scope, kind.definition):
        raise problems.NOT_FILLER(kind=kind.row.name, who=powers.told_sides(kind.definition.fills))
    form = forms.SheetForm(request.POST or None, request.FILES or None)
    made: list[LedgerImport] = []

    def act() -> str:
        upload = form.cleaned_data["file"]
        if upload.size > grids.LARGEST:
            raise grids.UNREADABLE_SHEET(
                name=str(upload.name)[:60], reason=f"超过 {grids.LARGEST // grids.MIB} MB"
            )
        made.append(
            actions.hand_in_sheet(
                version=kind.version,
                name=str(upload.name),
                content=upload.read(),
                scope=scope,
                by=user_of(request),
                now=clock.now(),
            )  # fmt: skip
        )
        return "文件已读入，尚未写入台账；请核对后导入。"

    page = {
        "title": f"导入{kind.row.name}", "crumbs": trail(kind, ("导入", "")), "cancel": reverse("ledger", args=[code]),
        "kind": kind, "submit": "上传并核对",
    }  # fmt: skip
    return act_or_show(
        request,
        form,
        act,
        page,
        then=lambda: reverse("ledger_import", args=[made[0].pk]),
        template="ledgers/import.html",
    )


@officer_required(powers.FILL)
def sheet_preview(request: HttpRequest, pk: int) -> HttpResponseBase:
    """``/ledgers/imports/<pk>/``: what the sheet would do, cell by cell what is wrong; and doing it."""
    scope = scope_of(request)
    held = queries.get_import(scope, pk)
    kind = queries.get_kind(held.kind.code)
    error = ""
    if request.method == "POST":
        try:
            done = actions.apply_import(
                import_id=pk, correct="correct" in request.POST, office=office_of(request), scope=scope,
                by=user_of(request), now=clock.now(),
            )  # fmt: skip
            messages.success(
                request,
                f"已导入：新增 {done.created:,} 条，更正 {done.corrected:,} 条，已有相同 {done.same:,} 条。",
            )
            return redirect("ledger", code=kind.row.code)
        except Problem as problem:
            if problem.status not in KEPT_STATUSES:
                raise
            error, status = problem.message, problem.status
            held.refresh_from_db()
    examined = examining.examine(held, scope) if held.applied_at is None else examining.Examined([], [])
    if export_asked(request, FAULTS):
        return export(request, FAULTS, examined.faults, scope=held.name)
    counts = {fate: len(examined.of(fate)) for fate in examining.FATES}
    context: dict[str, Any] = {
        "title": f"核对：{held.name}", "crumbs": trail(kind, ("导入", "")), "held": held, "kind": kind,
        "counts": counts,
        "faults": listing(request, FAULTS, examined.faults, scope=held.name), "examined": examined, "error": error,
        "rows": listing(request, ROWS, examined.rows, scope=held.name), "ignored": held.sheet.get("ignored", []),
    }  # fmt: skip
    return render(request, "ledgers/preview.html", context, status=status if error else 200)
