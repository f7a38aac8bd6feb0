"""Putting figures into words: the answer of a page, said with the care its standing needs."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Protocol

from puyou.core import formats
from puyou.core.periods import Week

REASONS = {
    "not_enrolled": "未接入",
    "no_service": "零投递",
    "uncounted": "有到村但不计",
    "too_few": "次数不足",
}
REASON_HINTS = {
    "not_enrolled": "没有投递段，或投递员没有登记设备",
    "no_service": "全周没有到村投递",
    "uncounted": "有到村记录，但经审核不认可或距村点过远",
    "too_few": "投递次数少于应投次数",
}


class Figures(Protocol):
    """What a sentence needs of a place's week."""

    @property
    def villages(self) -> int: ...
    @property
    def met(self) -> int: ...
    @property
    def missed(self) -> int: ...
    @property
    def provisional(self) -> int: ...
    @property
    def excused(self) -> int: ...
    @property
    def pending(self) -> int: ...
    @property
    def rate(self) -> float | None: ...
    @property
    def trips(self) -> int: ...
    @property
    def trips_due(self) -> int: ...


def standing_of(week: Week, today: date, settle_days: int) -> str:
    """Whether a week is running, provisional (late evidence still counts) or settled on a day."""
    if today <= week.sunday:
        return "running"
    return "provisional" if today < settled_on(week, settle_days) else "settled"


def settled_on(week: Week, settle_days: int) -> date:
    """The first day on which the week's misses are settled (contracts 1.4)."""
    return week.monday + timedelta(days=7 + settle_days)


def week_words(week: Week, today: date) -> str:
    """本周, 上周, or the week by its number."""
    ago = (Week.of(today).monday - week.monday).days // 7
    return {0: "本周", 1: "上周"}.get(ago, f"{week.year}年第{week.number}周")


def tell_place(
    name: str, figures: Figures | None, before: Figures | None, week: Week, today: date, settle_days: int
) -> str:
    """A place's week in one sentence or two; ``before`` is the week before, for comparison."""
    when = week_words(week, today)
    if figures is None or not figures.villages:
        return f"{name}{when}没有应投的建制村：所选范围内没有投递频次要求，或尚未导入。"
    opening = f"{name}{when} {formats.count(figures.villages)} 个建制村应投"
    if standing_of(week, today, settle_days) == "running":
        return opening + _running(figures, week)
    if figures.rate is None:
        return f"{opening}，全部免责，没有可判定的村。"
    provisional = "初判" if figures.provisional else ""
    missed = f"{provisional}未达标 {formats.count(figures.missed)} 个"
    told = f"{opening}，达标 {formats.rate(figures.rate)}，{missed}"
    told += _excused(figures) + _compared(figures, before) + "。"
    if figures.provisional:
        settles = formats.day(settled_on(week, settle_days))
        told += f"初判可因补传改变，{settles}结算。"
    return told


def _running(figures: Figures, week: Week) -> str:
    judged = figures.villages - figures.excused
    share = formats.rate(figures.met / judged) if judged else formats.NO_DATA
    ends = f"{week.sunday.month}月{week.sunday.day}日"
    return (
        f"，已达标 {formats.count(figures.met)} 个（{share}），待定 {formats.count(figures.pending)} 个"
        f"{_excused(figures)}；本周到 {ends}结束，之后才判定未达标。"
    )


def _excused(figures: Figures) -> str:
    return f"，免责 {formats.count(figures.excused)} 个" if figures.excused else ""


def _compared(figures: Figures, before: Figures | None) -> str:
    if before is None or not before.villages:
        return ""
    change = figures.missed - before.missed
    if not change:
        return "，与前一周持平"
    return f"，较前一周{'增加' if change > 0 else '减少'} {formats.count(abs(change))} 个"


def tell_running(figures: Figures | None, week: Week) -> str:
    """How far the running week has come, said beside the answer of an earlier week."""
    if figures is None or not figures.villages:
        return ""
    return (
        f"本周（第{week.number}周）进行中：已达标 {formats.count(figures.met)} 个村，"
        f"计次投递 {formats.count(figures.trips)} / 应投 {formats.count(figures.trips_due)} 次。"
    )


def tell_reason(counts: dict[str, int]) -> str:
    """Why villages missed, the most frequent reason first: 零投递 80、次数不足 12."""
    told = [(number, code) for code, number in counts.items() if number]
    ranked = sorted(told, key=lambda one: -one[0])
    return "、".join(f"{REASONS[code]} {formats.count(number)}" for number, code in ranked)


def tell_uncounted(distances: Sequence[float | None]) -> str:
    """Visits that do not count: metres from the village point, None when refused by review."""
    far = [metres for metres in distances if metres is not None]
    said = []
    if far:
        said.append(f"另有 {len(far)} 次距村点 {formats.metres(max(far))}不计")
    if refused := len(distances) - len(far):
        said.append(f"另有 {refused} 次经审核不予认可")
    return f"{'，'.join(said)}。" if said else ""
