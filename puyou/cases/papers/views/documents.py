"""Pages about the documents of a case: writing and issuing them, and their bytes."""

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from puyou.accounts.views.decorators import OfficerRequest, officer_required
from puyou.cases import problems, queries
from puyou.cases.models import Case, DocumentDraft, DocumentTemplate
from puyou.cases.papers import drafting, issuing, scans, showing, templating
from puyou.cases.papers.forms import (
    DocumentForm,
    DraftForm,
    GroundForm,
    IssueForm,
    NewDraftForm,
    ScanForm,
    TemplateForm,
)
from puyou.cases.papers.kinds import KINDS
from puyou.cases.papers.views.common import filled_in, filled_in_at, own_case
from puyou.cases.relations import HANDLE
from puyou.cases.views.asking import actor_of
from puyou.core import clock
from puyou.evidence import sniffing

PUBLISH = "cases.publish_procedure"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@officer_required()
def document_new(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Write and issue a document of the case."""
    actor = actor_of(request)
    case = own_case(actor, pk)
    form = DocumentForm(request.POST or None)

    def issue() -> str:
        made = issuing.issue_document(case_id=pk, actor=actor, now=clock.now(), **form.cleaned_data)
        return f"已制发：{made.number}。"

    page = {"title": f"制发文书 · {case.number}", "sentence": case.title, "submit": "编号并制发"}
    return filled_in(request, pk, form, issue, page)


@officer_required()
def document_bytes(request: HttpRequest, pk: int, document: int) -> HttpResponseBase:
    """The kept bytes of a document, to whoever may see its case."""
    actor = actor_of(request)
    case = queries.get_case(actor.scope, pk, actor.user)
    found = showing.visible_documents(case, actor).filter(pk=document).first()
    if found is None:
        raise problems.UNKNOWN_DOCUMENT()
    return _saved(bytes(found.data), found.type, f"{found.sha256[:16]}{sniffing.TYPES[found.type].suffix}")


@officer_required()
def draft_new(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Begin a draft in the words of its template."""
    actor = actor_of(request)
    case = own_case(actor, pk)
    form = NewDraftForm(request.POST or None)

    def begin() -> str:
        made = drafting.begin_draft(case, form.cleaned_data["kind"], actor, clock.now())
        return f"已拟稿：{KINDS[made.kind].name}。"

    page = {
        "title": f"拟文书稿 · {case.number}",
        "sentence": "按现行模板拟稿，可以修改后再制发。",
        "submit": "拟稿",
    }
    return filled_in(request, pk, form, begin, page)


@officer_required()
def draft_edit(request: HttpRequest, pk: int, draft: int) -> HttpResponseBase:
    """Write on a draft; a stale form keeps what was written."""
    actor = actor_of(request)
    case = own_case(actor, pk)
    found = _draft(case, draft)
    first = {"to": found.to, "text": found.text, "seen": found.changed_at.isoformat()}
    form = DraftForm(request.POST or None, initial=first)

    def save() -> str:
        said = form.cleaned_data
        seen = datetime.fromisoformat(said["seen"]) if said["seen"] == first["seen"] else EPOCH
        drafting.save_draft(
            case_id=pk,
            draft_id=draft,
            to=said["to"],
            text=said["text"],
            seen=seen,
            actor=actor,
            now=clock.now(),
        )
        return "已保存文书稿。"

    page = {
        "title": f"修改文书稿 · {case.number}",
        "sentence": f"{KINDS[found.kind].name}；按文书模板第 {found.template.version} 版拟稿。",
        "submit": "保存",
    }
    return filled_in(request, pk, form, save, page)


@officer_required()
def draft_issue(request: HttpRequest, pk: int, draft: int) -> HttpResponseBase:
    """Number and issue a draft as it is."""
    actor = actor_of(request)
    case = own_case(actor, pk)
    found = _draft(case, draft)
    form = IssueForm(request.POST or None)

    def issue() -> str:
        made = issuing.issue_draft(
            case_id=pk, draft_id=draft, form=form.cleaned_data["form"], actor=actor, now=clock.now()
        )
        return f"已制发：{made.number}。"

    page = {
        "title": f"制发文书 · {case.number}",
        "sentence": f"{KINDS[found.kind].name}，送{found.to}。制发后编号并存档，不能再改。",
        "submit": "编号并制发",
    }
    return filled_in(request, pk, form, issue, page)


@officer_required()
def draft_drop(request: HttpRequest, pk: int, draft: int) -> HttpResponseBase:
    """Throw a draft away with a ground."""
    actor = actor_of(request)
    case = own_case(actor, pk)
    found = _draft(case, draft)
    form = GroundForm(request.POST or None)

    def drop() -> str:
        ground = form.cleaned_data["ground"]
        drafting.drop_draft(case_id=pk, draft_id=draft, ground=ground, actor=actor, now=clock.now())
        return f"已作废文书稿：{KINDS[found.kind].name}。"

    page = {"title": f"作废文书稿 · {case.number}", "sentence": KINDS[found.kind].name, "submit": "作废"}
    return filled_in(request, pk, form, drop, page)


def _draft(case: Case, pk: int) -> DocumentDraft:
    found = case.drafts.select_related("template").filter(pk=pk, status=DocumentDraft.Status.DRAFT).first()
    if found is None:
        raise problems.UNKNOWN_DRAFT()
    return found


@officer_required()
def scan_tie(request: HttpRequest, pk: int, document: int) -> HttpResponseBase:
    """Say which file of the case is the stamped copy of a document."""
    actor = actor_of(request)
    case = own_case(actor, pk)
    found = case.documents.defer("data").filter(pk=document).first()
    if found is None:
        raise problems.UNKNOWN_DOCUMENT()
    files = case.attachments.filter(type__in=scans.FIT, withdrawn_at=None, scan_of=None).order_by("-pk")
    form = ScanForm(request.POST or None, files)

    def tie() -> str:
        chosen = int(form.cleaned_data["attachment"])
        scans.tie_scan(case_id=pk, document_id=document, attachment_id=chosen, actor=actor, now=clock.now())
        return f"已登记 {found.number} 的盖章扫描件。"

    page = {
        "title": f"登记扫描件 · {case.number}",
        "sentence": f"{found.number}（SHA-256 {found.sha256[:16]}…）",
        "submit": "登记",
    }
    return filled_in(request, pk, form, tie, page)


@officer_required(HANDLE)
def template_list(request: OfficerRequest) -> HttpResponseBase:
    """Every kind of document with its versions."""
    held = DocumentTemplate.objects.defer("data").order_by("kind", "-version")
    rows = [
        {"kind": kind, "versions": [one for one in held if one.kind == code]} for code, kind in KINDS.items()
    ]
    context = {"title": "文书模板", "rows": rows, "may_publish": request.scope.may(PUBLISH)}
    return render(request, "cases/templates.html", context)


@officer_required(HANDLE)
def template_bytes(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The layout of a version."""
    found = DocumentTemplate.objects.filter(pk=pk).first()
    if found is None:
        raise problems.UNKNOWN_DOCUMENT()
    return _saved(bytes(found.data), sniffing.DOCX, f"{found.kind}-{found.version}.docx")


@officer_required(PUBLISH)
def template_new(request: OfficerRequest, code: str) -> HttpResponseBase:
    """Publish a new version of a kind's words and layout."""
    if code not in KINDS:
        raise problems.UNKNOWN_DOCUMENT_KIND()
    newest = DocumentTemplate.objects.defer("data").filter(kind=code).order_by("-version").first()
    first = {"text": newest.text if newest else KINDS[code].text, "valid_from": clock.today()}
    form = TemplateForm(request.POST or None, request.FILES or None, initial=first)

    def publish() -> str:
        made = templating.publish_template(
            kind=code, **form.cleaned_data, by=request.scope.name, now=clock.now()
        )
        return f"已发布{KINDS[code].name}模板第 {made.version} 版。"

    page = {
        "title": f"发布新版模板 · {KINDS[code].name}",
        "sentence": "已拟的稿子和已制发的文书仍按原版；新版自所填之日起用。",
        "submit": "发布",
    }
    return filled_in_at(request, "/cases/templates/", form, publish, page)


def _saved(data: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
