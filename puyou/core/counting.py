"""Counting many lists in one query, each no further than the page will say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import DateField, F, QuerySet, Value
from django.db.models.functions import Cast


@dataclass(frozen=True)
class Counted:
    """How many rows a list has, ``beyond`` when there are more than were counted, and the earliest day among them."""

    count: int = 0
    beyond: bool = False
    earliest: date | None = None


@dataclass(frozen=True)
class Asked:
    """A list to be counted; ``day`` names the date of its rows whose earliest is wanted."""

    rows: QuerySet[Any, Any]
    day: str = ""


def count_together(asked: Mapping[str, Asked], most: int) -> dict[str, Counted]:
    """Every list counted at once, up to ``most`` rows each: one query however many lists there are."""
    parts, parameters = [], []
    for name, one in asked.items():
        try:
            sql, values = _query(one, most)
        except EmptyResultSet:
            continue
        parts.append(f"SELECT %s, count(*), min(held.counted_day) FROM ({sql}) AS held")
        parameters += [name, *values]
    found = dict.fromkeys(asked, Counted())
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), parameters)
            for name, count, earliest in cursor.fetchall():
                found[name] = Counted(min(count, most), count > most, earliest)
    return found


def _query(one: Asked, most: int) -> tuple[str, tuple[Any, ...]]:
    day = F(one.day) if one.day else Cast(Value(None), DateField())
    rows = one.rows.order_by().annotate(counted_day=day).values("counted_day")[: most + 1]
    sql, parameters = rows.query.sql_with_params()
    return sql, tuple(parameters)
