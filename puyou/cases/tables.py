"""The list of cases as declared: its columns and its filters."""

from typing import Any, ClassVar

from django import forms
from django.utils.html import format_html

from puyou.accounts.scopes import Scope
from puyou.cases import queries, reading
from puyou.cases.models import Case, ProcedureVersion
from puyou.core import clock, formats
from puyou.core.filters import Filters
from puyou.core.tables import Column, Empty, Table

MOST_COUNTED = 10_000
STANDINGS = {"open": "办理中", "closed": "已办结"}


def address_of(case: Case) -> str:
    """The page of one case."""
    return f"/cases/{case.pk}/"


class CaseFilters(Filters):
    """By words, procedure, standing and what is due."""

    q = forms.CharField(label="查找", max_length=60, required=False)
    procedure = forms.ChoiceField(label="程序", required=False)
    standing = forms.ChoiceField(label="进展", choices=[("", "全部"), *STANDINGS.items()], required=False)
    lookups: ClassVar[dict[str, str]] = {"procedure": "version__procedure__code"}

    def __init__(self, asked: Any) -> None:
        super().__init__(asked)
        kinds = queries.list_procedures(Scope.public()).values_list("code", "name")
        self.fields["procedure"].choices = [("", "全部"), *kinds]  # type: ignore[attr-defined]

    def narrow(self, rows: Any, values: Any) -> Any:
        rows = super().narrow(rows, values)
        if values.get("standing"):
            rows = rows.filter(closed_at__isnull=values["standing"] == "open")
            rows = queries.by_due(rows) if values["standing"] == "open" else rows
        return queries.search(rows, values["q"]) if values.get("q") else rows


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
