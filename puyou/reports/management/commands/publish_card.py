"""`puyou publish_card 2019`: the card as it stands now becomes its next revision."""

from typing import Any

from django.core.management.base import CommandParser

from puyou.accounts.scopes import Scope
from puyou.core import clock
from puyou.core.commands import ReportCommand
from puyou.indicators import queries as indicators
from puyou.indicators.engine import Reader
from puyou.places import queries as places
from puyou.reports import actions, composing, layout, queries


class Command(ReportCommand):
    """Of its own place and period, or of others."""

    help = "发布成绩单：定稿、签名、排版"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("code", help="成绩单代码，如 2019")
        parser.add_argument("--place", help="区划代码；不写为成绩单自己的地区")
        parser.add_argument("--period", help="时期；不写为成绩单自己的时期")
        parser.add_argument("--public", action="store_true", help="向社会公开")
        parser.add_argument("--note", default="", help="说明")

    def handle(self, *args: Any, **options: Any) -> None:
        scope, now = Scope.system("publish_card"), clock.now()
        card = queries.get_card(scope, options["code"])
        place = places.get_place(options["place"]) if options["place"] else None
        period = indicators.parse_period(options["period"]) if options["period"] else None
        asked = composing.asked_of(card, place, period, clock.today())
        reader = Reader(scope, clock.today())
        content = composing.compose(reader, card, layout.read(card.layout), asked, now)
        made = actions.publish_card(
            card=card, asked=asked, content=content, public=options["public"], note=options["note"][:300],
            scope=scope, by=None, now=now,
        )  # fmt: skip
        self.report(
            {
                "id": made.pk, "card": card.code, "place": asked.place.code, "period": asked.period.name,
                "number": made.number, "sha256": made.sha256, "figures": len(list(composing.figures(content))),
            }
        )  # fmt: skip
