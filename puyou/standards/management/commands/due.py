"""Tells when a term ends: `puyou due 2026-09-24 20wd --suspend 2026-09-29..2026-10-12`."""

from datetime import date
from typing import Any

from django.core.management.base import CommandParser

from puyou.core.commands import ReportCommand
from puyou.standards import problems, queries
from puyou.standards.rules import Suspension


class Command(ReportCommand):
    """Prints ``due``, ``provisional`` and ``counted``."""

    help = "计算期限届满日：首日不计，20wd 为工作日，90d 为自然日"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("date", help="起算日，如 2026-09-24")
        parser.add_argument("term", help="期限，如 20wd 或 90d")
        parser.add_argument(
            "--suspend", action="append", default=[], metavar="A..B", help="中止期间，含首尾两日，可重复"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        suspensions = [_suspension(text) for text in options["suspend"]]
        found = queries.due(_date(options["date"]), options["term"], suspensions)
        self.report({"due": found.due, "provisional": found.provisional, "counted": found.counted})


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise problems.DATE_UNCLEAR(text=text) from error


def _suspension(text: str) -> Suspension:
    first, dots, last = text.partition("..")
    if not dots:
        raise problems.SUSPENSION_UNCLEAR(text=text)
    return _date(first), _date(last)
