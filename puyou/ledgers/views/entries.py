"""One entry: what it says and ever said, writing it, moving it from state to state."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from puyou.accounts.views.decorators import officer_required
from puyou.core import clock
from puyou.ledgers import actions, forms, powers, problems, queries, reading, rules, telling
from puyou.ledgers.definition import Definition
from puyou.ledgers.models import LedgerEntry
from puyou.ledgers.queries import Kind
from puyou.ledgers.tables import badge
from puyou.ledgers.views.common import act_or_show, office_of, scope_of, trail, user_of
from puyou.ledgers.wording import Names, written

AT_ONCE = ("submit", "confirm")


@officer_required("see")
def entry_detail(request: HttpRequest, pk: int) -> HttpResponseBase:
    """``/ledgers/entries/<pk>/``: what it says, what may be done, everything that happened."""
    scope = scope_of(request)
    entry = queries.get_entry(scope, pk)
    found, kind, names = reading.definition_of(entry.version), queries.get_kind(entry.kind.code), Names()
    context = {
        "title": entry.title, "crumbs": trail(kind, (entry.number or "草稿", "")), "entry": entry, "found": found,
        "badge": badge(entry), "values": telling.values_of(found, entry, names),
        "offers": _offers(request, entry, found),
        "happened": telling.happened(scope, entry, found, names), "files": telling.files_of(scope, entry, found),
        "follow_ups": queries.list_follow_ups(scope, entry), "may_edit": _may(request, entry, "edit"),
        "origin": _origin(request, entry), "current": kind.version,
        "turn": forms.TurnForm(initial={"turn": entry.turn}),
        "attachments": found.of_type("attachment"),
    }  # fmt: skip
    return render(request, "ledgers/entry.html", context)


def _origin(request: HttpRequest, entry: LedgerEntry) -> LedgerEntry | None:
    """The entry that gave rise to this one, where one may see it."""
    return (
        queries.list_entries(scope_of(request)).filter(pk=entry.origin_id).first()
        if entry.origin_id
        else None
    )


def _may(request: HttpRequest, entry: LedgerEntry, verb: str) -> bool:
    scope, found = scope_of(request), reading.definition_of(entry.version)
    if entry.status not in rules.MOVES[verb]:
        return False
    fills, confirms = powers.may_edit(scope, entry, found), powers.may_confirm(scope, entry, found)
    if verb == "confirm":
        last = entry.revisions.order_by("-number").values_list("by_id", flat=True).first()
        return confirms and last != user_of(request).pk
    return {"submit": fills, "edit": fills, "return": confirms, "withdraw": fills or confirms}[verb]


def _offers(request: HttpRequest, entry: LedgerEntry, found: Definition) -> list[dict[str, Any]]:
    """What this person may do now: buttons that act at once, and doors to a form."""
    offers = [
        {
            "name": rules.VERB_NAMES[verb], "address": reverse(f"ledger_entry_{verb}", args=[entry.pk]),
            "at_once": verb in AT_ONCE,
        }
        for verb in ("submit", "confirm", "edit", "return", "withdraw")
        if _may(request, entry, verb)
    ]  # fmt: skip
    for follow in found.follow_ups:
        target = queries.get_kind(follow.kind)
        if powers.may_fill(scope_of(request), target.definition) and entry.status != rules.WITHDRAWN:
            address = f"{reverse('ledger_entry_new', args=[follow.kind])}?origin={entry.pk}"
            offers.append({"name": follow.name, "address": address, "at_once": False})
    return offers


@officer_required(powers.FILL)
def entry_new(request: HttpRequest, code: str) -> HttpResponseBase:
    """``/ledgers/<code>/new/``: enter something; ``?origin=`` begins it from another entry."""
    scope, kind = scope_of(request), queries.get_kind(code)
    found = kind.definition
    if not powers.may_fill(scope, found):
        raise problems.NOT_FILLER(kind=found.name, who=powers.told_sides(found.fills))
    origin = _asked_origin(request, kind)
    operators = queries.list_operators(scope)
    begin: dict[str, Any] = {"entry_operator": operators[0].name if len(operators) == 1 else ""}
    begin |= _carried(origin, found)
    submitting = "draft" not in request.POST
    form = forms.EntryForm(
        request.POST or None,
        initial=begin,
        found=found,
        operators=operators,
        whole=submitting,
        grounded=False,
    )
    made: list[LedgerEntry] = []

    def act() -> str:
        entry = actions.create_entry(
            version=kind.version, place=form.cleaned_data["entry_place"],
            operator=form.cleaned_data.get("entry_operator"),
            said=form.said, submit=submitting, office=office_of(request), scope=scope, by=user_of(request),
            now=clock.now(), origin=origin, directory=form.directory,
        )  # fmt: skip
        made.append(entry)
        return f"已登记，编号 {entry.number}。" if entry.number else "已保存为草稿，尚未提交。"

    page = {
        "title": f"登记{found.name}", "crumbs": trail(kind, ("登记", "")), "cancel": reverse("ledger", args=[code]),
        "sentence": _sentence(found), "found": found, "drafting": True, "origin": origin,
    }  # fmt: skip
    return act_or_show(
        request, form, act, page, then=lambda: reverse("ledger_entry", args=[made[0].pk]),
        template="ledgers/entry_form.html",
    )  # fmt: skip


def _sentence(found: Definition) -> str:
    attached = "附件在保存之后、记录页上添加。" if found.of_type("attachment") else ""
    counted = "确认后计入指标" if found.confirm_level is not None else ""
    return f"{found.purpose}{powers.told_confirmer(found)}{counted}。{attached}"


def _asked_origin(request: HttpRequest, kind: Kind) -> LedgerEntry | None:
    text = request.GET.get("origin", "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return None
    origin = queries.get_entry(scope_of(request), int(text))
    if all(follow.kind != kind.row.code for follow in reading.definition_of(origin.version).follow_ups):
        raise problems.NO_FOLLOW_UP()
    return origin


def _carried(origin: LedgerEntry | None, found: Definition) -> dict[str, Any]:
    if origin is None:
        return {}
    begin: dict[str, Any] = {"entry_place": origin.place.code}
    source, names = reading.definition_of(origin.version), Names()
    for follow in source.follow_ups:
        if follow.kind == found.code:
            for own, other in follow.carries.items():
                field = source.field(own)
                if field is not None:
                    begin[other] = written(field, origin.data.get(own), names)
    return begin


@officer_required(powers.FILL)
def entry_edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """``/ledgers/entries/<pk>/edit/``: say it anew; what it said before stays to be read."""
    scope = scope_of(request)
    entry = queries.get_entry(scope, pk)
    found, kind, names = reading.definition_of(entry.version), queries.get_kind(entry.kind.code), Names()
    if not powers.may_edit(scope, entry, found):
        raise problems.NOT_FILLER(kind=found.name, who=powers.SIDES[entry.side])
    if entry.status == rules.WITHDRAWN:
        raise problems.WRONG_STATE(status=entry.get_status_display(), verb="修改")
    draft = entry.status == rules.DRAFT
    begin = {field.code: _typed(field, entry.data.get(field.code), names) for field in found.written}
    begin |= {
        "turn": entry.turn, "entry_place": entry.place.code,
        "entry_operator": entry.operator.name if entry.operator else "",
    }  # fmt: skip
    form = forms.EntryForm(
        request.POST or None, initial=begin, found=found, operators=queries.list_operators(scope),
        whole=entry.status in (rules.SUBMITTED, rules.CONFIRMED), grounded=not draft,
    )  # fmt: skip

    def act() -> str:
        changed = actions.edit_entry(
            entry_id=pk, expected=form.cleaned_data["turn"] or 0, place=form.cleaned_data["entry_place"],
            operator=form.cleaned_data.get("entry_operator"), said=form.said,
            ground=form.cleaned_data.get("ground", ""), scope=scope, by=user_of(request), now=clock.now(),
            directory=form.directory,
        )  # fmt: skip
        if changed.turn == entry.turn:
            return "内容没有变化，没有新的修订。"
        again = entry.status == rules.CONFIRMED and changed.status == rules.SUBMITTED
        return "已修改" + ("；须重新确认，其间不计入指标。" if again else "。")

    back = reverse("ledger_entry", args=[pk])
    again = "" if draft or found.confirm_level is None else "已确认的记录修改后须重新确认。"
    page = {
        "title": f"修改：{entry.title}", "crumbs": trail(kind, (entry.number or "草稿", back), ("修改", "")),
        "cancel": back, "found": found, "submit": "保存修改",
        "sentence": f"按第 {entry.version.number} 版定义填写。{again}",
    }  # fmt: skip
    return act_or_show(
        request,
        form,
        act,
        page,
        then=lambda: reverse("ledger_entry", args=[pk]),
        template="ledgers/entry_form.html",
    )


def _typed(field: Any, value: Any, names: Names) -> Any:
    """As the form's own inputs spell it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return written(field, value, names)
