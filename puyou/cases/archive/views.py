"""Pages about archives: the list of closed cases, archiving one, and taking its archive away."""

from typing import Any

from django.db import transaction
from django.forms import Form
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from puyou.accounts.views.decorators import officer_required
from puyou.cases import problems, queries
from puyou.cases.archive import archiving, packing, standing, tables
from puyou.cases.archive.archiving import newest_of
from puyou.cases.models import Case
from puyou.cases.papers import actions, attaching
from puyou.cases.papers.views.attachments import answer
from puyou.cases.papers.views.common import filled_in, own_case
from puyou.cases.relations import HANDLE
from puyou.cases.views.asking import actor_of
from puyou.core import clock, formats
from puyou.core.tables import list_page


@officer_required(HANDLE)
def archive_list(request: HttpRequest) -> HttpResponseBase:
    """Closed cases with the end of their keeping; page or file."""
    actor = actor_of(request)
    rows = tables.list_closed(actor.scope, actor.user)
    sentence = "已办结的案件、保存期限和归档情况；保存期限按办理程序自办结日起算。"
    return list_page(
        request,
        tables.ARCHIVES,
        rows,
        filters=tables.ArchiveFilters,
        scope="已办结案件",
        context={"sentence": sentence},
    )


@officer_required()
def archive_new(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Archive a closed case; once more when papers came after."""
    actor = actor_of(request)
    case = own_case(actor, pk)
    if case.closed_at is None:
        raise problems.NOT_CLOSED()

    form = Form(request.POST if request.method == "POST" else None)

    def archive() -> str:
        made = archiving.archive_case(case_id=pk, actor=actor, now=clock.now())
        return f"已归档，共 {made.files} 个文件；目录 SM3 {made.sm3[:16]}…。"

    page = {"title": f"归档 · {case.number}", "sentence": _sentence(case), "submit": "归档"}
    return filled_in(request, pk, form, archive, page)


def _sentence(case: Case) -> str:
    documents, files = case.documents.count(), case.attachments.filter(withdrawn_at=None).count()
    kept = formats.day(case.retain_until)
    return (
        f"{case.title}：归档办理经过、{documents} 份文书和 {files} 个附件的原件，逐件记录哈希（SHA-256 与 SM3），"
        f"保存至{kept}。归档后补充的文书和附件需再次归档。"
    )


@require_safe
@officer_required()
def archive_bytes(request: HttpRequest, pk: int, archive: int) -> HttpResponseBase:
    """The ZIP of an archive, to the office alone and on record."""
    actor = actor_of(request)
    case = queries.get_case(actor.scope, pk, actor.user)
    if attaching.side_of(case, actor) not in attaching.INSIDE:
        raise problems.NOT_YOURS()
    found = case.archives.select_related("case").filter(pk=archive).first()
    if found is None:
        raise problems.UNKNOWN_ARCHIVE()
    with transaction.atomic():
        made = packing.pack(found)
        archiving.note_taken(archive=found, actor=actor, now=clock.now())
    name = f"{found.case.number}.zip"
    return answer(FileResponse(made, content_type="application/zip", as_attachment=True, filename=name))


def archive_of(case: Case, held: frozenset[str]) -> dict[str, Any]:
    """The context of the section 归档 on the page of a case."""
    if case.closed_at is None:
        return {"may_see_archive": False}
    newest = newest_of(case)
    return {
        "may_see_archive": bool(held & attaching.INSIDE),
        "may_archive": bool(held & actions.REVIEWING),
        "archive": newest,
        "archive_stale": newest is not None and standing.is_stale(case),
    }
