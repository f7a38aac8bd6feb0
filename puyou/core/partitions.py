"""Monthly partitions made on demand, so that a late fact never lacks a home."""

from collections.abc import Iterable
from datetime import date
from functools import partial

from django.db import connection, transaction

EARLIEST = date(2015, 1, 1)  # everything before shares one partition: phones with an unset clock say 1970
# Row triggers reach partitions by themselves; those against TRUNCATE do not.
TRUNCATE_GUARDS = """
SELECT t.tgname, p.proname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
WHERE t.tgrelid = %s::regclass AND NOT t.tgisinternal AND (t.tgtype & 32) <> 0
"""
_known: set[tuple[str, str]] = set()


def bounds(day: date) -> tuple[str, str, str]:
    """The partition that holds a day: name suffix, lower and upper bound as SQL."""
    if day < EARLIEST:
        return "early", "MINVALUE", f"'{EARLIEST}'"
    first = day.replace(day=1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return f"{first:%Y%m}", f"'{first}'", f"'{following}'"


def ensure_months(table: str, days: Iterable[date]) -> None:
    """Make sure that ``table`` has the partitions that hold ``days`` (dates of its partition key)."""
    for suffix, lower, upper in sorted({bounds(day) for day in days}):
        key = (str(connection.settings_dict["NAME"]), f"{table}_{suffix}")
        if key not in _known:
            _create(table, key[1], lower, upper)
            transaction.on_commit(partial(_known.add, key))  # what is rolled back is not known


def _create(table: str, name: str, lower: str, upper: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [name])
        row = cursor.fetchone()
        if row and row[0]:
            return
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])
        cursor.execute(
            f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF {table} FOR VALUES FROM ({lower}) TO ({upper})"
        )
        cursor.execute(TRUNCATE_GUARDS, [table])
        for trigger, function in cursor.fetchall():
            cursor.execute(
                f"CREATE OR REPLACE TRIGGER {trigger} BEFORE TRUNCATE ON {name}"
                f" FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
            )
