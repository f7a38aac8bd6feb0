"""One round on a day: its villages in order, who is expected, what came of it and what the week still asks."""

from dataclasses import dataclass
from datetime import date, datetime
from os.path import commonprefix

from puyou.accounts.scopes import Scope
from puyou.compliance import queries as compliance
from puyou.compliance.queries import Due
from puyou.core import formats, paths
from puyou.fieldwork import board
from puyou.places import queries as places
from puyou.places.models import Place
from puyou.registry import queries as registry
from puyou.registry.queries import RoundOn
from puyou.visits.models import Visit

PERIODS = {"day": "每日", "week": "每周"}


@dataclass(frozen=True)
class StopRow:
    """A village of the round on the day."""

    order: int
    code: str
    name: str
    township: str
    expected: str
    visits: tuple[Visit, ...]
    due: Due | None

    @property
    def visited_at(self) -> datetime | None:
        return self.visits[0].happened_at if self.visits else None

    @property
    def state(self) -> str:
        if not self.visits:
            return "未到"
        if any(visit.counting for visit in self.visits):
            return "今日无邮件，已到" if all(visit.nothing_today for visit in self.visits) else "已到"
        return "已到，不计入"

    @property
    def findings(self) -> str:
        names = dict.fromkeys(finding.name for visit in self.visits for finding in visit.described)
        return "、".join(names)

    @property
    def duty(self) -> str:
        return f"{PERIODS[self.due.period]} {self.due.times} 次" if self.due and self.due.times else "无"

    @property
    def week(self) -> str:
        return f"{self.due.made} / {self.due.need}" if self.due else ""


def get_round_on(scope: Scope, round_id: int, on: date) -> RoundOn:
    """A round in scope as it is walked on a day; Problem registry.unknown_round outside."""
    round_ = registry.get_round(scope, round_id)
    villages = [row.place for row in registry.list_round_villages(scope, round_)]
    found = registry.rounds_on(scope, _above(villages), on) if villages else []
    return next(
        (one for one in found if one.round_id == round_id),
        RoundOn(round_.pk, round_.number, round_.name, (), (), ()),
    )


def _above(villages: list[Place]) -> Place:
    """The lowest place above all the villages."""
    chains = [paths.ids(village.path)[:-1] for village in villages]
    shared = commonprefix([min(chains), max(chains)])
    return places.get_places(shared[-1:])[shared[-1]]


def stops_of(one: RoundOn, on: date) -> list[StopRow]:
    """The planned villages in order; a fixed number of queries."""
    facts = board.facts_of(one.planned, [walk.courier_id for walk in one.walks], on)
    found = Place.objects.select_related("parent").in_bulk(list(one.planned))
    dues = compliance.week_dues(one.planned, on)
    walkers = {place: walk for walk in one.walks for place in walk.place_ids}
    rows = []
    for order, pk in enumerate(one.planned, start=1):
        place, walk = found[pk], walkers.get(pk)
        who = f"{walk.courier_name}{'（代班）' if walk.substitute else ''}" if walk else "无人"
        township = place.parent.name if place.parent else ""
        rows.append(
            StopRow(
                order, place.code, place.name, township, who, tuple(facts.visits.get(pk, ())), dues.get(pk)
            )
        )
    return rows


def tell(one: RoundOn, rows: list[StopRow], on: date, today: date) -> str:
    """The round's day in one sentence."""
    when = "今天" if on == today else formats.day(on)
    if not rows:
        return f"{when}没有班。"
    who = "、".join(
        f"{walk.courier_name}{'（代班）' if walk.substitute else ''}" for walk in one.walks if walk.place_ids
    )
    visited = sum(bool(row.visits) for row in rows)
    left = [row.name for row in rows if not row.visits]
    rest = (
        f"还剩{'、'.join(left[:5])}{'等' if len(left) > 5 else ''} {len(left)} 个村" if left else "全部到齐"
    )
    return f"{when}由{who or '无人'}投递，应到 {len(rows)} 个村，已到 {visited} 个，{rest}。"
