"""Files of one entry: adding one, saving one, taking one back."""

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from puyou.accounts.views.decorators import officer_required
from puyou.core import clock
from puyou.evidence import shelf, sniffing
from puyou.ledgers import actions, forms, powers, problems, queries, reading
from puyou.ledgers.actions import Upload
from puyou.ledgers.models import LedgerEntry, LedgerFile
from puyou.ledgers.views.common import act_or_show, scope_of, trail, user_of


@officer_required(powers.FILL)
def file_new(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Add a file to an entry."""
    entry = _own(request, pk)
    found = reading.definition_of(entry.version)
    fields = [(field.code, field.name) for field in found.of_type("attachment")]
    if not fields:
        raise problems.UNKNOWN_FILE()
    form = forms.FileForm(request.POST or None, request.FILES or None, fields=fields)

    def act() -> str:
        upload = form.cleaned_data["file"]
        made = actions.attach_file(
            entry_id=pk, field=form.cleaned_data["field"], upload=Upload(str(upload.name), upload.chunks(shelf.PIECE)),
            scope=scope_of(request), by=user_of(request), now=clock.now(),
        )  # fmt: skip
        return f"已添加附件：{made.name}。"

    page = _page(entry, "添加附件") | {
        "submit": "上传",
        "sentence": f"可用：{sniffing.listed()}。按内容识别类型，另存哈希（SHA-256 与 SM3）。",
    }
    return act_or_show(request, form, act, page, then=lambda: str(page["cancel"]))


@officer_required("see")
def file_bytes(request: HttpRequest, pk: int, paper: int) -> HttpResponseBase:
    """A file to be saved; never opened by the browser as a page."""
    entry = queries.get_entry(scope_of(request), pk)
    found = _file(entry, paper)
    if not shelf.is_whole(found.sha256):
        raise problems.FILE_LOST()
    response = FileResponse(
        shelf.path_of(found.sha256).open("rb"),
        content_type=found.type,
        as_attachment=True,
        filename=found.name,
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@officer_required(powers.FILL)
def file_withdraw(request: HttpRequest, pk: int, paper: int) -> HttpResponseBase:
    """Take a file back with its ground."""
    entry = _own(request, pk)
    found = _file(entry, paper)
    form = forms.GroundForm(request.POST or None, initial={"turn": entry.turn})

    def act() -> str:
        actions.withdraw_file(
            entry_id=pk, file_id=paper, ground=form.cleaned_data["ground"], scope=scope_of(request),
            by=user_of(request),
            now=clock.now(),
        )  # fmt: skip
        return f"已撤回附件：{found.name}。"

    page = _page(entry, "撤回附件") | {
        "submit": "撤回",
        "sentence": f"{found.name}：撤回后不再提供，名称、哈希与理由留存。",
    }
    return act_or_show(request, form, act, page, then=lambda: str(page["cancel"]))


def _own(request: HttpRequest, pk: int) -> LedgerEntry:
    scope = scope_of(request)
    entry = queries.get_entry(scope, pk)
    found = reading.definition_of(entry.version)
    if not powers.may_edit(scope, entry, found):
        raise problems.NOT_FILLER(kind=found.name, who=powers.SIDES[entry.side])
    return entry


def _file(entry: LedgerEntry, paper: int) -> LedgerFile:
    found = entry.files.filter(pk=paper, withdrawn_at=None).first()
    if found is None:
        raise problems.UNKNOWN_FILE()
    return found


def _page(entry: LedgerEntry, name: str) -> dict[str, object]:
    back = reverse("ledger_entry", args=[entry.pk])
    kind = queries.get_kind(entry.kind.code)
    return {
        "title": f"{name}：{entry.title}", "cancel": back,
        "crumbs": trail(kind, (entry.number or "草稿", back), (name, "")),
    }  # fmt: skip
