"""Measures of village delivery, from the roll-ups that the map pages show."""

from collections.abc import Callable
from functools import lru_cache
from urllib.parse import urlencode

from puyou.accounts.scopes import Scope
from puyou.compliance import queries as compliance
from puyou.core import clock
from puyou.core.periods import Week
from puyou.indicators.checking import FLOW, RATIO, STOCK
from puyou.indicators.names import Plain, Reading, offer
from puyou.indicators.periods import WEEK, Period
from puyou.places.models import Place

NO_WEEK = "时期内没有已结束的周"
COUNTED = ("villages", "met", "missed", "provisional", "excused", "trips", "trips_due", "visits", "findings")


def weeks_over(period: Period) -> list[Week]:
    """The weeks of a period that are over: those whose Thursday it holds, so that no week is in two months."""
    today = clock.today()
    return [week for week in period.weeks() if week.shift(1).monday <= today]


@lru_cache(maxsize=4096)
def _sums(state: int, place: int, path: str, first: Week, last: Week) -> dict[str, int] | None:
    """Figures of one place summed over consecutive weeks, and ``villages_last`` of the last; None without a duty."""
    found = Place.objects.get(pk=place)
    weeks = [first.shift(at) for at in range((last.monday - first.monday).days // 7 + 1)]
    rows = [
        row
        for row in compliance.figures(
            Scope.system("indicators"), found, weeks, found.level, today=clock.today()
        )
        if row.place.pk == place
    ]
    if not rows:
        return None
    sums = {name: sum(getattr(row, name) for row in rows) for name in COUNTED}
    final = max(rows, key=lambda row: row.week)
    return sums | {
        "villages_last": final.villages,
        "longest_gap": final.longest_gap,
        "weeks_of_villages": sums["villages"],
    }


def _read(scope: Scope, place: Place, period: Period) -> dict[str, int] | str:
    scope.require(place.path)
    weeks = weeks_over(period)
    if not weeks:
        return NO_WEEK
    sums = _sums(compliance.state(), place.pk, place.path, weeks[0], weeks[-1])
    return sums or "没有投递义务"


def _link(place: Place, period: Period, verdict: str) -> str:
    """The villages behind a week's figure; of longer periods the place's own page, which lists the weeks."""
    weeks = weeks_over(period)
    if not weeks:
        return ""
    if place.level == 5 or period.kind != WEEK:
        return f"/atlas/{place.code}/?{urlencode({'week': weeks[-1].name})}"
    asked = {"week": weeks[-1].name} | ({"verdict": verdict} if verdict else {})
    return f"/atlas/{place.code}/villages/?{urlencode(asked)}"


def counted(name: str, verdict: str = "") -> Callable[[Scope, Place, Period], Plain | Reading]:
    """A measure that counts one thing of the roll-ups."""

    def read(scope: Scope, place: Place, period: Period) -> Plain | Reading:
        sums = _read(scope, place, period)
        if isinstance(sums, str):
            return Reading(None, missing=sums)
        return sums[name], None, _link(place, period, verdict)

    return read


def rate(scope: Scope, place: Place, period: Period) -> Plain | Reading:
    """Weeks of villages met ÷ (met + missed): a ratio of sums, as the map shows it for one week."""
    sums = _read(scope, place, period)
    if isinstance(sums, str):
        return Reading(None, missing=sums)
    judged = sums["met"] + sums["missed"]
    return sums["met"], judged, _link(place, period, "")


MET, MISSED = counted("met", "met"), counted("missed", "missed")
EXCUSED, VISITS, DUE = counted("excused", "excused"), counted("visits"), counted("trips_due")
TRIPS, FINDINGS, VILLAGES = counted("trips"), counted("findings"), counted("villages_last")
HELD = "按周判定，周归属其周四所在的月份；只计已结束的周"


def offer_all() -> None:
    """Enter the measures of village delivery."""
    offer("village_weeks_met", "达标村周", "村周", FLOW, MET, note=HELD)
    offer("village_weeks_missed", "未达标村周", "村周", FLOW, MISSED, note=f"{HELD}；含待补传期内的")
    offer("village_weeks_excused", "免责村周", "村周", FLOW, EXCUSED, note=HELD)
    offer("delivery_trips", "已投次数", "次", FLOW, TRIPS, note=f"{HELD}；每村每天至多计一次")
    offer("delivery_trips_due", "应投次数", "次", FLOW, DUE, note=HELD)
    offer("visits", "到村打卡", "次", FLOW, VISITS, note=HELD)
    offer("visit_findings", "有疑点的打卡", "次", FLOW, FINDINGS, note=HELD)
    offer("villages_served", "有投递义务的建制村", "个", STOCK, VILLAGES, note="期末那一周的建制村数")
    offer(
        "delivery_rate",
        "周投递达标率",
        "%",
        RATIO,
        rate,
        note="达标村周 ÷（达标村周 + 未达标村周），免责的不计",
    )
