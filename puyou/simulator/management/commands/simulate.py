"""Simulate a nation, or one province of it, and judge it."""

from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandParser

from puyou.core import clock
from puyou.core.commands import ReportCommand
from puyou.places import queries as places
from puyou.simulator import actions
from puyou.simulator.nation import WEEKS


class Command(ReportCommand):
    help = "生成模拟数据（仅限内置数据库）"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--place", default="000000000000", help="区划代码，默认全国")
        parser.add_argument("--seed", type=int, default=2026)
        parser.add_argument("--weeks", type=int, default=WEEKS, help="模拟多少周，到本周为止")

    def handle(self, *args: Any, **options: Any) -> None:
        place = places.get_place(options["place"])
        done = actions.simulate(
            place=place,
            seed=options["seed"],
            weeks=options["weeks"],
            by="system:simulator",
            now=clock.now(),
        )
        self.report(asdict(done))
