"""Which transactions still run: they may be batches that read the registry before a fact came."""

from typing import Any

from django.db import connection

FRESH = (
    "SELECT pg_stat_clear_snapshot()"  # within a transaction the view would answer as it did the first time
)
RUNNING = (  # autovacuum works with a number of its own, but on no batch
    "FROM pg_stat_activity WHERE datname = current_database() AND backend_xid IS NOT NULL"
    " AND backend_type = 'client backend'"
)
YOUNGEST = f"SELECT backend_xid::text::bigint {RUNNING} ORDER BY age(backend_xid) LIMIT 1"
OLD_ONES = f"""
SELECT EXISTS (SELECT 1 {RUNNING} AND pid <> pg_backend_pid() AND age(backend_xid) >= age(%s::text::xid))
"""


def youngest(cursor: Any) -> int:
    """The number of the youngest transaction that has written anything and still runs; the caller's own counts."""
    cursor.execute(FRESH)
    cursor.execute(YOUNGEST)
    row = cursor.fetchone()
    if row is None:
        cursor.execute("SELECT pg_current_xact_id()::xid::text::bigint")
        row = cursor.fetchone()
    return int(row[0])


def is_any_as_old_as(horizon: int) -> bool:
    """Whether that transaction or an older one, of somebody else, still runs."""
    with connection.cursor() as cursor:
        cursor.execute(FRESH)
        cursor.execute(OLD_ONES, [str(horizon)])
        return bool((cursor.fetchone() or (False,))[0])
