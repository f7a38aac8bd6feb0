"""One list for the whole product: columns declared once give page, sorting, paging, exports and print.

A list page in another room is four declarations: the rows (a queryset of the room's queries), the filters,
the columns, and the door to the form that adds one. Nothing else::

    # registry/tables.py
    class CourierFilters(Filters):
        name = forms.CharField(label="姓名", required=False)
        lookups = {"name": "name__contains"}

    COURIERS = Table(
        code="couriers", title="投递员", counter="人",
        columns=(
            Column("工号", "number", sort="number", link=courier_address, head=True),
            Column("姓名", "name", sort="name"),
            Column("本周到村", "visits_this_week", unit="次", format="count", sort="visits_this_week"),
            Column("无位置占比", "no_position_share", format="rate"),
        ),
        order="number",
        empty=Empty("您的管辖范围内还没有投递员。", "导入投递责任，或由企业登记投递员后，会出现在这里。"),
    )

    # registry/views.py
    @officer_required("see")
    def courier_list(request):
        rows = queries.list_couriers(request.scope)
        door = {"create_address": "/registry/couriers/new/"}
        return list_page(request, COURIERS, rows, filters=CourierFilters, scope="贵州省", context=door)

``list_page`` answers ``?sort=-name``, ``?page=3`` (or ``?after=…`` by keyset) and ``?format=xlsx|csv``. Rows
may be a queryset or a sequence of any objects or dicts. Several tables on one page: build each with
``listing``, include ``core/table.html with table=…`` and give each its own ``code``. A page that needs a fifth
thing writes a plain view around ``listing``, ``export_asked`` and ``export``. Big tables (visits) use
``keyset=("-happened_at", "-id")``: no count, no deep offsets.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from puyou.core import cells, clock, exports, paging
from puyou.core.cells import Column
from puyou.core.filters import Filters

__all__ = ["Column", "Empty", "Listing", "Table", "list_page", "listing"]
Rows = QuerySet[Any] | Sequence[Any]


@dataclass(frozen=True)
class Empty:
    """Why a list is empty, what would fill it, and optionally the door to filling it."""

    why: str = "没有符合条件的记录。"
    fills: str = "放宽筛选条件，或换一个地区、换一周再看。"
    href: str = ""
    action: str = ""


@dataclass(frozen=True)
class Table:
    """A list as declared: ``order`` is a column's sort key (leading ``-`` descending) unless asked otherwise.

    ``data`` names the row's values to be written as ``data-…`` attributes, for islands that draw the table.
    ``key`` gives each row a name that survives refreshes. ``most_counted``: rows beyond so many are not counted, nor
    paged to; the page says “以上” then.
    """

    code: str
    title: str
    columns: tuple[Column, ...]
    order: str = ""
    keyset: tuple[str, ...] = ()
    page_size: int = 50
    counter: str = "条"
    empty: Empty = Empty()
    key: cells.Accessor = ""
    data: dict[str, cells.Accessor] = field(default_factory=dict)
    exports: bool = True
    most_counted: int | None = None


@dataclass(frozen=True)
class Listing:
    """A table filled for one request; everything that core/table.html shows."""

    table: Table
    heads: list[cells.Head]
    rows: list[cells.Row]
    pager: paging.Pager
    scope: str
    chosen: list[tuple[str, str]]
    as_of: Any
    xlsx_address: str
    csv_address: str
    totals: list[cells.Cell]

    @property
    def id(self) -> str:
        return self.table.code

    @property
    def title(self) -> str:
        return self.table.title

    @property
    def counter(self) -> str:
        return self.table.counter

    @property
    def empty(self) -> Empty:
        return self.table.empty

    @property
    def exports(self) -> bool:
        return self.table.exports and bool(self.rows)


def listing(
    request: HttpRequest,
    table: Table,
    rows: Rows,
    *,
    scope: str = "",
    chosen: Iterable[tuple[str, str]] = (),
    totals: Any = None,
) -> Listing:
    """Sort and page the rows as asked, and lay them out; ``totals`` is one more row for the foot."""
    order = paging.order_asked(request.GET, table)
    page, pager = paging.turn(paging.sorted_rows(rows, table, order), table, request.GET, order)
    return Listing(
        table=table,
        heads=cells.heads(table.columns, order, request.GET),
        rows=[cells.lay_out(row, table.columns, table.key, table.data) for row in page],
        pager=pager,
        scope=scope,
        chosen=list(chosen),
        as_of=clock.now(),
        xlsx_address=paging.address(request.GET, format="xlsx", table=table.code),
        csv_address=paging.address(request.GET, format="csv", table=table.code),
        totals=cells.lay_out(totals, table.columns, "", {}).cells if totals is not None else [],
    )


def export_asked(request: HttpRequest, table: Table) -> bool:
    """Whether the request asks for this table as a file."""
    return request.GET.get("format") in exports.FORMATS and request.GET.get("table", table.code) == table.code


def export(
    request: HttpRequest, table: Table, rows: Rows, *, scope: str = "", chosen: Iterable[tuple[str, str]] = ()
) -> HttpResponseBase:
    """All rows, in the order asked, as the file asked."""
    ordered = paging.sorted_rows(rows, table, paging.order_asked(request.GET, table))
    return exports.respond(
        request.GET["format"], table.title, table.columns, ordered, scope=scope, chosen=list(chosen)
    )


def list_page(
    request: HttpRequest,
    table: Table,
    rows: Rows,
    *,
    filters: type[Filters] | None = None,
    scope: str = "",
    template: str = "core/list.html",
    context: dict[str, Any] | None = None,
) -> HttpResponseBase:
    """A whole list page: filtered, sorted, paged; or the same rows as a file."""
    bound = filters(request.GET) if filters else None
    narrowed = bound.narrowed(rows) if bound else rows
    chosen = bound.chosen() if bound else []
    if export_asked(request, table):
        return export(request, table, narrowed, scope=scope, chosen=chosen)
    filled = listing(request, table, narrowed, scope=scope, chosen=chosen)
    return render(
        request, template, {"table": filled, "filters": bound, "title": table.title} | (context or {})
    )
