"""`puyou screen_again --place P --from D`: screen stored visits again, after facts were laid beneath them in bulk."""

from datetime import date
from typing import Any

from django.core.management.base import CommandParser

from puyou.core import clock
from puyou.core.commands import ReportCommand
from puyou.core.progress import step
from puyou.places import queries as places
from puyou.places.models import Place
from puyou.visits import actions

BY = "system:screen_again"


class Command(ReportCommand):
    """Prints how many visits changed; the worker then judges their weeks."""

    help = "名录成批变更之后，重新核验某地自某日起的到村打卡"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--place", default="000000000000", help="区划代码，默认全国")
        parser.add_argument("--from", dest="since", required=True, type=date.fromisoformat, help="起始日期")

    def handle(self, *args: Any, **options: Any) -> None:
        place = places.get_place(options["place"])
        with step("重新核验"):
            changed = actions.screen_again(
                place_ids=_villages(place), since=options["since"], reason="command", by=BY, now=clock.now()
            )
        self.report({"place": place.code, "from": options["since"], "changed": changed})


def _villages(place: Place) -> list[int] | None:
    """The villages below a place; None, which is everyone, for the nation."""
    if place.level == 0:
        return None
    return list(Place.objects.filter(path__startswith=place.path, level=5).values_list("pk", flat=True))
