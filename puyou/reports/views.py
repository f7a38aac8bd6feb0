"""Pages of report cards: what there is, a card as it stands for a place and period, publishing, a frozen revision."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.text import get_valid_filename

from puyou.accounts.views.decorators import OfficerRequest, officer_required
from puyou.core import clock
from puyou.core.problems import Problem
from puyou.core.tables import Column, Empty, Table, export, export_asked, listing
from puyou.indicators import queries as indicators
from puyou.indicators.asking import own_place
from puyou.indicators.engine import Reader
from puyou.places import queries as places
from puyou.reports import actions, composing, drawing, files, layout, queries, signing
from puyou.reports.actions import COMPOSE
from puyou.reports.composing import Asked
from puyou.reports.layout import Layout
from puyou.reports.models import Card, CardRevision

KEPT_STATUSES = (409, 422)  # refusals that leave what was written on the page
WHOLE = {"name": "成绩单", "url": "/reports/"}

CARDS = Table(
    code="cards", title="成绩单", counter="张",
    columns=(
        Column("成绩单", "title", head=True, link=lambda card: reverse("card", args=[card.code])),
        Column("地区", "place.name"),
        Column("时期", lambda card: card.period or "上月"),
        Column("指标", lambda card: sum(len(each["tiles"]) for each in card.layout), format="count"),
        Column("来源", "source", minor=True),
        Column("修改", "changed_at", format="moment", minor=True),
    ),
    empty=Empty("还没有成绩单。", "运行 puyou load_article 和 puyou load_cards，由指标清单建立。"),
)  # fmt: skip
REVISIONS = Table(
    code="card_revisions", title="发布版", counter="版",
    columns=(
        Column("成绩单", "card.title", head=True, link=lambda each: reverse("card_revision", args=[each.pk])),
        Column("地区", "place.name"),
        Column("时期", lambda each: each.when.label),
        Column("版次", lambda each: f"第{each.number}版"),
        Column("公开", lambda each: "向社会公开" if each.public else "内部"),
        Column("发布", "at", format="moment"),
        Column("说明", "note", minor=True),
    ),
    empty=Empty("还没有发布过。", "打开一张成绩单，核对后点“发布”。"),
)  # fmt: skip
FIGURES = Table(
    code="card_figures", title="全部数字", counter="项", page_size=200,
    columns=(
        Column("节", lambda row: row[0], minor=True),
        Column("指标", lambda row: row[1]["name"], head=True, link=lambda row: _trace(row[1])),
        Column("数值", lambda row: row[1]["shown"]),
        Column("比较", lambda row: row[1]["compared"]),
        Column("时期", lambda row: row[1]["period_label"]),
        Column("缺数原因", lambda row: row[1]["missing"], minor=True),
        Column("核实", lambda row: files.VERIFIED.get(row[1]["verification"], "")),
        Column("出处", lambda row: row[1]["source"], minor=True),
    ),
)  # fmt: skip


class AskedForm(forms.Form):
    """Place and period of a card."""

    place = forms.CharField(label="地区代码", max_length=12, required=False)
    period = forms.CharField(
        label="时期", max_length=24, required=False, help_text="如 2019、2026-Q3、2026-10"
    )


class PublishForm(forms.Form):
    """What is said of a revision."""

    note = forms.CharField(label="说明", max_length=300, required=False)
    public = forms.BooleanField(label="向社会公开（任何人可以查看这一版）", required=False)


def _trace(tile: dict[str, Any]) -> str:
    """The indicator's page for a figure's place and period, and on to its rows."""
    asked = urlencode({"place": tile["place"], "period": tile["period"]})
    return f"{reverse('indicator', args=[tile['code']])}?{asked}"


@officer_required("see")
def card_list(request: OfficerRequest) -> HttpResponseBase:
    """``/reports/``: every card, and what was published of one's places or for everybody."""
    cards, revisions = queries.list_cards(request.scope), queries.list_revisions(request.scope)
    for table, rows in ((CARDS, cards), (REVISIONS, revisions)):
        if export_asked(request, table) and request.GET.get("table", CARDS.code) == table.code:
            return export(request, table, rows, scope="管辖范围")
    context = {
        "title": "成绩单", "new": request.scope.may(COMPOSE), "cards": listing(request, CARDS, cards),
        "revisions": listing(request, REVISIONS, revisions),
    }  # fmt: skip
    return render(request, "reports/list.html", context)


def asked_for(request: OfficerRequest, card: Card) -> Asked:
    """The place and period of the address; without a place the card's where it may be seen, else one's own."""
    code, name = request.GET.get("place", "").strip(), request.GET.get("period", "").strip()
    place = places.get_place(code) if code else None
    if place is None and not request.scope.covers(card.place.path):
        place = own_place(request.scope)
    period = indicators.parse_period(name) if name else None
    asked = composing.asked_of(card, place, period, clock.today())
    request.scope.require(asked.place.path)
    return asked


def content_of(
    request: OfficerRequest, card: Card, asked: Asked, consists: Layout | None = None
) -> dict[str, Any]:
    """All that the card says, of its kept layout or of another one."""
    reader = Reader(request.scope, clock.today())
    held = layout.read(card.layout) if consists is None else consists
    return composing.compose(reader, card, held, asked, clock.now())


@officer_required("see")
def card_detail(request: OfficerRequest, code: str) -> HttpResponseBase:
    """``/reports/<code>/?place=&period=``: the card as it stands now."""
    card = queries.get_card(request.scope, code)
    asked = asked_for(request, card)
    content = content_of(request, card, asked)
    revisions = queries.list_revisions(request.scope).filter(
        card=card, place=asked.place, period=asked.period.name
    )
    if export_asked(request, FIGURES):
        return export(request, FIGURES, list(composing.figures(content)), scope=asked.place.name)
    query = urlencode({"place": asked.place.code, "period": asked.period.name})
    may = request.scope.covers(asked.place.path, COMPOSE)
    context = shown(content) | {
        "crumbs": [WHOLE, {"name": card.title, "url": ""}],
        "form": AskedForm({"place": asked.place.code, "period": asked.period.name}),
        "edit": reverse("card_edit", args=[code]) if request.scope.covers(card.place.path, COMPOSE) else "",
        "publish": f"{reverse('card_publish', args=[code])}?{query}" if may else "",
        "revisions": listing(request, REVISIONS, revisions),
        "table": listing(request, FIGURES, list(composing.figures(content)), scope=asked.place.name),
    }  # fmt: skip
    return render(request, "reports/card.html", context)


def shown(content: dict[str, Any], *, linked: bool = True) -> dict[str, Any]:
    """A card for its template: every tile with its small chart and, ``linked``, the way to its rows."""
    sections = [
        section | {"tiles": [_tile(tile, linked) for tile in section["tiles"]]}
        for section in content["sections"]
    ]
    found = list(composing.figures(content))
    known = sum(tile["value"] is not None for _, tile in found)
    sentence = (
        f"{content['place']['name']}，{content['period']['label']}：{len(found)} 项指标，{known} 项有数。"
    )
    return {"title": content["title"], "content": content, "sections": sections, "sentence": sentence}


def _tile(tile: dict[str, Any], linked: bool) -> dict[str, Any]:
    return tile | {"drawn": drawing.draw(tile["chart"], tile["name"]), "link": _trace(tile) if linked else ""}


@officer_required(COMPOSE)
def card_publish(request: OfficerRequest, code: str) -> HttpResponseBase:
    """``/reports/<code>/publish/?place=&period=``: freeze, sign and set the card as it stands now."""
    card = queries.get_card(request.scope, code)
    asked = asked_for(request, card)
    request.scope.require(asked.place.path, COMPOSE)
    back = f"{reverse('card', args=[code])}?place={asked.place.code}&period={asked.period.name}"
    form = PublishForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            made = _publish(request, card, asked, form.cleaned_data)
        except Problem as problem:
            if problem.status not in KEPT_STATUSES:
                raise
            form.add_error(None, problem.message)
            status = problem.status
        else:
            messages.success(request, f"已发布第{made.number}版。")
            return redirect("card_revision", made.pk)
    context = {
        "title": f"发布：{card.title}", "form": form, "submit": "发布", "cancel": back,
        "sentence": f"{asked.place.name}，{asked.period.label}：按现在的数字定稿并签名，发布后不能修改。",
        "crumbs": [WHOLE, {"name": card.title, "url": back}, {"name": "发布", "url": ""}],
    }  # fmt: skip
    return render(request, "core/form_page.html", context, status=status)


def _publish(request: OfficerRequest, card: Card, asked: Asked, said: dict[str, Any]) -> CardRevision:
    return actions.publish_card(
        card=card, asked=asked, content=content_of(request, card, asked), public=said["public"], note=said["note"],
        scope=request.scope, by=request.user, now=clock.now(),
    )  # fmt: skip


@officer_required("see")
def revision_detail(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """``/reports/revisions/<pk>/``: a card as it was published."""
    revision = queries.get_revision(request.scope, pk)
    rows = list(composing.figures(revision.content))
    if export_asked(request, FIGURES):
        return export(request, FIGURES, rows, scope=str(revision))
    address = (
        f"{reverse('card', args=[revision.card.code])}?place={revision.place.code}&period={revision.period}"
    )
    newest = queries.newest_of(revision)
    context = shown(revision.content) | {
        "crumbs": [WHOLE, {"name": revision.card.title, "url": address}, {"name": f"第{revision.number}版", "url": ""}],
        "revision": revision, "newest": newest if newest != revision.number else 0, "kinds": KIND_NAMES,
        "ours": revision.public_key == signing.public_key(), "table": listing(request, FIGURES, rows),
    }  # fmt: skip
    return render(request, "reports/revision.html", context)


KIND_NAMES = (("pdf", "PDF"), ("png", "长图"), ("xlsx", "电子表格"), ("json", "签名文件"))


@officer_required("see")
def revision_file(request: OfficerRequest, pk: int, kind: str) -> HttpResponseBase:
    """``/reports/revisions/<pk>/file.<kind>``: PDF, picture, spreadsheet or signed JSON."""
    revision = queries.get_revision(request.scope, pk)
    return download(revision, kind)


def download(revision: CardRevision, kind: str) -> HttpResponse:
    """A file of a revision, named after it."""
    data = files.file_of(revision, kind)
    name = get_valid_filename(f"{revision.content['title']}_{revision.period}_第{revision.number}版")
    headers = {"Content-Disposition": content_disposition_header(True, f"{name}.{kind}") or "attachment"}
    return HttpResponse(data, content_type=files.KINDS[kind], headers=headers)
