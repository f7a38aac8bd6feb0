"""Measures of village delivery, from the roll-ups that the map pages show."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from urllib.parse import urlencode

from puyou.accounts.scopes import Scope
from puyou.compliance import queries as compliance
from puyou.core import clock, paths
from puyou.core.periods import Week
from puyou.indicators.checking import FLOW, RATIO, STOCK
from puyou.indicators.names import Plain, Reading, offer
from puyou.indicators.periods import WEEK, Period
from puyou.places.models import Place

KEPT = 3  # roll-ups are kept down to the county
NO_WEEK = "时期内没有已结束的周"
COUNTED = ("villages", "met", "missed", "provisional", "excused", "trips", "trips_due", "visits", "findings")


def weeks_over(period: Period) -> list[Week]:
    """The weeks of a period that are over: those whose Thursday it holds, so that no week is in two months."""
    today = clock.today()
    return [week for week in period.weeks() if week.shift(1).monday <= today]


@lru_cache(maxsize=512)
def _sums(
    state: int, today: date, root: int, level: int, first: Week, last: Week
) -> dict[int, dict[str, int]]:
    """Figures of each place of a level under ``root`` summed over consecutive weeks; ``villages_last``: of the last."""
    weeks = [first.shift(at) for at in range((last.monday - first.monday).days // 7 + 1)]
    system, place = Scope.system("indicators"), Place.objects.get(pk=root)
    found: dict[int, dict[str, int]] = {}
    for row in compliance.figures(system, place, weeks, level, today=today):
        sums = found.setdefault(row.place.pk, dict.fromkeys(COUNTED, 0))
        for name in COUNTED:
            sums[name] += getattr(row, name)
        sums["villages_last"] = row.villages  # rows come week after week
    return found


def _read(scope: Scope, place: Place, period: Period) -> dict[str, int] | str:
    scope.require(place.path)
    weeks = weeks_over(period)
    if not weeks:
        return NO_WEEK
    # Places below a county are computed on demand: all of a county's at once cost as much as one of them.
    root = place.pk if place.level <= KEPT else paths.ids(place.path)[KEPT]
    sums = _sums(compliance.state(), clock.today(), root, place.level, weeks[0], weeks[-1])
    return sums.get(place.pk) or "没有投递义务"


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
