"""`puyou card 2019`: every figure of a card, with its comparison and where each part came from."""

from typing import Any

from django.core.management.base import CommandParser

from puyou.accounts.scopes import Scope
from puyou.core import clock
from puyou.core.commands import ReportCommand
from puyou.indicators import cards, queries
from puyou.indicators.engine import Reader
from puyou.places import queries as places


class Command(ReportCommand):
    """A card as it stands now; of its own place and period, or of others."""

    help = "成绩单的全部数字"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("code", help="清单代码，如 2019")
        parser.add_argument("--place", help="区划代码；不写为清单自己的地区")
        parser.add_argument("--period", help="时期；不写为清单自己的时期")

    def handle(self, *args: Any, **options: Any) -> None:
        scope = Scope.system("card")
        found = queries.get_list(scope, options["code"])
        figures = cards.read_card(
            Reader(scope, clock.today()),
            found,
            places.get_place(options["place"]) if options["place"] else None,
            queries.parse_period(options["period"]) if options["period"] else None,
        )
        lines = [
            f"{figure.line.section}　{figure.value.indicator.name}　{figure.value.shown}　{figure.compared}".rstrip()
            + (f"（{figure.value.missing}）" if figure.value.missing else "")
            for figure in figures
        ]
        said = {"card": found.code, "name": found.name, "source": found.source}
        if self.as_json:
            self.report(said | {"figures": [cards.as_json(figure) for figure in figures]})
        else:
            self.report("\n".join(lines))
