"""``puyou import_visits FILE``: take visits in from a CSV, Parquet or xlsx file, and judge what they touch."""

import time
from typing import Any

from django.core.management.base import CommandParser

from puyou.compliance import actions as compliance
from puyou.core import clock, progress
from puyou.core.commands import ReportCommand
from puyou.visits import actions as visits

ACTOR = "system:import"


class Command(ReportCommand):
    help = "导入到村打卡（CSV、Parquet 或 xlsx），完成后立即判定"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", help="文件路径")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        report = visits.import_visits(options["file"], by=ACTOR, now=clock.now())
        with progress.step("判定"):
            while compliance.judge_pending(clock.now()):
                pass
        outcome = report.outcome
        self.report(
            {
                "file": str(options["file"]),
                "sha256": outcome.digest,
                "read": outcome.read,
                "accepted": outcome.accepted,
                "duplicate": outcome.duplicate,
                "rejected": outcome.rejected,
                "reject_file": outcome.reject_file,
                "villages": report.villages,
                "first_day": report.first_day,
                "last_day": report.last_day,
                "import_seconds": report.seconds,
                "seconds": round(time.monotonic() - began, 3),
            }
        )
