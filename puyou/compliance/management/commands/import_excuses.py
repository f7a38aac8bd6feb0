"""`puyou import_excuses FILE`: approved excuses from a file; verdicts are complete when it returns."""

from typing import Any

from django.core.management.base import CommandParser

from puyou.compliance import actions
from puyou.core import clock
from puyou.core.commands import ReportCommand
from puyou.core.progress import step

BY = "system:import_excuses"


class Command(ReportCommand):
    """Prints ``read = accepted + duplicate + rejected`` and where the refused rows are told."""

    help = "载入已批准的免责情形（CSV、Parquet 或 xlsx：place_code, from, until, ground, document_no）"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", help="免责情形文件")

    def handle(self, *args: Any, **options: Any) -> None:
        with step("载入免责情形"):
            outcome = actions.import_excuses(options["file"], by=BY, now=clock.now())
        names = ("read", "accepted", "duplicate", "rejected", "reject_file")
        self.report({name: getattr(outcome, name) for name in names} | {"sha256": outcome.digest})
