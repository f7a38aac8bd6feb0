"""The list of cases as declared: its columns, and how a case is put into words."""

from dataclasses import replace
from typing import Any

from django.utils.html import format_html

from puyou.cases import reading, wording
from puyou.cases.models import Case, ProcedureVersion
from puyou.core import clock, formats
from puyou.core.tables import Column, Empty, Table

MOST_COUNTED = 10_000


def address_of(case: Case) -> str:
    """The page of one case."""
    return f"/cases/{case.pk}/"


def state_name(case: Case) -> str:
    """The state in words, with its flags."""
    definition = reading.definition_of(case.version_id)
    names = {flag.code: flag.name for flag in definition.flags}
    return "、".join([definition.state(case.state).name, *(names[flag] for flag in case.flags)])


def due_text(case: Case) -> Any:
    """The due date, marked when it has passed or is near; nothing when no clock runs."""
    if case.due_on is None:
        return "—"
    today, text = clock.today(), formats.day(case.due_on)
    if case.due_on < today:
        return format_html('{} <span class="badge danger">超期</span>', text)
    if case.warn_on is not None and case.warn_on <= today:
        return format_html('{} <span class="badge provisional">临期</span>', text)
    return text


CASES = Table(
    code="cases",
    title="案件",
    counter="件",
    most_counted=MOST_COUNTED,
    key="pk",
    data={"revision": "revision"},
    columns=(
        Column("事项", "title", link=address_of, head=True),
        Column("程序", "version.procedure.name", minor=True),
        Column("地点", "place.name", minor=True),
        Column("状态", state_name),
        Column("到期", "due_on", format="day", show=due_text),
        Column("案号", "number", minor=True),
        Column("承办人", "handler", minor=True),
        Column("立案", "opened_at", format="moment", sort="opened_at", minor=True),
    ),
    empty=Empty("没有符合条件的案件。", "收到反映、下达整改或受理申请之后，会出现在这里。"),
)


def searched(text: str) -> Table:
    """The list as it answers a search: beneath each title the words that were found."""
    head, *others = CASES.columns
    shown = replace(head, show=lambda case: _with_snippet(case, text))
    return replace(CASES, columns=(shown, *others))


def _with_snippet(case: Case, text: str) -> Any:
    """The title, and the piece of what people wrote in which the words stand, marked."""
    found = wording.snippet(case, text)
    if found is None:
        return case.title
    return format_html('{}<span class="snippet">…{}<mark>{}</mark>{}…</span>', case.title, *found)


NOTICES = Table(
    code="notices",
    title="办理通知",
    columns=(
        Column("内容", "sentence", link=lambda notice: f"/cases/{notice.case_id}/", head=True),
        Column("案号", "case.number", minor=True),
        Column("时间", "at", format="moment"),
        Column("是否已读", lambda notice: "已读" if notice.read_at else "未读"),
    ),
    empty=Empty("还没有通知。", "您承办、关注或与您有关的案件有进展时，会在这里告诉您。"),
)


def version_address(version: ProcedureVersion) -> str:
    """The page of one version."""
    return f"/cases/procedures/{version.procedure.code}/?version={version.number}"
