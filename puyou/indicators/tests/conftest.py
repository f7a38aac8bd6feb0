"""What tests of this room share: a reader that sees everything, and short ways to define and report."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from puyou.accounts.scopes import Scope
from puyou.indicators import actions
from puyou.indicators.engine import Reader
from puyou.indicators.models import Indicator, ReportedValue, ReturnItem
from puyou.indicators.periods import Period
from puyou.places.models import Place
from puyou.places.queries import get_place

NOW = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 26)
BY = "test"


class Bench:
    """Short ways to define, report and read."""

    def __init__(self) -> None:
        self.scope = Scope.system("test")

    def item(self, code: str, unit: str = "件", nature: str = "flow", *, additive: bool = True) -> ReturnItem:
        return ReturnItem.objects.create(code=code, name=code, unit=unit, nature=nature, additive=additive)

    def indicator(
        self, code: str, text: str, unit: str = "件", nature: str = "flow", **more: object
    ) -> Indicator:
        fields = {
            "name": code, "group": "测试", "unit": unit, "direction": "up", "nature": nature, "owner": "测试",
            "levels": [0, 1, 2, 3], "period_kinds": ["month", "quarter", "year", "week", "span"],
        } | more  # fmt: skip
        made = actions.make_indicator(code=code, **fields)
        self.version(made, text)
        return made

    def version(self, indicator: Indicator, text: str, valid_from: date = date(2000, 1, 1)) -> None:
        actions.publish_version(
            indicator=indicator, text=text, valid_from=valid_from, source="测试", by=BY, now=NOW
        )

    def report(
        self, code: str, value: object, period: str = "2019", place: str = "0", **more: object
    ) -> ReportedValue:
        return actions.report_value(
            item=ReturnItem.objects.get(code=code), place=self.place(place), period=Period.parse(period),
            value=Decimal(str(value)), source="测试", by=BY, now=NOW, **more,
        )  # fmt: skip

    def place(self, code: str) -> Place:
        return get_place("000000000000" if code == "0" else code)

    def read(self, indicator: Indicator, period: str = "2019", place: str = "0"):
        return Reader(self.scope, TODAY).value(indicator, self.place(place), Period.parse(period))


@pytest.fixture
def bench(db: None) -> Bench:
    return Bench()
