"""Imports village points: `puyou import_points FILE`."""

from typing import Any

from django.core.management.base import CommandParser

from puyou.core import clock
from puyou.core.commands import ReportCommand
from puyou.registry import actions


class Command(ReportCommand):
    """Prints ``read = accepted + duplicate + rejected`` and where the refused rows are told."""

    help = "载入村点（CSV、Parquet 或 xlsx：village_code, lon, lat, standing）"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", help="村点文件")

    def handle(self, *args: Any, **options: Any) -> None:
        found = actions.import_points(options["file"], by="system:import_points", now=clock.now())
        names = ("read", "accepted", "duplicate", "rejected", "reject_file")
        self.report({name: getattr(found, name) for name in names} | {"sha256": found.digest})
