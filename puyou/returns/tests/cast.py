"""A form of one quarter, offices of two provinces and a nation, and the people in them."""

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from puyou.accounts import roles
from puyou.accounts.models import Organisation, User
from puyou.accounts.scopes import Scope, scope_for
from puyou.accounts.tests.offices import neighbour, officer
from puyou.indicators.models import ReturnItem
from puyou.indicators.periods import Period
from puyou.places.queries import get_place
from puyou.returns import actions, definition
from puyou.returns.models import DueReturn, ReturnForm

NOW = datetime(2026, 10, 12, 2, 0, tzinfo=UTC)
PERIOD = Period.parse("2026-Q3")
EVERYTHING = Scope.system("tests")
FORM: dict[str, Any] = {
    "code": "sample", "number": "试1", "name": "测试季报", "issuer": "测试机关", "approval": "",
    "valid_from": "2025-01-01",
    "period": "quarter", "side": "regulator", "levels": [1], "route": [0], "due_days": 10, "source": "测试",
    "columns": [{"code": "now", "name": "本期"}], "trend": 50,
    "rows": [
        {"code": "all", "name": "合计", "unit": "件", "items": {"now": "sample_all"},
         "formula": {"now": "done.now + open.now"}},
        {"code": "done", "name": "已办", "unit": "件", "items": {"now": "sample_done"}},
        {"code": "open", "name": "未办", "unit": "件"},
        {"code": "fines", "name": "罚款", "unit": "元", "decimals": 2, "required": False},
        {"code": "rate", "name": "合格率", "unit": "%", "decimals": 1, "required": False},
    ],
    "checks": [
        {"code": "some", "says": "已办通常不少于未办", "left": "done.now", "relation": ">=", "right": "open.now",
         "severity": "warning"},
    ],
}  # fmt: skip


def said(**changes: Any) -> dict[str, Any]:
    return deepcopy(FORM) | changes


def form(**changes: Any) -> definition.Form:
    return definition.read(said(**changes))


class Offices:
    """The national bureau and two provinces, two people in each province."""

    def __init__(self) -> None:
        self.province, self.other = get_place("52"), neighbour()
        self.nation = officer("returns-nation", roles.NATIONAL.code, get_place("000000000000"), "国一")
        self.filler = officer("returns-filler", roles.PROVINCIAL.code, self.province, "黔一")
        self.head = officer("returns-head", roles.PROVINCIAL.code, self.province, "黔二")
        self.stranger = officer("returns-stranger", roles.PROVINCIAL.code, self.other, "滇一")
        self.office = Organisation.objects.get(place=self.province, kind="regulator")
        for code in ("sample_all", "sample_done"):
            ReturnItem.objects.create(code=code, name=code, unit="件", nature="flow", additive=True)
        actions.publish_form(said=said(), by="test", now=NOW)
        self.form = ReturnForm.objects.get(code="sample")
        actions.open_round(form=self.form, period=PERIOD, scope=EVERYTHING, by="test", now=NOW)

    def due(self, user: User | None = None, period: str = PERIOD.name) -> DueReturn:
        place = self.other if user == self.stranger else self.province
        return DueReturn.objects.get(form=self.form, place=place, period=period)

    def ask(self, user: User) -> dict[str, Any]:
        """The arguments that say who does something."""
        return {"scope": scope_for(user), "by": user, "now": NOW}
