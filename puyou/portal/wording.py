"""What a notice says to villagers, in words: pure functions on plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
EVERY_DAY = 127
DAYS = {
    "served": "来过",
    "missing": "没有记录",
    "excused": "免责",
    "idle": "不要求",
    "ahead": "还没到",
}
LOOK_AHEAD = 14


@dataclass(frozen=True)
class DayShown:
    """A day of the week on a notice."""

    label: str
    date: str
    state: str
    word: str
    today: bool


def tell_week(need: int, served: int, last: date | None, today: date) -> str:
    """“本周应投 3 次，已投 2 次，上次周三。”"""
    asked = f"本周应投 {need} 次" if need else "本周不要求投递"
    done = f"已投 {served} 次" if need or served else ""
    before = f"上次{_named(when(last, today))}" if last else "近两个月没有到村记录"
    return "，".join(part for part in (asked, done, before) if part) + "。"


def _named(day: str) -> str:
    """“上次周三”, but “上次是上周三” and “上次是10月30日”."""
    return day if day in WEEKDAYS else f"是{day}"


def tell_standing(standing: str, need: int, served: int, sunday: date) -> str:
    """What becomes of the running week."""
    if standing == "met":
        return "本周已经达标。"
    if standing == "excused":
        return "本周因免责情形不作达标要求。"
    if standing == "pending":
        return f"本周到 {sunday.month}月{sunday.day}日结束，还差 {max(need - served, 1)} 次。"
    return ""


def tell_before(standing: str, need: int, served: int) -> str:
    """What became of the week before; empty when nothing was asked."""
    verdicts = {
        "met": "达标",
        "missed": "未达标",
        "provisional": "初判未达标，投递员补传后可能改变",
        "excused": "因免责情形不作达标要求",
        "pending": "尚未判定",
    }
    return f"上周应投 {need} 次，投了 {served} 次，{verdicts[standing]}。" if standing in verdicts else ""


def when(day: date, today: date) -> str:
    """A past day as people say it: 今天, 昨天, 周三, 上周五, 10月30日."""
    ago = (today - day).days
    if ago in (0, 1):
        return ("今天", "昨天")[ago]
    monday = today - timedelta(days=today.weekday())
    if day >= monday:
        return WEEKDAYS[day.weekday()]
    if day >= monday - timedelta(days=7):
        return f"上{WEEKDAYS[day.weekday()]}"
    return f"{day.month}月{day.day}日"


def tell_timetable(weekdays: int) -> str:
    """On which days the round runs (bit 0 is Monday)."""
    if weekdays & EVERY_DAY == EVERY_DAY:
        return "每天"
    return "、".join(name for at, name in enumerate(WEEKDAYS) if weekdays >> at & 1)


def next_planned(
    weekdays: int, today: date, served_today: bool, free: Sequence[tuple[date, date]]
) -> date | None:
    """The next day of the timetable that no excuse covers (``free``: half-open spans); None within two weeks."""
    for ahead in range(1 if served_today else 0, LOOK_AHEAD):
        day = today + timedelta(days=ahead)
        if weekdays >> day.weekday() & 1 and not any(first <= day < until for first, until in free):
            return day
    return None


def tell_next(day: date | None, today: date) -> str:
    """“11月27日 周五（明天）”."""
    if day is None:
        return ""
    names = {0: "（今天）", 1: "（明天）", 2: "（后天）"}
    return f"{day.month}月{day.day}日 {WEEKDAYS[day.weekday()]}{names.get((day - today).days, '')}"


def show_days(monday: date, states: Sequence[str], today: date) -> list[DayShown]:
    """The seven days, each with its word; today without a visit may still become one."""
    shown = []
    for at, state in enumerate(states):
        day = monday + timedelta(days=at)
        word = "还没有记录" if day == today and state == "missing" else DAYS[state]
        shown.append(DayShown(WEEKDAYS[at], f"{day.month}.{day.day:02d}", state, word, day == today))
    return shown
