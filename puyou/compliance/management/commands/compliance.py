"""`puyou compliance`: the week's figures of places, as JSON or lines."""

from datetime import date
from typing import Any

from django.core.management.base import CommandParser

from puyou.accounts.scopes import Scope
from puyou.compliance import actions, problems, queries
from puyou.core import clock
from puyou.core.commands import ReportCommand
from puyou.core.periods import Week, weeks_between
from puyou.places import queries as places
from puyou.places.models import LEVELS

BY = "system:compliance"
MOST_WEEKS = 530


class Command(ReportCommand):
    """Every week that touches the dates, whole, of everything at a level below a place."""

    help = "各地各周达标情况"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--place", required=True, help="区划代码，2、4、6、9 或 12 位")
        parser.add_argument("--from", dest="first", required=True, help="起始日期，如 2026-07-01")
        parser.add_argument("--to", dest="last", required=True, help="终止日期（含）")
        parser.add_argument("--by", dest="level", required=True, help="nation…village、0–5 或中文级别")
        parser.add_argument("--area-class", help="只看一类区域：urban、township_seat、rural、remote")
        parser.add_argument("--place-set", help="只看一个区域集合")
        parser.add_argument(
            "--tree", choices=("week", "current"), default="week", help="按当周或现行区划汇总"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        place = places.get_place(options["place"])
        level = queries.parse_level(options["level"])
        first, last = self._day(options["first"]), self._day(options["last"])
        if first > last:
            raise problems.BAD_DATES(first=first, last=last)
        last = min(last, Week.of(clock.today()).sunday)
        weeks = list(weeks_between(first, last)) if first <= last else []
        if len(weeks) > MOST_WEEKS:
            raise problems.TOO_MANY_WEEKS(limit=MOST_WEEKS, weeks=len(weeks))
        if level < place.level:
            raise problems.LEVEL_ABOVE_PLACE(level=LEVELS[level], place=place.name)
        actions.bring_up_to_date(now=clock.now(), by=BY)
        figures = queries.figures(
            Scope.system("compliance"),
            place,
            weeks,
            level,
            area_class=options["area_class"],
            place_set=options["place_set"],
            tree=options["tree"],
        )
        self._tell(place.code, level, options, [figure.as_contract() for figure in figures])

    def _day(self, text: str) -> date:
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.wrong_use(f"“{text}”不是日期，请写成 2026-07-01")

    def _tell(self, code: str, level: int, options: dict[str, Any], rows: list[dict[str, object]]) -> None:
        if self.as_json:
            head = {"place": code, "by": LEVELS[level], "from": options["first"], "to": options["last"]}
            self.report(head | {"rows": rows})
            return
        for row in rows:
            self.stdout.write("  ".join(f"{value}" for value in row.values()))
