"""`puyou rebuild [--check]`: recompute everything from the facts; with --check only say what differs."""

from typing import Any

from django.core.management.base import CommandParser

from puyou.compliance import actions
from puyou.core import clock
from puyou.core.commands import ReportCommand
from puyou.core.progress import step

BY = "system:rebuild"


class Command(ReportCommand):
    """Exit 1 when a check finds a difference."""

    help = "由打卡、审核、免责、频次重算达标，与现有数字核对；不加 --check 则同时修正"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--check", action="store_true", help="只核对，不修正")

    def handle(self, *args: Any, **options: Any) -> None:
        with step("重算并核对"):
            report = actions.rebuild(check=options["check"], by=BY, now=clock.now())
        self.report(report.as_report())
        if options["check"] and report.total:
            self.fail_check()
