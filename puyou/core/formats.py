"""How figures, dates and shares are written for people: one way, on pages and in exports."""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from puyou.core.periods import SHANGHAI, Week

NO_DATA = "无数据"
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
BIG_UNITS = ((100_000_000, "亿"), (10_000, "万"))


def is_unknown(value: Any) -> bool:
    """Whether there is no figure: None, not a number, or what a template makes of a missing name."""
    return value is None or value == "" or value != value


def count(value: float | Decimal | None) -> str:
    """A whole or decimal number with thousands: ``13,687``; 无数据 for None."""
    if is_unknown(value):
        return NO_DATA
    number = Decimal(str(value))
    return f"{number:,.0f}" if number == number.to_integral_value() else f"{number.normalize():,f}"


def big(value: float | Decimal | None) -> str:
    """A big amount in 万 or 亿 with up to two decimals, below 10,000 as it is: ``48.71万``."""
    if is_unknown(value):
        return NO_DATA
    number = Decimal(str(value))
    for size, name in BIG_UNITS:
        if abs(number) >= size:
            return f"{_trim(_round(number / size, 2))}{name}"
    return count(number)


def rate(value: float | Decimal | None, decimals: int = 1) -> str:
    """A share of 0–1 as ``97.3%``; what is short of 1 never reads 100%, what is above 0 never reads 0%."""
    if is_unknown(value):
        return NO_DATA
    share = Decimal(str(value)) * 100
    rounded = _round(share, decimals)
    smallest = Decimal(1).scaleb(-decimals)
    if rounded >= 100 and share < 100:
        rounded = 100 - smallest
    if rounded <= 0 < share:
        rounded = smallest
    return f"{rounded}%"


def points(value: float | Decimal | None) -> str:
    """A difference of two shares in percentage points: ``+1.2 个百分点``."""
    if is_unknown(value):
        return NO_DATA
    return f"{_round(Decimal(str(value)) * 100, 1):+} 个百分点"


def day(value: date | datetime | None) -> str:
    """``2026年11月23日``; moments are taken in Asia/Shanghai."""
    if value is None:
        return ""
    local = _local_date(value)
    return f"{local.year}年{local.month}月{local.day}日"


def short_day(value: date | datetime | None) -> str:
    """``11.23 周一``."""
    if value is None:
        return ""
    local = _local_date(value)
    return f"{local.month}.{local.day:02d} {WEEKDAYS[local.weekday()]}"


def moment(value: datetime | None) -> str:
    """``2026年11月23日 14:32`` in Asia/Shanghai."""
    return "" if value is None else f"{day(value)} {value.astimezone(SHANGHAI):%H:%M}"


def clock(value: datetime | None) -> str:
    """``14:32:05`` in Asia/Shanghai."""
    return "" if value is None else f"{value.astimezone(SHANGHAI):%H:%M:%S}"


def week(value: Week | date | None) -> str:
    """``2026年第47周（11.16—11.22）`` of a week or of any day in it."""
    if value is None:
        return ""
    return value.label if isinstance(value, Week) else Week.of(_local_date(value)).label


def metres(value: float | Decimal | None) -> str:
    """A distance: ``850 米`` or ``6.2 公里``."""
    if is_unknown(value):
        return NO_DATA
    number = Decimal(str(value))
    if abs(number) < 1000:
        return f"{_round(number, 0)} 米"
    return f"{_trim(_round(number / 1000, 1))} 公里"


def relative(value: datetime | None, now: datetime) -> str:
    """How long ago: ``刚刚``, ``5 分钟前``, ``2 小时前``; the moment itself beyond 30 days."""
    if value is None:
        return ""
    passed = now - value
    if passed < timedelta(0) or passed > timedelta(days=30):
        return moment(value)
    for size, name in ((86400, "天"), (3600, "小时"), (60, "分钟")):
        if passed.total_seconds() >= size:
            return f"{int(passed.total_seconds() // size)} {name}前"
    return "刚刚"


def plain(value: Any) -> str:
    """Anything without a format of its own: text, 是/否, dates, nothing as an empty string."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return moment(value)
    return day(value) if isinstance(value, date) else str(value)


def _round(number: Decimal, decimals: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _trim(number: Decimal) -> str:
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"


def _local_date(value: date | datetime) -> date:
    return value.astimezone(SHANGHAI).date() if isinstance(value, datetime) else value
