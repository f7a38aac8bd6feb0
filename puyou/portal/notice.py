"""What a notice shows of its village: the running week, the timetable, days off, and what was said today."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from puyou.accounts.models import in_force
from puyou.accounts.scopes import Scope
from puyou.compliance import queries as compliance
from puyou.compliance.models import Excuse
from puyou.compliance.queries import VillageWeekDetail
from puyou.core import formats, paths
from puyou.core.periods import Week
from puyou.core.steady import steadily
from puyou.places.models import Place
from puyou.portal import wording
from puyou.registry import queries as registry
from puyou.standards import queries as standards
from puyou.villagers import queries as villagers
from puyou.villagers import rules
from puyou.villagers.models import NoticeCode

LOOK_BACK = 8  # weeks in which the last visit is looked for


@dataclass(frozen=True)
class NoticeShown:
    """Everything that stands on a notice's page, in words."""

    place: Place
    week: Week
    sentence: str
    standing: str
    verdict: str
    before: str
    days: list[wording.DayShown]
    duties: list[str]
    timetable: str
    next_day: str
    days_off: list[str]
    excuses: list[str]
    said: str


def show(code: NoticeCode, today: date) -> NoticeShown:
    """What anybody before the notice may read; its scope is the notice's own village."""
    with steadily():
        return _show(code, today)


def _show(code: NoticeCode, today: date) -> NoticeShown:
    scope, place, week = villagers.scope_of(code), code.place, Week.of(today)
    details = compliance.village_weeks(scope, place, week.shift(-LOOK_BACK), week, today)
    detail = next((one for one in details if one.week == week), None)
    excuses = _excuses(place, today)
    weekdays = _weekdays(scope, place, today)
    served_today = bool(detail and detail.days[today.weekday()] == "served")
    free = [(one.valid_from, one.valid_to) for one in excuses]
    return NoticeShown(
        place=place,
        week=week,
        sentence=_sentence(detail, details, today),
        standing=detail.standing if detail else "",
        verdict=wording.tell_standing(detail.standing, detail.trips_due, detail.served, week.sunday)
        if detail
        else "",
        before=_before(details, week),
        days=wording.show_days(week.monday, detail.days, today) if detail else [],
        duties=_duties(scope, place, today),
        timetable=wording.tell_timetable(weekdays),
        next_day=wording.tell_next(wording.next_planned(weekdays, today, served_today, free), today),
        days_off=_days_off(today),
        excuses=[_told(one) for one in excuses],
        said=rules.tell(villagers.tally_beside(scope, place.pk, today, None)),
    )


def _sentence(detail: VillageWeekDetail | None, details: list[VillageWeekDetail], today: date) -> str:
    if detail is None:
        return "本村还没有登记投递频次，暂时看不到应投次数。"
    return wording.tell_week(detail.trips_due, detail.served, _last_served(details), today)


def _last_served(details: list[VillageWeekDetail]) -> date | None:
    """The last day with a counting visit."""
    for one in reversed(details):
        for at in range(6, -1, -1):
            if one.days[at] == "served":
                return one.week.monday + timedelta(days=at)
    return None


def _before(details: list[VillageWeekDetail], week: Week) -> str:
    last = next((one for one in details if one.week == week.shift(-1)), None)
    return wording.tell_before(last.standing, last.trips_due, last.served) if last else ""


def _weekdays(scope: Scope, place: Place, today: date) -> int:
    """The timetable of the rounds that the village is on, else of its duties; 0 when nobody laid one down."""
    stops = registry.list_village_rounds(scope, place.pk).filter(in_force(today))
    duties = registry.list_duties(scope, place.pk).filter(in_force(today))
    for found in (stops.values_list("weekdays", flat=True), duties.values_list("timetable", flat=True)):
        days = 0
        for one in found:
            days |= one
        if days:
            return days
    return 0


def _duties(scope: Scope, place: Place, today: date) -> list[str]:
    held = registry.list_duties(scope, place.pk).filter(in_force(today))
    return [f"每{'日' if one.period == 'day' else '周'} {one.times} 次" for one in held]


def _excuses(place: Place, today: date) -> list[Excuse]:
    """Approved excuses of the village or of a place above it that touch this week or the next."""
    week = Week.of(today)
    touching = Q(valid_from__lte=week.shift(1).sunday, valid_to__gt=week.monday)
    chain = Excuse.objects.filter(touching, place__in=paths.ids(place.path), status=Excuse.Status.APPROVED)
    return list(chain.order_by("valid_from", "id"))


def _told(excuse: Excuse) -> str:
    last = excuse.valid_to - timedelta(days=1)
    return f"{formats.day(excuse.valid_from)}至{formats.day(last)}因{excuse.get_ground_display()}免责"


def _days_off(today: date) -> list[str]:
    """Festivals of this week and the next, and a word when nobody has published that year's days off yet."""
    week, calendar = Week.of(today), standards.get_calendar()
    last = week.shift(1).sunday
    names: dict[str, list[date]] = {}
    for day, name in sorted(calendar.off.items()):
        if week.monday <= day <= last:
            names.setdefault(name, []).append(day)
    told = [
        f"{name}放假：{days[0].month}月{days[0].day}日至{days[-1].month}月{days[-1].day}日，投递可能调整"
        for name, days in names.items()
    ]
    if last > calendar.published_to:
        told.append(f"{last.year}年放假安排尚未公布")
    return told
