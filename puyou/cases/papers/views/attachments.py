"""Pages about the files of a case: adding one, looking at one, taking one back."""

from collections.abc import Callable
from functools import wraps

from django.db import transaction
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_safe

from puyou.accounts.views.decorators import officer_required
from puyou.cases import events, problems, queries, reading
from puyou.cases.models import Attachment, Case
from puyou.cases.names import Actor
from puyou.cases.papers import actions, attaching, bare, checklist
from puyou.cases.papers.attaching import Upload
from puyou.cases.papers.forms import AttachmentForm, GroundForm
from puyou.cases.papers.views.common import filled_in
from puyou.cases.views.asking import actor_of
from puyou.core import clock
from puyou.evidence import shelf, sniffing

MOST = sniffing.LARGEST + sniffing.MIB  # the form around the file is small
SWALLOW = 400 * sniffing.MIB  # read and dropped, so that the browser shows the answer and no broken line
Page = Callable[..., HttpResponseBase]


def refusing_large(view: Page) -> Page:
    """Refuse an upload by its announced size, before anything of it is parsed or written."""
    protected = csrf_protect(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: int, **kwargs: int) -> HttpResponseBase:
        size = int(request.META.get("CONTENT_LENGTH") or 0)
        if size <= MOST:
            return protected(request, *args, **kwargs)
        if size <= SWALLOW:
            while request.read(sniffing.MIB):
                pass
        limit, said = sniffing.LARGEST // sniffing.MIB, -(-size // sniffing.MIB)
        raise problems.UPLOAD_TOO_LARGE(limit=limit, size=said)

    return csrf_exempt(guarded)


@refusing_large
@officer_required()
def attachment_new(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Add a file to a case; ``?material=CODE`` proposes the paper of the checklist that it is."""
    actor = actor_of(request)
    case = queries.get_case(actor.scope, pk, actor.user)
    held = reading.relations_held(case, actor)
    if not held & attaching.ATTACHING:
        raise problems.NOT_YOURS()
    items = checklist.items_of(case, reading.definition_of(case.version_id))
    inside = attaching.side_of(case, actor, held) in attaching.INSIDE
    form = AttachmentForm(
        request.POST or None,
        request.FILES or None,
        items=items,
        inside=inside,
        asked=request.GET.get("material", ""),
    )

    def attach() -> str:
        data = form.cleaned_data
        made = attaching.attach_file(
            case_id=pk,
            upload=Upload(data["file"].name, data["file"].chunks(shelf.PIECE)),
            material=data["material"],
            shared=data["shared"],
            actor=actor,
            now=clock.now(),
        )
        return f"已添加附件：{made.name}。"

    page = {
        "title": f"添加附件 · {case.number}",
        "sentence": f"可用：{sniffing.listed()}。"
        "按内容识别类型，另存文件的哈希（SHA-256 与 SM3）；照片给人看的副本去掉拍摄信息。",
        "submit": "上传",
    }
    return filled_in(request, pk, form, attach, page)


@require_safe
@officer_required()
def attachment_bytes(request: HttpRequest, pk: int, paper: int) -> HttpResponseBase:
    """A file: a picture as its bare copy, anything else to be saved. ``?original=1``: the office's, on record."""
    actor = actor_of(request)
    case = queries.get_case(actor.scope, pk, actor.user)
    found = attaching.visible_files(case, actor).filter(pk=paper).first()
    if found is None:
        raise problems.UNKNOWN_FILE()
    if found.withdrawn_at is not None:
        raise problems.FILE_WITHDRAWN()
    if not shelf.is_whole(found.sha256):
        raise problems.FILE_LOST()
    if request.GET.get("original"):
        return _original(case, found, actor)
    if found.type in sniffing.PICTURES:
        copy = bare.copy_of(found.sha256, found.type)
        return answer(
            FileResponse(copy.open("rb"), content_type=sniffing.JPEG, filename=f"{found.sha256[:12]}.jpg")
        )
    return _saved(found)


def _original(case: Case, found: Attachment, actor: Actor) -> HttpResponseBase:
    if attaching.side_of(case, actor) not in attaching.INSIDE:
        raise problems.NOT_YOURS()
    with transaction.atomic():
        data = {"attachment": found.pk, "sha256": found.sha256}
        actions.say(events.ATTACHMENT_VIEWED, case, actor, clock.now(), data)
    return _saved(found)


def _saved(found: Attachment) -> HttpResponseBase:
    file = shelf.path_of(found.sha256).open("rb")
    return answer(FileResponse(file, content_type=found.type, as_attachment=True, filename=found.name))


def answer(response: FileResponse) -> FileResponse:
    """Bytes that no browser guesses about or runs, no proxy keeps and no other site embeds."""
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


@officer_required()
def attachment_withdraw(request: HttpRequest, pk: int, paper: int) -> HttpResponseBase:
    """Take a file back with its ground."""
    actor = actor_of(request)
    case = queries.get_case(actor.scope, pk, actor.user)
    found = attaching.visible_files(case, actor).filter(pk=paper).first()
    if found is None:
        raise problems.UNKNOWN_FILE()
    if found.withdrawn_at is not None:
        return redirect("case_detail", pk=pk)
    form = GroundForm(request.POST or None)

    def withdraw() -> str:
        ground = form.cleaned_data["ground"]
        attaching.withdraw_file(case_id=pk, attachment_id=paper, ground=ground, actor=actor, now=clock.now())
        return f"已撤回附件：{found.name}。"

    page = {
        "title": f"撤回附件 · {case.number}",
        "sentence": f"{found.name}：撤回后不再显示，名称、哈希与撤回理由留存。",
        "submit": "撤回",
    }
    return filled_in(request, pk, form, withdraw, page)
