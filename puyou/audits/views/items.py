"""Items to check: the worklist, one item with its form, the sheet out and in."""

import tempfile
from pathlib import Path
from typing import Any, cast

from django.contrib import messages
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from puyou.accounts.models import User
from puyou.accounts.views.decorators import officer_required
from puyou.audits import actions, forms, problems, queries, results, tables
from puyou.audits.actions.importing import LIMIT
from puyou.audits.queries import RECORD
from puyou.audits.views.draws import chain_of, scope_of
from puyou.core import clock
from puyou.core.problems import Problem
from puyou.core.tables import list_page
from puyou.visits.models import Visit

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@officer_required(RECORD)
def item_list(request: HttpRequest) -> HttpResponseBase:
    """``/audits/items/?outcome=waiting``: items in scope; nothing of their score is said."""
    scope, user = scope_of(request), cast(User, request.user)
    waiting = queries.list_waiting(scope, user)
    count = waiting.count()
    mine = request.GET.get("outcome") == "waiting"
    context = {"sentence": f"{count:,} 件等待核查。" if count else "没有等待核查的抽核件。", "waiting": count}
    return list_page(
        request, tables.ITEMS, waiting if mine else queries.list_items(scope), filters=tables.ItemFilters,
        scope="管辖范围", template="audits/items.html", context=context,
    )  # fmt: skip


@officer_required(RECORD)
def item(request: HttpRequest, pk: int) -> HttpResponseBase:
    """``/audits/items/<pk>/``: what the visit claims, earlier results, and the form."""
    scope, user = scope_of(request), cast(User, request.user)
    found = queries.get_item(scope, pk)
    form = forms.ResultForm(
        request.POST or None, initial={"seen": found.result_id or 0, "checked_on": clock.today()}
    )
    if request.method != "POST":
        return _item(request, found, form)
    if not form.is_valid():
        return _item(request, found, form, 422)
    values = form.cleaned_data | {"seen": form.cleaned_data["seen"] or 0}
    try:
        actions.record_result(item=found, **values, scope=scope, by=user, now=clock.now())
    except Problem as problem:
        if problem.status not in (409, 422):
            raise
        form.add_error(None, problem.message)
        return _item(request, queries.get_item(scope, pk), form, problem.status)
    messages.success(request, "结果已录入。")
    following = queries.list_waiting(scope, user).filter(draw=found.draw).first()
    return redirect(tables.item_address(following) if following else "/audits/items/")


def _item(request: HttpRequest, found: Any, form: forms.ResultForm, status: int = 200) -> HttpResponseBase:
    visit = Visit.objects.filter(pk=found.visit_id, day=found.day).first()
    own = bool(found.courier_id) and found.courier.user_id == request.user.pk
    context = {
        "title": f"{found.place.name}抽核件", "item": found, "visit": visit, "place": found.place,
        "place_chain": chain_of(found.place),
        "results": found.results.select_related("by").order_by("-pk"), "form": None if own else form, "own": own,
    }  # fmt: skip
    return render(request, "audits/item.html", context, status=status)


@officer_required(RECORD)
def sheet(request: HttpRequest) -> HttpResponseBase:
    """``/audits/items/sheet/?draw=3``: the workbook of what waits, to be filled in at field offices."""
    rows = queries.list_waiting(scope_of(request), cast(User, request.user))
    number = request.GET.get("draw", "")
    if number.isascii() and number.isdigit() and len(number) < 10:
        rows = rows.filter(draw_id=int(number))
    file = results.write_sheet(rows[:LIMIT])
    return FileResponse(file, as_attachment=True, filename="抽核录入表.xlsx", content_type=XLSX)


@officer_required(RECORD)
def sheet_import(request: HttpRequest) -> HttpResponseBase:
    """``/audits/items/import/``: take a filled-in sheet; what was not taken is told row by row."""
    form = forms.SheetForm(request.POST, request.FILES) if request.method == "POST" else forms.SheetForm()
    if request.method != "POST" or not form.is_valid():
        return _sheet(request, form, None, 422 if form.errors else 200)
    upload = form.cleaned_data["file"]
    try:
        with tempfile.TemporaryDirectory(prefix="audit-") as folder:
            path = Path(folder) / f"sheet{Path(upload.name or '').suffix.lower()[:8]}"
            with path.open("wb") as file:
                for chunk in upload.chunks():
                    file.write(chunk)
            done = actions.import_results(
                path=path, scope=scope_of(request), by=cast(User, request.user), now=clock.now()
            )
    except Problem as problem:
        if problem.status != problems.NO_FILE.status:
            raise
        form.add_error("file", problem.message)
        return _sheet(request, form, None, 422)
    return _sheet(request, forms.SheetForm(), done, 200)


def _sheet(request: HttpRequest, form: forms.SheetForm, done: Any, status: int) -> HttpResponseBase:
    context = {"title": "录入抽核结果", "form": form, "done": done, "cancel": "/audits/items/"}
    return render(request, "audits/import.html", context, status=status)
