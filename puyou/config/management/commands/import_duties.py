"""Imports duties and judges again what they touch: `puyou import_duties FILE`."""

from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction

from puyou.compliance import actions as compliance
from puyou.core import clock
from puyou.core.commands import ReportCommand
from puyou.core.progress import step
from puyou.registry import actions as registry

BY = "system:import_duties"


class Command(ReportCommand):
    """Prints ``read = accepted + duplicate + rejected`` and where the refused rows are told."""

    help = "载入投递频次（CSV、Parquet 或 xlsx：village_code, area_class, times, period, from, to）"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", help="投递频次文件")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Both steps or none: a duty that stands was judged."""
        now = clock.now()
        with step("载入投递频次"):
            outcome = registry.import_duties(options["file"], by=BY, now=now)
        if outcome.first_day is not None and outcome.first_day <= clock.today():
            with step("重新判定"):
                compliance.judge_range(
                    outcome.first_day, clock.today(), outcome.place_ids, cause="duty", now=now
                )
        self.report(outcome.report())
