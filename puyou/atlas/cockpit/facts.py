"""What the wall screen says beside the map: figures with their lists, targets, and what happened in cases lately."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max
from django.urls import reverse

from puyou.accounts.models import User
from puyou.atlas import links, sentences
from puyou.atlas.figures import Figure
from puyou.atlas.views.opening import Opened
from puyou.cases import queries as cases
from puyou.cases.models import CaseEvent
from puyou.cases.relations import below
from puyou.core import formats
from puyou.core.counting import Asked, Counted, count_together
from puyou.core.periods import Week
from puyou.indicators.engine import Reader
from puyou.indicators.models import Target
from puyou.indicators.periods import Period

LATELY = timedelta(days=7)
EVENTS, TARGETS, MOST_COUNTED = 8, 6, 100_000


@dataclass(frozen=True)
class Big:
    """One figure to be read from afar; ``note`` is a line below it, ``href`` its list."""

    label: str
    value: str
    note: str
    href: str


@dataclass(frozen=True)
class Aim:
    """An indicator against its target; ``met`` is None while nothing is known."""

    name: str
    shown: str
    target: str
    period: str
    met: bool | None
    href: str


def service(opened: Opened, year: dict[Week, Figure]) -> list[Big]:
    """The last week that is over, what it missed, and how far the running week is."""
    view, code = opened.view, opened.place.code
    week, running = view.week, opened.weeks.running
    over, now = year.get(week), year.get(running)
    before = year.get(week.shift(-1))
    when = sentences.week_words(week, opened.today)
    standing = "已结算" if over and over.settled else "含初判，补传期内可能变化"
    rate = formats.rate(over.rate if over else None)
    return [
        Big(f"{when}达标率", rate, _change(over, before), f"/atlas/{code}/?week={week.name}"),
        Big(f"{when}未达标", _count(over.missed if over else None, "个村"), standing if over else "没有数据",
            links.villages(code, view, verdict="missed", week=week.name)),
        Big("本周已达标", formats.rate(_share(now)), f"应投 {formats.count(now.villages)} 个村" if now else "没有数据",
            f"/atlas/{code}/?week={running.name}"),
        Big("本周到村打卡", _count(now.visits if now else None, "次"), "已判定的", links.visits(code, running)),
    ]  # fmt: skip


def _share(figure: Figure | None) -> float | None:
    """Of the villages asked for, those already served enough; what is excused is not asked for."""
    asked = figure.villages - figure.excused if figure else 0
    return figure.met / asked if figure and asked else None


def _change(figure: Figure | None, before: Figure | None) -> str:
    if figure is None or figure.rate is None or before is None or before.rate is None:
        return "上一周没有数据"
    points = (figure.rate - before.rate) * 100
    if abs(points) < 0.005:
        return "与上一周持平"
    return f"比上一周{'提高' if points > 0 else '下降'} {abs(points):.2f} 个百分点"


def _count(number: int | None, unit: str) -> str:
    return "无数据" if number is None else f"{formats.count(number)} {unit}"


def matters(opened: Opened, user: User) -> list[Big]:
    """Open cases at and below the place, and those whose term has passed."""
    path = opened.place.path
    held = cases.list_cases(opened.scope, user).filter(below(path))
    late = cases.list_due(opened.scope, user, opened.today, overdue=True).filter(below(path))
    found = count_together({"open": Asked(held.filter(closed_at=None)), "late": Asked(late)}, MOST_COUNTED)
    query = f"place={opened.place.code}"
    return [
        Big(
            "在办案件",
            _counted(found["open"]),
            "整改、反映等",
            f"{reverse('case_list')}?standing=open&{query}",
        ),
        Big(
            "超期案件",
            _counted(found["late"]),
            "期限已过、尚未办结",
            f"{reverse('case_list')}?queue=overdue&{query}",
        ),
    ]


def _counted(found: Counted) -> str:
    return f"{formats.count(found.count)}{'+' if found.beyond else ''} 件"


def aims(opened: Opened) -> list[Aim]:
    """Indicators that have a target for the place, the one that ends last of each, with what is reached so far."""
    latest: dict[int, Target] = {}
    rows = Target.objects.filter(place=opened.place).select_related("indicator").order_by("last_on", "pk")
    for row in rows:
        latest[row.indicator_id] = row
    chosen = sorted(latest.values(), key=lambda row: row.indicator.position)[:TARGETS]
    reader = Reader(opened.scope, opened.today)
    reader.prepare(row.indicator for row in chosen)
    return [_aim(reader, row, opened) for row in chosen]


def _aim(reader: Reader, row: Target, opened: Opened) -> Aim:
    period = Period.parse(row.period)
    value = reader.value(row.indicator, opened.place, period)
    met = None
    if value.exact is not None and row.indicator.direction in ("up", "down"):
        met = value.exact >= row.value if row.indicator.direction == "up" else value.exact <= row.value
    address = f"/indicators/{row.indicator.code}/?place={opened.place.code}&period={period.name}"
    target = f"{row.value.normalize():f}{value.unit.text}"
    return Aim(
        row.indicator.name,
        value.shown if value.exact is not None else "无数据",
        target,
        period.label,
        met,
        address,
    )


def ticker(opened: Opened, user: User, now: datetime) -> Sequence[CaseEvent]:
    """What was done lately in cases that the reader may see, newest first."""
    held = cases.list_cases(opened.scope, user).filter(below(opened.place.path)).order_by().values("pk")
    found = CaseEvent.objects.filter(at__gte=now - LATELY, at__lte=now, case__in=held).select_related(
        "case__place"
    )
    return list(found.defer("data", "case__words", "case__fields").order_by("-at", "-id")[:EVENTS])


def mark() -> str:
    """Changes with every step in any case."""
    return str(CaseEvent.objects.aggregate(last=Max("pk"))["last"] or 0)
