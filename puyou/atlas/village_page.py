"""What a village's page says: verdict, duty and rule, a year of days, visits, excuses, who delivers."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from puyou.accounts.models import User, in_force
from puyou.atlas import figures, links, sentences, strip
from puyou.atlas.views.opening import Opened
from puyou.cases import tables as cases
from puyou.cases.rectification import queries as rectification
from puyou.cases.relations import HANDLE
from puyou.compliance.models import Excuse, Miss
from puyou.compliance.queries import VillageWeekDetail
from puyou.core import exports, formats
from puyou.core.periods import Week
from puyou.core.tables import Column, Empty, Table, listing
from puyou.places import boundaries
from puyou.registry import queries as registry
from puyou.registry.models import Duty, RoundCourier
from puyou.standards import queries as standards
from puyou.villagers import queries as villagers
from puyou.villagers import rules as words
from puyou.visits import queries as visits
from puyou.visits import rules as visit_rules
from puyou.visits.models import Visit

SHOWN_WEEKS = 53
MOST_VISITS = 200
PERIODS = {"day": "每日 1 次", "week": "每周 {times} 次"}
NO_VISITS = Empty(
    "这一周没有到村投递记录。", "投递员用手机打卡，或由企业终端、纸质补录上报后，会出现在这里。"
)
CAUSES = {
    "late_visit": "补传",
    "review": "审核",
    "correction": "撤回",
    "excuse": "免责",
    "rule": "准则变更",
    "duty": "责任变更",
}


def visits_of(opened: Opened) -> list[Visit]:
    """The village's visits of the shown week, newest first."""
    return list(visits.list_visits(opened.scope, opened.place, opened.view.week)[:MOST_VISITS])


def export(opened: Opened, kind: str) -> HttpResponseBase:
    """The visits of the shown week as a file."""
    table, rows = _table(), _rows(visits_of(opened))
    return exports.respond(
        kind, table.title, table.columns, rows, scope=opened.place.name, chosen=opened.words
    )


def context(request: HttpRequest, opened: Opened, seen: Sequence[Visit]) -> dict[str, Any]:
    """Everything of the page but the shell's share."""
    place, view = opened.place, opened.view
    weeks = _weeks(opened)
    details = figures.village_year(opened.scope, place, weeks, opened.state)
    detail = next((one for one in details if one.week == view.week), None)
    address = f"/places/boundaries/{opened.above[-1].code if opened.above else place.code}.json"
    return {
        "detail": detail,
        "verdict_code": detail.standing if detail else "",
        "sentence": tell(opened, detail, seen),
        "duties": _duties(opened),
        "rounds": _rounds(opened),
        "points": _points(opened),
        "excuses": _excuses(opened),
        "words": words_of(opened),
        "superseded": _superseded(opened),
        "rectifications": _rectifications(request, opened),
        "order_address": _order_address(opened, detail),
        "strip": _strip(opened, details, seen),
        "visits_table": listing(request, _table(), _rows(seen), scope=place.name),
        "own_point": _own_point(opened),
        "visits_address": links.visits(place.code, view.week),
        "boundaries_address": f"{address}?v={boundaries.tag()}",
        "live_address": f"/atlas/{place.code}/live/?{opened.asked}",
    }


def _weeks(opened: Opened) -> list[Week]:
    """53 weeks up to the running one, or to the shown one when that is older."""
    last = opened.weeks.running
    if opened.view.week < last.shift(1 - SHOWN_WEEKS):
        last = opened.view.week
    return [last.shift(ago) for ago in range(1 - SHOWN_WEEKS, 1)]


def tell(opened: Opened, detail: VillageWeekDetail | None, seen: Sequence[Visit]) -> str:
    """The verdict in words, with the visits that do not count and why."""
    when = sentences.week_words(opened.view.week, opened.today)
    if detail is None:
        return f"{opened.place.name}{when}没有投递要求，不作判定。"
    told = detail.sentence.replace("本周", when)
    if detail.standing == "provisional":
        told = told.replace("未达标", "初判未达标，待补传")
    uncounted = [visit for visit in seen if not visit.counting]
    if uncounted and "不计" not in told:
        told += sentences.tell_uncounted([None if one.rejected else one.distance_m for one in uncounted])
    if detail.misses > 1:
        told += f"已连续 {detail.misses} 周未达标。"
    return told


def _strip(opened: Opened, details: Sequence[VillageWeekDetail], seen: Sequence[Visit]) -> strip.Strip:
    weeks = _weeks(opened)
    festivals = standards.holiday_weeks(weeks[0].monday, weeks[-1].sunday)
    return strip.draw(
        weeks,
        details,
        festivals,
        lambda week: f"?{opened.view.query(week=week.name)}",
        shown=opened.view.week,
        refused={visit.day for visit in seen if not visit.counting},
    )


def _duties(opened: Opened) -> list[dict[str, Any]]:
    """The duties in force in the week, each beside the floor of its area class."""
    week = opened.view.week
    touching = Q(valid_from__lte=week.sunday) & (Q(valid_to=None) | Q(valid_to__gt=week.monday))
    return [
        _duty(opened, duty) for duty in registry.list_duties(opened.scope, opened.place.pk).filter(touching)
    ]


def _duty(opened: Opened, duty: Duty) -> dict[str, Any]:
    floor = standards.find_value(
        "delivery_floor", opened.view.week.monday, duty.area_class, opened.place.path
    )
    told = f"{duty.get_area_class_display()}，{PERIODS[duty.period].format(times=duty.times)}"
    told += f"，{formats.day(duty.valid_from)}起" + (
        f"至{formats.day(duty.valid_to)}前" if duty.valid_to else ""
    )
    if duty.below_floor:
        told += "（低于准则下限）"
    if floor is None:
        return {"told": told, "rule": "准则没有规定下限", "unverified": False}
    unit = "每日" if floor.unit == "per day" else "每周"
    return {
        "told": told,
        "rule": f"准则下限{unit} {floor.value} 次（第 {floor.version_id} 号版本，{floor.source}）",
        "href": "/standards/delivery_floor/",
        "unverified": floor.verification != "verified",
    }


def _rounds(opened: Opened) -> list[dict[str, str]]:
    """The rounds the village is on and who walks them on the last day of the week that has come."""
    day = min(opened.view.week.sunday, opened.today)
    stops = list(registry.list_village_rounds(opened.scope, opened.place.pk).filter(in_force(day)))
    walkers = (
        RoundCourier.objects.filter(in_force(day), round__in=[stop.round_id for stop in stops])
        .select_related("courier")
        .order_by("substitute", "id")
    )
    found = []
    for stop in stops:
        names = [
            f"{one.courier.name}（{'代班，' if one.substitute else ''}{one.courier.number}）"
            for one in walkers
            if one.round_id == stop.round_id
        ]
        found.append(
            {"name": stop.round.name or stop.round.number, "walkers": "、".join(names) or "无投递员"}
        )
    return found


def _points(opened: Opened) -> list[str]:
    day = min(opened.view.week.sunday, opened.today)
    found = registry.list_village_delivery_points(opened.scope, opened.place.pk).filter(in_force(day))
    return [f"{one.point.name}（{one.point.get_kind_display()}）" for one in found]


def _excuses(opened: Opened) -> list[str]:
    """Approved excuses of the place or of anything above it that touch the week."""
    week = opened.view.week
    chain = [opened.place.pk, *(one.pk for one in opened.above)]
    found = Excuse.objects.filter(
        place__in=chain, status="approved", valid_from__lte=week.sunday, valid_to__gt=week.monday
    ).select_related("place")
    return [
        f"{one.get_ground_display()}（{one.place.name}，{formats.day(one.valid_from)}至"
        f"{formats.day(one.valid_to - timedelta(days=1))}，{one.document}）"
        for one in found.order_by("valid_from", "id")
    ]


def words_of(opened: Opened) -> list[dict[str, str]]:
    """What villagers said of the days of the week, each with the door to the words themselves."""
    week = opened.view.week
    found = villagers.tallies(opened.scope, [opened.place.pk], week.monday, week.sunday)
    return [
        {
            "told": f"{formats.short_day(day)}：{words.tell(tally)}",
            "address": f"/portal/words/?place={opened.place.code}&first={day}&last={day}",
        }
        for (_, day), tally in sorted(found.items())
    ]


def _rectifications(request: HttpRequest, opened: Opened) -> list[dict[str, str]]:
    """Orders to make missed weeks good that the reader may see, newest first."""
    reader = request.user if isinstance(request.user, User) else None
    found = rectification.list_of_village(opened.scope, opened.place, reader)
    return [
        {"address": cases.address_of(one), "told": f"{one.number}，{cases.state_name(one)}"}
        for one in found[:20]
    ]


def _order_address(opened: Opened, detail: VillageWeekDetail | None) -> str:
    """Where to order that the shown week be made good: missed for good, in no order yet, and the reader may."""
    if detail is None or detail.standing != "missed" or not opened.scope.covers(opened.place.path, HANDLE):
        return ""
    if opened.view.week.monday in rectification.ordered_weeks(opened.scope, opened.place):
        return ""
    return f"/cases/rectification/new/?place={opened.place.code}"


def _superseded(opened: Opened) -> list[str]:
    """Misses of the week that later evidence took back."""
    found = Miss.objects.filter(
        place_id=opened.place.pk, monday=opened.view.week.monday, superseded_at__isnull=False
    ).order_by("noticed_at")
    return [
        f"{formats.moment(one.noticed_at)}判为未达标，{formats.moment(one.superseded_at)}"
        f"因{CAUSES.get(one.superseded_cause, '更正')}撤销"
        for one in found
    ]


def _rows(seen: Sequence[Any]) -> list[dict[str, Any]]:
    """The visits as rows of the page's table."""
    return [
        {
            "key": str(visit.pk),
            "at": visit.happened_at,
            "courier": visit.courier_name,
            "source": visit.get_source_display(),
            "distance": visit.distance_m,
            "counting": "计入" if visit.counting else "审核不认可" if visit.rejected else "不计入",
            "findings": "；".join(one.sentence for one in visit_rules.describe(visit.findings)),
            "late": visit.received_at,
            "href": f"/visits/{visit.pk}/",
            "step": "1" if visit.counting else "6",
            "lon": visit.lon,
            "lat": visit.lat,
        }
        for visit in seen
    ]


def _table() -> Table:
    return Table(
        code="visits",
        title="到村投递",
        columns=(
            Column("到村时间", "at", format="moment", head=True, link=lambda row: row["href"]),
            Column("投递员", "courier"),
            Column("来源", "source", minor=True),
            Column("距村点", "distance", format="metres"),
            Column("计次", "counting"),
            Column("疑点", "findings"),
            Column("收到", "late", format="moment", minor=True),
        ),
        page_size=MOST_VISITS,
        counter="次",
        empty=NO_VISITS,
        key="key",
        data={
            "name": lambda row: formats.moment(row["at"]),
            "kind": lambda row: "visit",
            "step": "step",
            "lon": "lon",
            "lat": "lat",
        },
        exports=False,
    )


def _own_point(opened: Opened) -> dict[str, Any] | None:
    """Where the village receives its mail: confirmed before learnt before a reference."""
    day = min(opened.view.week.sunday, opened.today)
    found = list(registry.list_village_points(opened.scope, opened.place.pk).filter(in_force(day)))
    ranks = ["confirmed", "learnt", "reference"]
    best = min(found, key=lambda one: ranks.index(one.standing), default=None)
    if best:
        return {"lon": best.lon, "lat": best.lat, "told": f"{best.get_standing_display()}村点"}
    if opened.place.lon is None:
        return None
    return {"lon": opened.place.lon, "lat": opened.place.lat, "told": "参考村点"}
