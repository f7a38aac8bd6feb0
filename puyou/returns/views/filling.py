"""Filling a return: in the browser, or in a workbook that goes out and comes in again."""

import json
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from puyou.accounts.views.decorators import officer_required
from puyou.core import clock, grids
from puyou.core.problems import Problem
from puyou.returns import actions, knowing, powers, queries, reading, sheets
from puyou.returns.actions.filling import limit_lines, require_writable
from puyou.returns.definition import Form
from puyou.returns.models import DueReturn
from puyou.returns.reading import LINES, Read
from puyou.returns.views.common import KEPT_STATUSES, scope_of, user_of
from puyou.returns.views.returns import page_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SPARE = 5  # empty lines of a list


@officer_required(powers.FILL)
def return_fill(request: HttpRequest, pk: int) -> HttpResponseBase:
    """``/returns/<pk>/fill/``: the form to write in; what cannot be read stays as typed, with the reason there."""
    scope = scope_of(request)
    due = queries.get_return(scope, pk)
    form = knowing.form_of(due.version)
    if request.method != "POST":
        require_writable(due, scope)
        return _page(request, due, form, Read(data=due.data))
    read = _posted(request, form)
    try:
        limit_lines(read)
        saved = actions.save_draft(
            due_id=pk, base=_base(request), read=read, explanations=_explained(request), scope=scope,
            by=user_of(request), now=clock.now(),
        )  # fmt: skip
    except Problem as problem:
        if problem.status not in KEPT_STATUSES:
            raise
        return _page(request, due, form, read, error=problem.message, status=problem.status)
    if saved.faults:
        return _page(request, saved.due, form, read, status=422)
    messages.success(
        request, "已保存草稿。" + (f"并入别人同时填的 {saved.joined} 格。" if saved.joined else "")
    )
    if "submit" in request.POST:
        return _submitted(request, saved.due)
    return redirect("return_fill", pk=pk)


def _submitted(request: HttpRequest, due: DueReturn) -> HttpResponseBase:
    try:
        actions.submit_return(
            due_id=due.pk, expected=due.turn, scope=scope_of(request), by=user_of(request), now=clock.now()
        )
    except Problem as problem:
        if problem.status not in KEPT_STATUSES:
            raise
        messages.error(request, problem.message)
        return redirect("return_fill", pk=due.pk)
    messages.success(request, "已提交，等待负责人签发。")
    return redirect("return", pk=due.pk)


def _posted(request: HttpRequest, form: Form) -> Read:
    if form.kind == "list":
        return reading.read_lines(form, _posted_lines(request, form))
    said = {
        name.removeprefix("c:"): str(text) for name, text in request.POST.items() if name.startswith("c:")
    }
    return reading.read_cells(form, said)


def _posted_lines(request: HttpRequest, form: Form) -> list[dict[str, str]]:
    columns = {column.code: request.POST.getlist(f"l:{column.code}") for column in form.columns}
    count = max((len(texts) for texts in columns.values()), default=0)
    return [
        {code: texts[at] if at < len(texts) else "" for code, texts in columns.items()} for at in range(count)
    ]


def _base(request: HttpRequest) -> dict[str, Any]:
    try:
        said = json.loads(request.POST.get("base", "{}"))
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _explained(request: HttpRequest) -> dict[str, str]:
    return {
        name.removeprefix("e:"): str(text) for name, text in request.POST.items() if name.startswith("e:")
    }


def _page(
    request: HttpRequest, due: DueReturn, form: Form, read: Read, *, error: str = "", status: int = 200
) -> HttpResponseBase:
    """The form with what is kept or was typed; ``base`` is what the draft says now."""
    typed = {fault.cell: fault.said for fault in read.faults}
    wrong = {fault.cell: fault.why for fault in read.faults}
    words = _explained(request) if request.method == "POST" else due.explanations
    begun = bool(read.data or read.faults)
    findings = knowing.findings_of(due, form, read.data) if begun else []
    said = {**{cell: _short(form, cell, each.says) for each in findings for cell in each.cells}, **wrong}
    said = {cell: _short(form, cell, text) for cell, text in said.items()}
    missing = [each for each in findings if each.key.startswith("required:")]
    last = knowing.last_numbers(due) or {}
    computed = reading.numbers(form, read.data)
    context = page_of(due, form) | {
        "rows": _rows(form, read.data, typed, said, wrong, last, computed),
        "lines": _lines(form, read, wrong), "base": json.dumps(due.data, ensure_ascii=False),
        "findings": [
            {"found": each, "word": words.get(each.key, "")} for each in findings if each not in missing
        ],
        "missing": [each.says.partition("：")[0] for each in missing],
        "faults": read.faults, "understood": read.understood, "error": error,
        "has_last": bool(last),
    }  # fmt: skip
    return render(request, "returns/fill.html", context, status=status)


def _short(form: Form, code: str, text: str) -> str:
    """A sentence beneath its own cell does not repeat the cell's name."""
    cell = form.cell(code)
    return text.removeprefix(f"{cell.name}：") if cell else text


def _rows(
    form: Form, data: dict[str, Any], typed: dict[str, str], said: dict[str, str], wrong: dict[str, str],
    last: dict[str, Any], computed: dict[str, Any],
) -> list[dict[str, Any]]:  # fmt: skip
    if form.kind == "list":
        return []
    cells = {cell.code: cell for cell in form.cells()}
    found = []
    for row in form.rows:
        codes = [f"{row.code}.{column.code}" for column in form.columns]
        shown = [
            {
                "cell": cells[code], "text": typed.get(code, data.get(code, "")), "said": said.get(code, ""),
                "wrong": code in wrong, "last": last.get(code), "computed": computed.get(code),
            }
            for code in codes
        ]  # fmt: skip
        found.append({"row": row, "cells": shown})
    return found


def _lines(form: Form, read: Read, wrong: dict[str, str]) -> list[list[dict[str, str]]]:
    if form.kind != "list":
        return []
    lines = [*(read.data.get(LINES) or []), *({} for _ in range(SPARE))]
    typed = {fault.cell: fault.said for fault in read.faults}
    return [
        [
            {
                "code": column.code, "name": column.name,
                "text": typed.get(f"{at}.{column.code}", line.get(column.code, "")),
                "wrong": wrong.get(f"{at}.{column.code}", ""),
            }
            for column in form.columns
        ]
        for at, line in enumerate(lines, 1)
    ]  # fmt: skip


@officer_required("see")
def sheet_out(request: HttpRequest, pk: int) -> HttpResponseBase:
    """``/returns/<pk>/sheet/``: the workbook with what one may see of it."""
    scope = scope_of(request)
    due = queries.get_return(scope, pk)
    form = knowing.form_of(due.version)
    data = knowing.shown_data(due, draft=powers.reads_draft(scope, due))
    name = f"{form.name} {due.place.name} {due.period}.xlsx"
    return FileResponse(
        sheets.write_sheet(due, form, data), as_attachment=True, filename=name, content_type=XLSX
    )


@require_POST
@officer_required(powers.FILL)
def sheet_in(request: HttpRequest, pk: int) -> HttpResponseBase:
    """``/returns/<pk>/sheet/import/``: what a filled-in workbook says becomes the draft; faults are told by cell."""
    scope = scope_of(request)
    due = queries.get_return(scope, pk)
    form = knowing.form_of(due.version)
    require_writable(due, scope)
    file = request.FILES.get("file")
    try:
        if file is None:
            messages.error(request, "请先选择文件。")
            return redirect("return_fill", pk=pk)
        read = sheets.read_sheet(due, form, grids.read_grid(file.name or "", file.read()))
        limit_lines(read)
        kept = _kept(due, form, read)
        saved = actions.save_draft(
            due_id=pk, base=due.data, read=kept, scope=scope, by=user_of(request), now=clock.now()
        )
    except Problem as problem:
        if problem.status not in KEPT_STATUSES:
            raise
        return _page(request, due, form, Read(data=due.data), error=problem.message, status=problem.status)
    count = len(read.data.get(LINES) or read.data)
    if not read.faults:
        messages.success(request, f"已读入 {count:,} {'行' if form.kind == 'list' else '格'}，存为草稿。")
    return _page(request, saved.due, form, kept, status=422 if read.faults else 200)


def _kept(due: DueReturn, form: Form, read: Read) -> Read:
    """A sheet says only what it holds: cells it does not show stay as they are; a list is replaced whole."""
    if form.kind == "list":
        return read
    faulty: set[str] = {fault.cell for fault in read.faults}
    stays = {code: text for code, text in due.data.items() if code not in read.data and code not in faulty}
    return Read(data=stays | read.data, faults=read.faults, understood=read.understood)
