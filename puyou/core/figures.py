"""Reading a number as people write it in cells: full-width digits, thousands, 万 and 亿, units, percent."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

SIZES = {
    "": 0,
    "十": 1,
    "百": 2,
    "千": 3,
    "万": 4,
    "十万": 5,
    "百万": 6,
    "千万": 7,
    "亿": 8,
    "十亿": 9,
    "百亿": 10,
    "千亿": 11,
    "万亿": 12,
}
# unit → what it measures, and how many of the smallest make one (as a power of ten)
UNITS = {
    "元": ("money", 0), "人民币": ("money", 0), "克": ("mass", 0), "千克": ("mass", 3), "公斤": ("mass", 3),
    "kg": ("mass", 3), "吨": ("mass", 6), "t": ("mass", 6), "米": ("length", 0), "公里": ("length", 3),
    "千米": ("length", 3), "km": ("length", 3),
    "%": ("share", 0), "‰": ("share", -1),
}  # fmt: skip
NUMBER = re.compile(r"([+-]?)([0-9][0-9,]*)?(\.[0-9]+)?")
GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+|[0-9]+")
ABOUT = re.compile(r"约|大约|近|超|多|余|左右|以上|以下|[~～><≥≤±]")
LONGEST = 60


class Unreadable(ValueError):
    """A text that is no number, with a sentence why."""


def read(text: str, unit: str = "", told_in: str = "") -> Decimal:
    """The number that a text says, in ``unit``; ``told_in``: the unit in the column's head, for bare numbers.

    Unreadable tells in Chinese what is wrong. Nothing is guessed: “约3000” and “1,23” are refused.
    """
    plain = (
        re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
        .replace("，", ",")
        .replace("−", "-")
        .replace("¥", "")
    )
    if not plain or len(plain) > LONGEST:
        raise Unreadable("应为数字" if not plain else "太长，不是数字")
    if ABOUT.search(plain):
        raise Unreadable("是约数，请填确数，“约”“多”等说明写在备注里")
    match = NUMBER.match(plain)
    assert match is not None  # every part may be missing
    sign, whole, fraction = match[1], match[2] or "", match[3] or ""
    rest = plain[match.end() :]
    if not whole and not fraction:
        raise Unreadable("不是数字")
    if whole and not GROUPED.fullmatch(whole):
        raise Unreadable("千位分隔的位置不对")
    return _scaled(_decimal(f"{sign}{whole.replace(',', '') or '0'}{fraction}"), rest, unit, told_in)


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise Unreadable("不是数字") from error


def _scaled(number: Decimal, rest: str, unit: str, told_in: str) -> Decimal:
    own_size, own = split_unit(unit)
    size, said = split_unit(rest or told_in or unit)
    if rest and said is None:
        raise Unreadable(f"数字之后的“{rest[:12]}”看不懂")
    if (
        rest and not said
    ):  # “1.2亿” in a column of 万元 is 1.2亿元: the size is the cell's, what is measured the column's
        said = own
    if said is None and own is not None:
        raise Unreadable(f"列标题的单位“{told_in[:12]}”看不懂")
    shift = size - own_size + (_between(said or "", own or "", unit) if said != own else 0)
    return number.scaleb(shift) if shift else number


def _between(said: str, own: str, unit: str) -> int:
    one, other = UNITS.get(said), UNITS.get(own)
    if one is None or other is None or one[0] != other[0]:
        raise Unreadable(f"单位“{said}”与要求的“{unit or '无单位'}”不同")
    return one[1] - other[1]


def split_unit(text: str) -> tuple[int, str | None]:
    """``万元`` → (4, 元); ``件`` → (0, 件); (0, None) when what follows a number is no unit at all."""
    plain = unicodedata.normalize("NFKC", text).strip()
    for size in sorted(SIZES, key=len, reverse=True):
        if size and plain.startswith(size) and plain not in UNITS:
            unit = plain[len(size) :]
            if not unit or re.fullmatch(r"[\u4e00-\u9fffA-Za-z%‰/²³]{1,8}", unit):
                return SIZES[size], unit
    if not plain or re.fullmatch(r"[\u4e00-\u9fffA-Za-z%‰/²³]{1,8}", plain):
        return 0, plain
    return 0, None


def plain_text(number: Decimal) -> str:
    """A number as it is kept: no exponent, no trailing zeros, no minus zero."""
    if number == 0:
        return "0"
    return f"{number.normalize():f}"
