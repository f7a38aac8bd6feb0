"""What the room of cases does: write and publish procedures, open cases, perform actions."""

from puyou.cases.actions.bulk import perform_each
from puyou.cases.actions.opening import open_case
from puyou.cases.actions.performing import perform
from puyou.cases.actions.publishing import draft_version, load_procedures, publish_version
from puyou.cases.actions.watching import mark_read, stop_watching, watch

__all__ = [
    "draft_version",
    "load_procedures",
    "mark_read",
    "open_case",
    "perform",
    "perform_each",
    "publish_version",
    "stop_watching",
    "watch",
]
