"""Sorting and turning pages on the server: by number, or by keyset where counting would be slow."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.db.models.sql.where import WhereNode
from django.http import QueryDict

from puyou.core import cells, problems

if TYPE_CHECKING:
    from puyou.core.tables import Rows, Table

BAD_CURSOR = problems.declare("core.bad_cursor", "翻页地址已失效，请从第一页重新查看", status=400)


@dataclass(frozen=True)
class Pager:
    """Where a page stands: its neighbours' addresses, and counts where known (``total`` None by keyset).

    ``beyond``: there are more rows than were counted, and than pages are turned.
    """

    shown: int
    before: str = ""
    after: str = ""
    total: int | None = None
    page: int = 0
    pages: int = 0
    first: int = 0
    last: int = 0
    beyond: bool = False


def address(asked: QueryDict, **changes: str | int | None) -> str:
    """The present address with some parameters changed; None removes one."""
    wanted = asked.copy()
    for name, value in changes.items():
        if value is None:
            wanted.pop(name, None)
        else:
            wanted[name] = str(value)
    return f"?{wanted.urlencode()}"


def order_asked(asked: Mapping[str, Any], table: "Table") -> str:
    """The sort key asked for, if a column offers it; else the table's own."""
    wanted = asked.get("sort", "")
    offered = {column.sort for column in table.columns if column.sort}
    return wanted if not table.keyset and wanted.removeprefix("-") in offered else table.order


def sorted_rows(rows: "Rows", table: "Table", order: str) -> "Rows":
    """The rows in order, ties broken by id (queryset) or left as they were; what is unknown comes last."""
    if table.keyset:
        return rows.order_by(*table.keyset) if isinstance(rows, QuerySet) else rows
    if not order:
        return rows
    name, descending = order.removeprefix("-"), order.startswith("-")
    if isinstance(rows, QuerySet):
        return rows.order_by(*_ordering(rows, name, descending))
    accessor = next((c.accessor for c in table.columns if c.sort == name), name)
    known = [row for row in rows if cells.read(row, accessor) is not None]
    unknown = [row for row in rows if cells.read(row, accessor) is None]
    return sorted(known, key=lambda row: cells.read(row, accessor), reverse=descending) + unknown


def _ordering(rows: QuerySet[Any], name: str, descending: bool) -> tuple[Any, str]:
    """A column that is never empty is ordered plainly, so that an index over it and the id serves both directions."""
    known = {field.name for field in rows.model._meta.concrete_fields if not field.null}
    if name in known and name not in rows.query.annotations:
        return (f"-{name}", "-pk") if descending else (name, "pk")
    return (F(name).desc(nulls_last=True) if descending else F(name).asc(nulls_last=True)), "pk"


def turn(rows: "Rows", table: "Table", asked: QueryDict, order: str) -> tuple[Sequence[Any], Pager]:
    """One page of sorted rows and its pager."""
    if table.keyset and isinstance(rows, QuerySet):
        return _by_keyset(rows, table, asked)
    return _by_number(rows, table, asked)


def _by_number(rows: "Rows", table: "Table", asked: QueryDict) -> tuple[Sequence[Any], Pager]:
    total, beyond = _counted(rows, table.most_counted)
    pages = max(1, -(-total // table.page_size))
    page = min(max(1, _number(asked.get("page", "1"))), pages)
    start = (page - 1) * table.page_size
    shown = list(_chosen(rows, table, start))
    return shown, Pager(
        shown=len(shown),
        before=address(asked, page=page - 1) if page > 1 else "",
        after=address(asked, page=page + 1) if page < pages else "",
        total=total,
        page=page,
        pages=pages if pages > 1 else 0,
        first=start + 1 if shown else 0,
        last=start + len(shown),
        beyond=beyond,
    )


def _chosen(rows: "Rows", table: "Table", start: int) -> "Rows":
    """A page's rows. Of a long list first only the keys are put in order, which an index alone may answer."""
    stop = start + table.page_size
    if table.most_counted is None or not isinstance(rows, QuerySet):
        return rows[start:stop]
    query = rows.query.chain()
    query.where = WhereNode()  # said once, of the keys
    return rows.__class__(rows.model, query, rows.db).filter(pk__in=rows.values("pk")[start:stop])


def _counted(rows: "Rows", most: int | None) -> tuple[int, bool]:
    """How many rows there are, ``most`` at the most; and whether there are more."""
    if not isinstance(rows, QuerySet):
        return len(rows), False
    if most is None:
        return rows.count(), False
    found = rows.order_by().values("pk")[: most + 1].count()
    return min(found, most), found > most


def _by_keyset(rows: QuerySet[Any], table: "Table", asked: QueryDict) -> tuple[Sequence[Any], Pager]:
    backwards = "before" in asked
    keys = tuple(_turned(key) for key in table.keyset) if backwards else table.keyset
    cursor = asked.get("before") or asked.get("after")
    try:
        wanted = rows.filter(_beyond(keys, _decode(cursor, len(keys)))) if cursor else rows
        found = list(wanted.order_by(*keys)[: table.page_size + 1])
    except (ValueError, TypeError, ValidationError) as error:
        raise BAD_CURSOR() from error
    more, shown = len(found) > table.page_size, found[: table.page_size]
    if backwards:
        shown.reverse()
    has_before, has_after = (more, bool(cursor)) if backwards else (bool(cursor), more)
    plain = asked.copy()
    plain.pop("before", None)
    plain.pop("after", None)
    return shown, Pager(
        shown=len(shown),
        before=address(plain, before=_encode(shown[0], table.keyset)) if has_before and shown else "",
        after=address(plain, after=_encode(shown[-1], table.keyset)) if has_after and shown else "",
    )


def _beyond(keys: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows after ``values`` in the order of ``keys``: (a, b) > (x, y) spelt out, each with its direction."""
    condition, equal_so_far = Q(), Q()
    for key, value in zip(keys, values, strict=True):
        name = key.removeprefix("-")
        side = "lt" if key.startswith("-") else "gt"
        condition |= equal_so_far & Q(**{f"{name}__{side}": value})
        equal_so_far &= Q(**{name: value})
    return condition


def _turned(key: str) -> str:
    return key.removeprefix("-") if key.startswith("-") else f"-{key}"


def _encode(row: Any, keys: Sequence[str]) -> str:
    values = [cells.read(row, key.removeprefix("-").replace("__", ".")) for key in keys]
    written = json.dumps(values, default=_written, separators=(",", ":"))
    return base64.urlsafe_b64encode(written.encode()).decode().rstrip("=")


def _written(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _decode(cursor: str, length: int) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValueError("no cursor") from error
    if not isinstance(values, list) or len(values) != length:
        raise ValueError("no cursor")
    if not all(isinstance(value, str | int | float | Decimal) for value in values):
        raise ValueError("no cursor")
    return values


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 1
