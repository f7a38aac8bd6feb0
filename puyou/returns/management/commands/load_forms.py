"""Publish the forms that ship with the product."""

from typing import Any

from puyou.core import clock
from puyou.core.commands import ReportCommand
from puyou.returns import actions


class Command(ReportCommand):
    help = "装载随附的填报表式"

    def handle(self, *args: Any, **options: Any) -> None:
        self.report({"forms": actions.load_forms(by="system:returns", now=clock.now())})
