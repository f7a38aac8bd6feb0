"""Lists of entries as a definition makes them: columns, sorting and filters without code for any kind."""

from typing import Any

from django import forms
from django.db.models import DecimalField, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from puyou.core.filters import Filters
from puyou.core.problems import Problem
from puyou.core.tables import Column, Empty, Table
from puyou.ledgers import rules
from puyou.ledgers.definition import Definition, Field
from puyou.ledgers.models import LedgerEntry
from puyou.ledgers.reading import Directory
from puyou.ledgers.values import Unfit
from puyou.ledgers.wording import Names, plain

MARKS = {
    rules.DRAFT: "pending", rules.SUBMITTED: "provisional", rules.CONFIRMED: "met", rules.RETURNED: "danger",
    rules.WITHDRAWN: "excused",
}  # fmt: skip
MOST_COUNTED = 100_000


def entry_address(entry: Any) -> str:
    """The page of an entry."""
    return reverse("ledger_entry", args=[entry.pk])


def badge(entry: LedgerEntry) -> SafeString:
    """The state as a mark and a word."""
    return format_html('<span class="badge {}">{}</span>', MARKS[entry.status], entry.get_status_display())


def table_of(found: Definition, names: Names, whole: bool = False) -> Table:
    """The list of a kind; ``whole``: every field is a column, as exports have them."""
    shown = [field for field in found.written if (whole or field.listed) and field.code != found.title]
    title = found.field(found.title)
    assert title is not None
    columns = [
        _column(title, names, head=True),
        Column(found.place_name, "place.name", sort="place__path"),
        *([Column("区划代码", "place.code")] if whole else []),
        *([Column("企业", "operator.name", sort="operator__name", minor=True)] if found.has_operator else []),
        *(_column(field, names) for field in shown),
        Column("状态", lambda row: row.get_status_display(), show=badge, sort="status"),
        Column("编号", lambda row: row.number or "（未编号）", sort="number", minor=not whole),
        *([Column("更新时间", "changed_at", format="moment", sort="changed_at")] if whole else []),
    ]
    return Table(
        code="ledger_entries", title=found.name, counter=found.counter, columns=tuple(columns),
        order="-changed_at", key="pk",
        most_counted=MOST_COUNTED,
        empty=Empty(f"您的管辖范围内没有符合条件的{found.name}。", "可以新增一条，或下载模板、填好后批量导入。"),
    )  # fmt: skip


def _column(field: Field, names: Names, head: bool = False) -> Column:
    formats = {"date": "day", "number": "count", "money": "count"}

    def value(row: Any) -> Any:
        kept = row.data.get(field.code)
        return plain(field, kept) if field.type in formats else names.told(field, kept)

    return Column(
        field.name, value, unit=field.unit if field.numeric else "", format=formats.get(field.type, "text"),
        sort=f"sort_{field.code}" if field.type != "yes_no" else "", head=head, link=entry_address if head else None,
        show=(lambda row: row.title) if head else None,
    )  # fmt: skip


def sortable(rows: QuerySet[LedgerEntry], found: Definition, asked: str) -> QuerySet[LedgerEntry]:
    """The rows with the value that ``?sort=`` asks for, so that they can be ordered by it."""
    field = found.field(asked.removeprefix("-").removeprefix("sort_"))
    if field is None or not asked.removeprefix("-").startswith("sort_"):
        return rows
    text = KeyTextTransform(field.code, "data")
    value = Cast(text, DecimalField(max_digits=24, decimal_places=6)) if field.numeric else text
    return rows.annotate(**{f"sort_{field.code}": value})


class EntryFilters(Filters):
    """What lists of every kind narrow by; ``filters_of`` adds the fields of one."""

    definition: Definition
    q = forms.CharField(label="关键词", required=False, max_length=60)
    place = forms.CharField(label="地区", required=False, max_length=60)
    status = forms.ChoiceField(
        label="状态", required=False, choices=[("", "除作废外"), *LedgerEntry.Status.choices, ("all", "全部")]
    )
    further = ("from", "to")

    def clean_place(self) -> Any:
        text = self.cleaned_data["place"].strip()
        if not text:
            return None
        try:
            return Directory().place(text)
        except (Unfit, Problem) as error:
            raise forms.ValidationError(str(error)) from error

    def narrow(self, rows: QuerySet[Any], values: Any) -> QuerySet[Any]:
        status = values.get("status")
        if status != "all":
            rows = rows.filter(status=status) if status else rows.exclude(status=rules.WITHDRAWN)
        if values.get("place"):
            path = values["place"].path
            rows = rows.filter(place__path__gte=path, place__path__lt=path + "{")
        for word in values.get("q", "").split()[:5]:
            rows = rows.filter(words__icontains=word) | rows.filter(number__icontains=word)
        if values.get("from"):
            rows = rows.filter(begins_on__gte=values["from"])
        if values.get("to"):
            rows = rows.filter(begins_on__lte=values["to"])
        for field in self.definition.fields:
            if field.filtered and values.get(field.code) not in (None, ""):
                rows = _narrowed(rows, field, values[field.code])
        return rows


def _narrowed(rows: QuerySet[Any], field: Field, value: str) -> QuerySet[Any]:
    if field.type == "yes_no":
        return rows.filter(**{f"data__{field.code}": value == "yes"})
    lookup = "" if field.type in ("code", "date") else "__icontains"
    return rows.filter(**{f"data__{field.code}{lookup}": value})


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def filters_of(found: Definition) -> type[EntryFilters]:
    """The filter bar of a kind."""
    fields: dict[str, Any] = {"definition": found}
    for field in found.fields:
        if field.filtered:
            fields[field.code] = _filter(field)
    begins = found.field(found.begins or "")
    if begins is not None:
        fields["from"] = forms.DateField(label=f"{begins.name}自", required=False, widget=DayInput())
        fields["to"] = forms.DateField(label="至", required=False, widget=DayInput())
    return type("KindFilters", (EntryFilters,), fields)


def _filter(field: Field) -> forms.Field:
    if field.type == "code":
        return forms.ChoiceField(label=field.name, required=False, choices=[("", "不限"), *field.pairs])
    if field.type == "yes_no":
        return forms.ChoiceField(
            label=field.name, required=False, choices=[("", "不限"), ("yes", "是"), ("no", "否")]
        )
    return forms.CharField(label=field.name, required=False, max_length=60)


def _kind_address(row: Any) -> str:
    return reverse("ledger", args=[row["code"]])


def _with(status: str) -> Any:
    """The address of a kind's entries in a state, where there are any."""
    counted = {rules.SUBMITTED: "waiting", rules.RETURNED: "returned"}[status]
    return lambda row: f"{_kind_address(row)}?status={status}" if row[counted] else None


KINDS = Table(
    code="ledger_kinds", title="台账类别", counter="类",
    columns=(
        Column("类别", "name", link=_kind_address, head=True, sort="name"),
        Column("分组", "group", sort="group"),
        Column("记录", "alive", format="count", sort="alive", link=_kind_address),
        Column("待确认", "waiting", format="count", sort="waiting", link=_with("submitted")),
        Column("已退回", "returned", format="count", sort="returned", link=_with("returned")),
        Column("由谁填报", "fills", minor=True),
        Column("由谁确认", "confirms", minor=True),
        Column("最近更新", "latest", format="moment", sort="latest", minor=True),
        Column("定义", "version", link=lambda row: reverse("ledger_definition", args=[row["code"]]), minor=True),
    ),
    empty=Empty("还没有台账类别。", "由全国监管部门发布。"),
)  # fmt: skip

VERSIONS = Table(
    code="ledger_versions", exports=False, title="版本", counter="版",
    columns=(
        Column("版本", lambda row: f"第 {row.number} 版", head=True),
        Column("发布时间", "published_at", format="moment"),
        Column("说明", "note"),
        Column("摘要", "digest", show=lambda row: f"{row.digest[:12]}…", minor=True),
    ),
)  # fmt: skip

FIELDS = Table(
    code="ledger_fields", exports=False, title="字段", counter="个", page_size=100,
    columns=(
        Column("字段", "name", head=True),
        Column("代码", "code"),
        Column("类型", "type"),
        Column("单位", "unit"),
        Column("必填", "required"),
        Column("取值", "values"),
        Column("说明", "help", minor=True),
    ),
)  # fmt: skip
