"""Pages of bulletins: what there is, a new one, one as it reads now, its editor, freezing, a frozen revision."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.text import get_valid_filename
from django.views.decorators.http import require_POST

from puyou.accounts.models import Organisation
from puyou.accounts.views.decorators import OfficerRequest, officer_required
from puyou.core import clock
from puyou.core.problems import Problem
from puyou.core.tables import Column, Empty, Table, export, export_asked, listing
from puyou.indicators import queries as indicators
from puyou.indicators.asking import own_place
from puyou.indicators.engine import Reader
from puyou.indicators.models import Indicator
from puyou.indicators.periods import MONTH, Period
from puyou.places import queries as places
from puyou.reports import problems
from puyou.reports.bulletins import actions, composing, files, queries, text, writing
from puyou.reports.bulletins.company import FIGURES
from puyou.reports.bulletins.kinds import get_kind, kinds
from puyou.reports.bulletins.models import Bulletin
from puyou.reports.bulletins.queries import COMPOSE
from puyou.reports.bulletins.text import Section

KEPT_STATUSES = (400, 404, 409, 422)  # refusals that leave what was written on the page
WHOLE = {"name": "一键成文", "url": "/reports/bulletins/"}

BULLETINS = Table(
    code="bulletins", title="公文稿", counter="份",
    columns=(
        Column("标题", "title", head=True, link=lambda each: reverse("bulletin", args=[each.pk])),
        Column("种类", lambda each: get_kind(each.kind).name),
        Column("地区", "place.name"),
        Column("时期", lambda each: each.when.label),
        Column("企业", lambda each: each.company.name if each.company else "", minor=True),
        Column("定稿", lambda each: f"第{each.latest}版" if each.latest else "未定稿"),
        Column("修改", "changed_at", format="moment", minor=True),
    ),
    empty=Empty("还没有公文稿。", "点“新建”，选种类、地区和时期，系统按现有数字写出全文，再由人修改。"),
)  # fmt: skip
REVISIONS = Table(
    code="bulletin_revisions", title="定稿", counter="版",
    columns=(
        Column(
            "版次", lambda each: f"第{each.number}版", head=True,
            link=lambda each: reverse("bulletin_revision", args=[each.pk]),
        ),
        Column("定稿人", lambda each: each.by.name if each.by else ""),
        Column("定稿时间", "at", format="moment"),
        Column("SHA-256", "sha256", minor=True),
    ),
    empty=Empty("还没有定稿。", "核对全文后点“定稿”。"),
)  # fmt: skip
SOURCES = Table(
    code="bulletin_sources", title="数字出处", counter="项", page_size=200,
    columns=(
        Column("序号", lambda each: each["number"]),
        Column("指标", lambda each: each["name"], head=True, link=lambda each: each["link"] or None),
        Column("文中", lambda each: each["text"]),
        Column("地区", lambda each: each["place_name"] or each["place"]),
        Column("时期", lambda each: each["period_label"]),
        Column("算式", lambda each: each["arithmetic"], minor=True),
        Column("缺数原因", lambda each: each["missing"], minor=True),
        Column("口径出处", lambda each: each["definition"]["source"] if each["definition"] else "", minor=True),
        Column("占位", lambda each: each["placeholder"], minor=True),
    ),
    empty=Empty("文中没有引用数字。", "在句子里写花括号和指标代码。"),
)  # fmt: skip


class NewForm(forms.Form):
    """Of what, where and when a bulletin is written."""

    kind = forms.ChoiceField(label="种类")
    place = forms.CharField(label="地区代码", max_length=12)
    period = forms.CharField(label="时期", max_length=24, help_text="如 2026-10、2026-Q3、2026")
    company = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="企业",
        required=False,
        empty_label="不指明",
        help_text="约谈提纲须指明企业",
    )

    def __init__(self, said: Any, request: OfficerRequest, **more: Any) -> None:
        super().__init__(said, **more)
        self.fields["kind"].choices = [(each.code, each.name) for each in kinds().values()]  # type: ignore[attr-defined]
        self.fields["company"].queryset = queries.list_companies(request.scope)  # type: ignore[attr-defined]


class HeadForm(forms.Form):
    """Head of a bulletin."""

    title = forms.CharField(label="标题", max_length=80)
    office = forms.CharField(label="发文机关", max_length=60)
    document_number = forms.CharField(
        label="发文字号", max_length=40, required=False, help_text="如 黔邮管〔2026〕12号"
    )


@officer_required(COMPOSE)
def bulletin_list(request: OfficerRequest) -> HttpResponseBase:
    """``/reports/bulletins/``: the bulletins of one's places."""
    rows = queries.list_bulletins(request.scope)
    if export_asked(request, BULLETINS):
        return export(request, BULLETINS, rows, scope="管辖范围")
    return render(
        request,
        "reports/bulletins/list.html",
        {"title": "一键成文", "table": listing(request, BULLETINS, rows)},
    )


def _latest() -> str:
    before = Period.of(MONTH, clock.today()).previous()
    assert before is not None  # only spans have none
    return before.name


@officer_required(COMPOSE)
def bulletin_new(request: OfficerRequest) -> HttpResponseBase:
    """``/reports/bulletins/new/?place=&period=``: what to write about; then its editor with all sentences written."""
    asked = {name: request.GET.get(name, "")[:24] for name in ("kind", "place", "period")}
    first = {"place": asked["place"] or own_place(request.scope).code, "period": asked["period"] or _latest()}
    initial = first | {"kind": asked["kind"]}
    form = NewForm(request.POST if request.method == "POST" else None, request, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                return redirect("bulletin_edit", _written(request, form.cleaned_data).pk)
        except Problem as problem:
            status = _kept(problem)
            form.add_error(None, problem.message)
    context = {
        "title": "新建公文", "form": form, "submit": "成文", "cancel": reverse("bulletins"),
        "sentence": "系统按所选地区和时期的现有数字写出全文；句子由人修改，数字始终与指标相连。",
        "crumbs": [WHOLE, {"name": "新建", "url": ""}],
    }  # fmt: skip
    return render(request, "core/form_page.html", context, status=status)


def _kept(problem: Problem) -> int:
    """The status of a refusal that leaves the page as it was written; another one is raised."""
    if problem.status not in KEPT_STATUSES:
        raise problem
    return problem.status


def _reader(request: OfficerRequest) -> Reader:
    return Reader(request.scope, clock.today())


def _written(request: OfficerRequest, said: dict[str, Any]) -> Bulletin:
    return actions.write_bulletin(
        kind=said["kind"], place=places.get_place(said["place"]), period=indicators.parse_period(said["period"]),
        company=said["company"], reader=_reader(request), now=clock.now(),
    )  # fmt: skip


def _content(request: OfficerRequest, bulletin: Bulletin, sections: Sequence[Section]) -> dict[str, Any]:
    return composing.compose(_reader(request), bulletin, sections, clock.now())


def _shown(content: dict[str, Any]) -> dict[str, Any]:
    """A composed paper for its template: every piece with its source at hand."""
    by_number = {each["number"]: each for each in content["sources"]}
    sections = [
        {
            "title": f"{files.numeral(at)}、{section['title']}",
            "sentences": [
                [piece | {"of": by_number.get(piece.get("source", 0))} for piece in pieces]
                for pieces in section["sentences"]
            ],
        }
        for at, section in enumerate(content["sections"], 1)
    ]
    known = sum(each["value"] is not None for each in content["sources"])
    told = f"引用 {len(content['sources'])} 个数字，{known} 个有数。"
    return {"content": content, "paper": sections, "told": told}


@officer_required(COMPOSE)
def bulletin_detail(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """``/reports/bulletins/<pk>/``: the bulletin with the figures of now, and its frozen revisions."""
    bulletin = queries.get_bulletin(request.scope, pk)
    content = _content(request, bulletin, text.read(bulletin.sections))
    if export_asked(request, SOURCES):
        return export(request, SOURCES, content["sources"], scope=bulletin.title)
    context = _shown(content) | {
        "title": bulletin.title, "bulletin": bulletin, "crumbs": [WHOLE, {"name": bulletin.title, "url": ""}],
        "table": listing(request, SOURCES, content["sources"], scope=bulletin.place.name),
        "revisions": listing(request, REVISIONS, queries.list_revisions(request.scope, bulletin)),
    }  # fmt: skip
    return render(request, "reports/bulletins/detail.html", context)


@officer_required(COMPOSE)
def bulletin_edit(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """``/reports/bulletins/<pk>/edit/``: POST with ``change`` writes anew or changes sections on the page alone."""
    bulletin = queries.get_bulletin(request.scope, pk)
    if request.method != "POST":
        head = {name: getattr(bulletin, name) for name in HeadForm.base_fields}
        return _editor(
            request, bulletin, HeadForm(initial=head), text.read(bulletin.sections), bulletin.version
        )
    form, sections, seen = HeadForm(request.POST), text.posted(request.POST.dict()), _seen(request)
    if change := request.POST.get("change", ""):
        return _editor(request, bulletin, form, _changed(request, bulletin, sections, change), seen)
    status = 422
    try:
        if form.is_valid():
            made = actions.change_bulletin(
                bulletin=bulletin, sections=sections, seen=seen, scope=request.scope, now=clock.now(),
                **form.cleaned_data,
            )  # fmt: skip
            messages.success(request, f"已保存（第 {made.version} 稿）。")
            return redirect("bulletin", pk)
    except Problem as problem:
        status = _kept(problem)
        form.add_error(None, problem.message)
    return _editor(request, bulletin, form, sections, seen, status)


def _changed(
    request: OfficerRequest, bulletin: Bulletin, sections: tuple[Section, ...], change: str
) -> tuple[Section, ...]:
    if change == "rewrite":
        resolver = composing.resolver_of(_reader(request), bulletin)
        return writing.write(resolver, get_kind(bulletin.kind))
    if change == "add":
        return (*sections, Section(""))
    verb, _, at = change.partition(":")
    if verb == "remove" and at.isascii() and at.isdigit() and len(at) < 4:
        return tuple(each for number, each in enumerate(sections) if number != int(at))
    return sections


def _seen(request: OfficerRequest) -> int:
    said = request.POST.get("seen", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 9 else 0


def _editor(
    request: OfficerRequest, bulletin: Bulletin, form: HeadForm, sections: Sequence[Section], seen: int,
    status: int = 200,
) -> HttpResponseBase:  # fmt: skip
    names = dict(Indicator.objects.order_by("position", "code").values_list("code", "name"))
    company = {code: each.name for code, each in FIGURES.items()} if bulletin.company else {}
    context = _shown(_content(request, bulletin, sections)) | {
        "title": f"编辑：{bulletin.title}", "bulletin": bulletin, "form": form, "seen": seen,
        "sections": [
            {"title": each.title, "text": "\n".join(each.sentences), "rows": len(each.sentences) * 2 + 1}
            for each in sections
        ],
        "names": (names | company).items(),
        "crumbs": [
            WHOLE, {"name": bulletin.title, "url": reverse("bulletin", args=[bulletin.pk])},
            {"name": "编辑", "url": ""},
        ],
    }  # fmt: skip
    return render(request, "reports/bulletins/edit.html", context, status=status)


@require_POST
@officer_required(COMPOSE)
def bulletin_preview(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """``/reports/bulletins/<pk>/preview/``: the part of the editor that shows the paper as written so far."""
    bulletin = queries.get_bulletin(request.scope, pk)
    shown = _shown(_content(request, bulletin, text.posted(request.POST.dict())))
    return render(request, "reports/bulletins/_paper.html", shown)


@require_POST
@officer_required(COMPOSE)
def bulletin_freeze(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """``/reports/bulletins/<pk>/freeze/``: freeze the bulletin with the figures of now."""
    bulletin = queries.get_bulletin(request.scope, pk)
    try:
        made = actions.freeze_bulletin(
            bulletin=bulletin, seen=_seen(request), reader=_reader(request), by=request.user, now=clock.now()
        )
    except Problem as problem:
        _kept(problem)
        messages.error(request, problem.message)
        return redirect("bulletin", pk)
    messages.success(request, f"已定稿为第{made.number}版。")
    return redirect("bulletin_revision", made.pk)


@officer_required(COMPOSE)
def bulletin_revision(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """``/reports/bulletins/revisions/<pk>/``: a bulletin as it was frozen."""
    revision = queries.get_revision(request.scope, pk)
    content, newest = revision.content, queries.newest_of(revision)
    if export_asked(request, SOURCES):
        return export(request, SOURCES, content["sources"], scope=str(revision))
    whole = {"name": revision.bulletin.title, "url": reverse("bulletin", args=[revision.bulletin_id])}
    context = _shown(content) | {
        "title": content["title"], "revision": revision, "newest": newest if newest.pk != revision.pk else None,
        "crumbs": [WHOLE, whole, {"name": f"第{revision.number}版", "url": ""}],
        "table": listing(request, SOURCES, content["sources"]),
    }  # fmt: skip
    return render(request, "reports/bulletins/revision.html", context)


@officer_required(COMPOSE)
def bulletin_file(request: OfficerRequest, pk: int, kind: str) -> HttpResponseBase:
    """``/reports/bulletins/revisions/<pk>/file.<kind>``: docx or PDF, the bytes that were kept."""
    revision = queries.get_revision(request.scope, pk)
    if kind not in files.KINDS:
        raise problems.UNKNOWN_FILE(kind=kind[:10])
    data = bytes(revision.docx if kind == "docx" else revision.pdf)
    name = get_valid_filename(f"{revision.content['title']}_第{revision.number}版")
    headers = {"Content-Disposition": content_disposition_header(True, f"{name}.{kind}") or "attachment"}
    return HttpResponse(data, content_type=files.KINDS[kind], headers=headers)
