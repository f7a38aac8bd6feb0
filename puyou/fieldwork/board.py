"""Today's rounds of a place: who is out, which villages are left, whose phone has been silent."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from puyou.accounts.models import in_force
from puyou.accounts.scopes import Scope
from puyou.core import clock
from puyou.fieldwork.models import RoundMark
from puyou.ingest.models import Contact
from puyou.places.models import Place
from puyou.registry import queries as registry
from puyou.registry.models import DeviceBinding
from puyou.registry.queries import RoundOn, RoundWalk
from puyou.standards import queries as standards
from puyou.visits import rules
from puyou.visits.models import Visit

STATES = {
    "uncovered": "无人投递",
    "silent": "在途，手机失联",
    "waiting": "未出班",
    "absent": "没有到村",  # of a day that is over
    "out": "在途",
    "part": "未走完",  # of a day that is over
    "done": "已完成",
}
OVER = {"waiting": "absent", "out": "part"}
RANK = {state: rank for rank, state in enumerate(STATES)}
WITHDRAWN = rules.MASK["withdrawn"]  # taken back by the courier: as if nobody had been there
LATE = timedelta(hours=2)  # only for the hint that records were sent up later; nothing is judged by it


@dataclass(frozen=True)
class BoardRow:
    """One courier's share of one round on a day; without a courier, the villages where nobody is expected.

    ``heard_at``: the phone's last contact; ``extra``: visits to villages that were not planned for this courier.
    """

    on: date
    round_id: int
    round_number: str
    round_name: str
    courier_id: int | None
    courier_name: str
    substitute: bool
    state: str
    planned: int
    visited: int
    extra: int
    first_at: datetime | None
    last_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    heard_at: datetime | None
    hint: str

    @property
    def left(self) -> int:
        return self.planned - self.visited

    @property
    def told(self) -> str:
        return STATES[self.state]


@dataclass(frozen=True)
class Board:
    """The rows of a day, most urgent first."""

    rows: list[BoardRow]
    resting: int  # rounds whose timetable has no village on this day

    def count(self, *states: str) -> int:
        return sum(row.state in states for row in self.rows)

    @property
    def planned(self) -> int:
        return sum(row.planned for row in self.rows)

    @property
    def visited(self) -> int:
        return sum(row.visited for row in self.rows)


@dataclass
class DayFacts:
    """What happened on a day among some villages and couriers."""

    on: date
    visits: dict[int, list[Visit]] = field(default_factory=lambda: defaultdict(list))  # by village
    of_courier: dict[int, list[Visit]] = field(default_factory=lambda: defaultdict(list))
    marks: dict[int, dict[str, datetime]] = field(default_factory=lambda: defaultdict(dict))
    heard: dict[int, datetime] = field(default_factory=dict)
    equipped: set[int] = field(default_factory=set)


def list_rounds_of_day(scope: Scope, place: Place, on: date, now: datetime) -> Board:
    """The rounds in scope that have villages under a place; a fixed number of queries."""
    rounds = registry.rounds_on(scope, place, on)
    facts = facts_of(
        [each for one in rounds for each in one.planned],
        [walk.courier_id for one in rounds for walk in one.walks],
        on,
    )
    limit = timedelta(hours=silent_hours(on))
    own: dict[int, set[int]] = defaultdict(set)
    for walk in (walk for one in rounds for walk in one.walks):
        own[walk.courier_id].update(walk.place_ids)
    live = on == now.astimezone(clock.SHANGHAI).date()
    rows = [row for one in rounds for row in _rows(one, facts, own, now if live else None, limit)]
    rows.sort(key=lambda row: (RANK[row.state], -row.left, row.round_number))
    return Board(rows, sum(not one.planned for one in rounds))


def silent_hours(on: date) -> float:
    """After how many hours without contact a phone on its round counts as silent."""
    return standards.get_value("phone_silent_hours", on).number


def facts_of(place_ids: Iterable[int], courier_ids: Iterable[int], on: date) -> DayFacts:
    """Visits, marks and phones of a day."""
    facts, couriers = DayFacts(on), set(courier_ids)
    here = Visit.objects.filter(day=on, place_id__in=set(place_ids), rejected=False)
    theirs = Visit.objects.filter(day=on, courier_id__in=couriers, rejected=False)
    seen = {visit.pk: visit for visit in [*here, *theirs] if not visit.findings & WITHDRAWN}
    for visit in sorted(seen.values(), key=lambda each: (each.happened_at, each.pk)):
        facts.visits[visit.place_id].append(visit)
        if visit.courier_id:
            facts.of_courier[visit.courier_id].append(visit)
    for mark in RoundMark.objects.filter(day=on, courier__in=couriers).order_by("happened_at"):
        marks = facts.marks[mark.courier_id]
        if mark.kind == RoundMark.Kind.END or mark.kind not in marks:  # the first start, the last end
            marks[mark.kind] = mark.happened_at
    bound = DeviceBinding.objects.filter(in_force(on), courier__in=couriers)
    holder = dict(bound.values_list("device_id", "courier_id"))
    facts.equipped = set(holder.values())
    for device, at in Contact.objects.filter(device__in=holder).values_list("device_id", "at"):
        facts.heard[holder[device]] = max(at, facts.heard.get(holder[device], at))
    return facts


def _rows(
    one: RoundOn, facts: DayFacts, own: dict[int, set[int]], now: datetime | None, limit: timedelta
) -> list[BoardRow]:
    """``own``: each courier's villages of the day; ``now`` None: a day on which no phone is waited for."""
    rows = [_row(one, walk, facts, own[walk.courier_id], now, limit) for walk in one.walks if walk.place_ids]
    return [*rows, _uncovered(one, facts)] if one.uncovered else rows


def _row(
    one: RoundOn, walk: RoundWalk, facts: DayFacts, own: set[int], now: datetime | None, limit: timedelta
) -> BoardRow:
    made = [visit for place in walk.place_ids for visit in facts.visits[place]]
    extra = [visit for visit in facts.of_courier[walk.courier_id] if visit.place_id not in own]
    visited = len({visit.place_id for visit in made})
    marks, heard = facts.marks[walk.courier_id], facts.heard.get(walk.courier_id)
    moments = sorted(visit.happened_at for visit in made)
    started, ended = marks.get(RoundMark.Kind.START), marks.get(RoundMark.Kind.END)
    state = _state(visited, len(walk.place_ids), bool(started or made), ended is not None)
    if now is None:
        state = OVER.get(state, state)
    elif state == "out" and (heard is None or now - heard > limit):
        state = "silent"
    return BoardRow(
        facts.on,
        one.round_id,
        one.number,
        one.name,
        walk.courier_id,
        walk.courier_name,
        walk.substitute,
        state,
        planned=len(walk.place_ids),
        visited=visited,
        extra=len({visit.place_id for visit in extra}),
        first_at=moments[0] if moments else None,
        last_at=moments[-1] if moments else None,
        started_at=started,
        ended_at=ended,
        heard_at=heard,
        hint="；".join(_hints(state, walk, facts, made)),
    )


def _state(visited: int, planned: int, begun: bool, ended: bool) -> str:
    if visited == planned or (ended and begun):
        return "done"
    return "out" if begun else "waiting"


def _hints(state: str, walk: RoundWalk, facts: DayFacts, made: Sequence[Visit]) -> Iterable[str]:
    if walk.courier_id not in facts.equipped:
        yield "未领用设备"
    elif state == "silent":
        yield "或无信号，记录可能在手机里待上传"
    late = sum(visit.received_at - visit.happened_at > LATE for visit in made)
    if late:
        yield f"{late} 条为事后补传"
    doubtful = sum(bool(visit.findings & rules.GRAVE) for visit in made)
    if doubtful:
        yield f"{doubtful} 条存疑"


def _uncovered(one: RoundOn, facts: DayFacts) -> BoardRow:
    away = [walk.courier_name for walk in one.walks if walk.on_leave]
    served = sum(bool(facts.visits[place]) for place in one.uncovered)
    return BoardRow(
        facts.on,
        one.round_id,
        one.number,
        one.name,
        None,
        f"{'、'.join(away)}请假，无人代班" if away else "没有投递员",
        False,
        "done" if served == len(one.uncovered) else "uncovered",
        planned=len(one.uncovered),
        visited=served,
        extra=0,
        first_at=None,
        last_at=None,
        started_at=None,
        ended_at=None,
        heard_at=None,
        hint="需要安排代班",
    )


def tell(board: Board, place: Place, when: str) -> str:
    """The answer in one sentence."""
    if not board.rows:
        return f"{place.name}{when}没有应出班的投递段。"
    counts = Counter(row.state for row in board.rows)
    parts = [
        f"{counts[state]} 段{word}"
        for state, word in (
            ("out", "在途"),
            ("silent", "在途但手机失联"),
            ("waiting", "未出班"),
            ("part", "未走完"),
            ("absent", "没有到村"),
            ("uncovered", "无人投递"),
            ("done", "已完成"),
        )
        if counts[state]
    ]
    left = board.planned - board.visited
    rest = f"还剩 {left} 个" if left else "全部到齐"
    return (
        f"{place.name}{when}应出班 {len(board.rows)} 段，{'，'.join(parts)}；"
        f"应到 {board.planned} 个村，已到 {board.visited} 个，{rest}。"
    )
