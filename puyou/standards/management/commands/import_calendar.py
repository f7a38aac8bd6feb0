"""Extends the calendar from a file: `puyou import_calendar FILE`."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from puyou.core import clock
from puyou.core.commands import ReportCommand
from puyou.standards import actions


class Command(ReportCommand):
    """Prints how many days were read and changed, and how many years became published."""

    help = "载入放假与调休安排（CSV 或 xlsx：date, kind, name, sources）"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", help="日历文件")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        self.report(actions.load_calendar(path=path, by="system:import_calendar", now=clock.now()))
