"""Pieces of SQL for rows in force in ``[valid_from, valid_to)``."""

from collections.abc import Iterable
from datetime import date

END = "coalesce({alias}valid_to, DATE '9999-12-31')"


def end(alias: str = "") -> str:
    """The first day no longer in force; 9999-12-31 without end."""
    return END.format(alias=alias)


def touches(first: date, last: date, alias: str = "") -> str:
    """Condition: in force on some day of ``[first, last]``, both included."""
    return (
        f"{alias}valid_from <= DATE '{first.isoformat()}' + {(last - first).days}"
        f" AND {end(alias)} > greatest({alias}valid_from, DATE '{first.isoformat()}')"
    )


def among(column: str, ids: Iterable[int] | None) -> str:
    """Condition: ``column`` is one of the ids; anything when None."""
    if ids is None:
        return "true"
    return f"{column} = ANY('{{{','.join(str(int(one)) for one in ids)}}}'::bigint[])"
