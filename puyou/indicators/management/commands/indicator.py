"""`puyou indicator CODE`: one indicator of a place and period, with comparisons and the arithmetic."""

from typing import Any

from django.core.management.base import CommandParser

from puyou.accounts.scopes import Scope
from puyou.core import clock
from puyou.core.commands import ReportCommand
from puyou.indicators import cards, queries
from puyou.indicators.comparing import compare
from puyou.indicators.engine import Reader
from puyou.places import queries as places


class Command(ReportCommand):
    """Its value, parts, and how it compares."""

    help = "一个指标的数值、算式各项与比较"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("code", help="指标代码")
        parser.add_argument("--place", default="000000000000", help="区划代码，不写为全国")
        parser.add_argument("--period", required=True, help="时期，如 2026、2026-Q3、2026-09、2026-W40")

    def handle(self, *args: Any, **options: Any) -> None:
        scope = Scope.system("indicator")
        indicator = queries.get_indicator(scope, options["code"])
        period, place = queries.parse_period(options["period"]), places.get_place(options["place"])
        reader = Reader(scope, clock.today())
        value = reader.value(indicator, place, period)
        compared = compare(reader, value)
        said = cards.value_json(value) | {"comparisons": [cards.comparison_json(each) for each in compared]}
        lines = [f"{indicator.name}　{place.name}　{period.label}　{value.shown}　{value.missing}".rstrip()]
        lines += [
            f"  {part.name}　{part.amount.value}　{part.amount.missing or part.source}"
            for part in value.parts
        ]
        lines += [f"  {each.name}：{each.arithmetic or each.missing}" for each in compared]
        self.report(said if self.as_json else "\n".join(lines))
