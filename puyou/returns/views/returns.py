"""One return: what it says beside what it said before, what was found, and every step."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from puyou.accounts.scopes import Scope
from puyou.accounts.views.decorators import officer_required
from puyou.indicators.periods import Period
from puyou.returns import knowing, powers, queries, reading, rules, tables
from puyou.returns.definition import Form
from puyou.returns.models import DueReturn
from puyou.returns.views.common import scope_of, trail, user_of


@officer_required("see")
def return_detail(request: HttpRequest, pk: int) -> HttpResponseBase:
    """``/returns/<pk>/``: the form as filled, differences, findings, submissions, steps and what can be done."""
    scope = scope_of(request)
    due = queries.get_return(scope, pk)
    form = knowing.form_of(due.version)
    drafts = powers.reads_draft(scope, due)
    data = knowing.shown_data(due, draft=drafts)
    context = page_of(due, form) | {
        "data": data, "differences": knowing.differences(due, form, data) if data else [],
        "lines": _lines(form, data), "findings": _findings(due, form, data),
        "submissions": due.submissions.select_related("filled_by", "signed_by").order_by("-number"),
        "steps": due.steps.select_related("by").order_by("pk"), "hidden": not drafts and not data,
        "may": _may(scope, due, user_of(request).pk),
    }  # fmt: skip
    return render(request, "returns/return.html", context)


def page_of(due: DueReturn, form: Form) -> dict[str, Any]:
    """What every page of a return says at its head."""
    label = Period.parse(due.period).label
    last = due.steps.order_by("-pk").first() if due.status == rules.RETURNED else None
    return {
        "title": f"{form.name}　{label}", "crumbs": trail((f"{form.name} {label}", "")), "due": due, "said": form,
        "state": tables.badge(due), "timely": tables.timely(due), "fillers": tables.fillers(form),
        "sent_back": last.ground if last else "",
    }  # fmt: skip


def _lines(form: Form, data: dict[str, Any]) -> list[list[str]]:
    return [[line.get(column.code, "") for column in form.columns] for line in data.get(reading.LINES) or []]


def _findings(due: DueReturn, form: Form, data: dict[str, Any]) -> list[dict[str, Any]]:
    found = knowing.findings_of(due, form, data) if data else []
    return [{"found": each, "word": due.explanations.get(each.key, "")} for each in found]


def _may(scope: Scope, due: DueReturn, user: int) -> dict[str, bool]:
    """Which doors stand open; who may not for who they are is told when they try."""
    fills, checks = powers.may_fill(scope, due), powers.may_check(scope, due)
    return {
        "fill": fills and due.status in rules.EDITABLE,
        "submit": fills and rules.may("submit", due.status),
        "recall": fills and rules.may("recall", due.status),
        "sign": fills and rules.may("sign", due.status) and due.filled_by_id != user,
        "send_back": (checks and due.status == rules.WAITING) or (fills and due.status == rules.SIGNING),
        "approve": checks and due.status == rules.WAITING,
        "restate": (fills or checks) and rules.may("restate", due.status),
    }
