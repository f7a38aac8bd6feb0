"""Statements that run thousands of times a minute: planned once a connection, parameters sent beside them."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import psycopg
from django.db import connection

BY_NAME_ONLY = (
    1 << 30
)  # psycopg prepares by itself after so many runs: never; what is asked for here, at once


def run(sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """The rows of one statement with ``%b`` or ``%s`` for its parameters, in the caller's transaction."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:

        def execute(sql: str, values: Sequence[Any], many: bool, context: dict[str, Any]) -> None:
            cursor.execute(sql, values or None, prepare=True, binary=True)

        for wrapper in reversed(connection.execute_wrappers):  # the log of slow statements hears of these too
            execute = partial(wrapper, execute)
        execute(sql, values, False, {"connection": connection, "cursor": cursor})
        return cursor.fetchall() if cursor.description else []
