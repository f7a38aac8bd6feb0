"""Addresses of pages and of the lists that figures were counted from."""

from urllib.parse import urlencode

from puyou.atlas.outlook import Outlook
from puyou.core.periods import Week


def place_page(code: str, view: Outlook) -> str:
    """A place's map or village page in the same view, without the present table's level and order."""
    return f"/atlas/{code}/?{view.query(level='', sort='')}"


def villages(code: str, view: Outlook, **narrowed: str) -> str:
    """The villages of a place that a figure counted, such as ``verdict="missed"``."""
    return f"/atlas/{code}/villages/?{urlencode(view.filters() | narrowed)}"


def visits(code: str, week: Week, **narrowed: str) -> str:
    """The visits of a place's week, such as ``finding="any"``."""
    return f"/visits/?{urlencode({'place': code, 'week': week.name} | narrowed)}"
