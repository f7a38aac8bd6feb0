"""Making and editing cards in the browser: nothing is kept until 保存; the preview shows what was written so far."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from puyou.accounts.views.decorators import OfficerRequest, officer_required
from puyou.core import clock
from puyou.core.problems import Problem
from puyou.indicators import queries as indicators
from puyou.indicators.models import Indicator
from puyou.places import queries as places
from puyou.reports import actions, editing, layout, queries
from puyou.reports.actions import COMPOSE
from puyou.reports.layout import Layout
from puyou.reports.models import Card
from puyou.reports.views import KEPT_STATUSES, WHOLE, asked_for, content_of, shown


class CardForm(forms.Form):
    """What a card is called and of which period it is."""

    title = forms.CharField(label="名称", max_length=60)
    period = forms.CharField(
        label="时期", max_length=24, required=False, help_text="如 2019、2026-10；不填为上月"
    )
    source = forms.CharField(label="来源", max_length=300, required=False)

    def clean_period(self) -> str:
        name = str(self.cleaned_data["period"]).strip()
        return indicators.parse_period(name).name if name else ""


class NewForm(CardForm):
    """A new card, perhaps beginning as a copy."""

    code = forms.SlugField(label="代码", max_length=40, help_text="小写字母、数字和连字符，用于地址")
    place = forms.CharField(label="地区代码", max_length=12)
    copied = forms.ChoiceField(label="复制自", required=False)
    field_order = ("code", "title", "place", "period", "source", "copied")

    def __init__(self, said: Any, cards: Mapping[str, str], **more: Any) -> None:
        super().__init__(said, **more)
        self.fields["copied"].choices = [("", "空白成绩单"), *cards.items()]  # type: ignore[attr-defined]


@officer_required(COMPOSE)
def card_new(request: OfficerRequest) -> HttpResponseBase:
    """``/reports/new/``: a blank card or a copy of one, then its editor."""
    cards = {card.code: card.title for card in queries.list_cards(request.scope)}
    form = NewForm(request.POST if request.method == "POST" else None, cards)
    status = 200
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                return redirect("card_edit", _create(request, form.cleaned_data).code)
        except Problem as problem:
            status = _kept(problem)
            form.add_error(None, problem.message)
    context = {
        "title": "新建成绩单", "form": form, "submit": "新建", "cancel": reverse("cards"),
        "crumbs": [WHOLE, {"name": "新建", "url": ""}],
    }  # fmt: skip
    return render(request, "core/form_page.html", context, status=status)


def _kept(problem: Problem) -> int:
    """The status of a refusal that leaves the page as it was written; another one is raised."""
    if problem.status not in (*KEPT_STATUSES, 404):
        raise problem
    return problem.status


def _create(request: OfficerRequest, said: dict[str, Any]) -> Card:
    copied = queries.get_card(request.scope, said["copied"]).layout if said["copied"] else []
    return actions.create_card(
        code=said["code"], title=said["title"], place=places.get_place(said["place"]), period=said["period"],
        source=said["source"], consists=layout.read(copied), scope=request.scope, now=clock.now(),
    )  # fmt: skip


@officer_required(COMPOSE)
def card_edit(request: OfficerRequest, code: str) -> HttpResponseBase:
    """``/reports/<code>/edit/``: POST with ``change`` moves, adds or removes on the page alone; without it, saves."""
    card = queries.get_card(request.scope, code)
    request.scope.require(card.place.path, COMPOSE)
    if request.method != "POST":
        said = {"title": card.title, "period": card.period, "source": card.source}
        return _editor(request, card, CardForm(initial=said), layout.read(card.layout), card.version)
    form, seen = CardForm(request.POST), _seen(request)
    consists = editing.read_posted(request.POST.dict(), editing.by_name(_names()))
    if change := request.POST.get("change", ""):
        return _editor(request, card, form, layout.edited(consists, change), seen)
    try:
        if form.is_valid():
            made = actions.change_card(
                card=card,
                consists=consists,
                seen=seen,
                scope=request.scope,
                now=clock.now(),
                **form.cleaned_data,
            )
            messages.success(request, f"已保存（第 {made.version} 稿）。")
            return redirect("card", code)
        status = 422
    except Problem as problem:
        status = _kept(problem)
        form.add_error(None, problem.message)
    return _editor(request, card, form, consists, seen, status)


def _seen(request: OfficerRequest) -> int:
    text = request.POST.get("seen", "")
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def _names() -> dict[str, str]:
    return dict(Indicator.objects.order_by("position", "code").values_list("code", "name"))


def _editor(
    request: OfficerRequest, card: Card, form: CardForm, consists: Layout, seen: int, status: int = 200
) -> HttpResponseBase:
    names = _names()
    context = _preview(request, card, consists) | {
        "title": f"编辑：{card.title}", "card": card, "form": form, "seen": seen,
        "layout": editing.shown(consists, names), "names": sorted(editing.by_name(names)),
        "comparisons": layout.COMPARISONS.items(),
        "crumbs": [
            WHOLE, {"name": card.title, "url": reverse("card", args=[card.code])}, {"name": "编辑", "url": ""}
        ],
    }  # fmt: skip
    return render(request, "reports/edit.html", context, status=status)


def _preview(request: OfficerRequest, card: Card, consists: Layout) -> dict[str, Any]:
    """The card of what was written so far, for its own place and period where these may be seen."""
    return shown(content_of(request, card, asked_for(request, card), consists))


@require_POST
@officer_required(COMPOSE)
def card_preview(request: OfficerRequest, code: str) -> HttpResponseBase:
    """``/reports/<code>/preview/``: the part of the editor that shows the card as written so far."""
    card = queries.get_card(request.scope, code)
    request.scope.require(card.place.path, COMPOSE)
    consists = editing.read_posted(request.POST.dict(), editing.by_name(_names()))
    return render(request, "reports/_card.html", _preview(request, card, consists))
