"""Judging names, passwords to hand out and the words for an office, without a database."""

import re
import secrets
import unicodedata
from collections.abc import Iterable
from datetime import date

Period = tuple[date, date | None]
_USERNAME = re.compile(r"[\w.-]{3,60}")
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else
_PROVINCE_ENDINGS = ("维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省", "市")
_OFFICES = {0: "国家局", 1: "省局", 2: "市局"}


def overlap(one: Period, other: Period) -> bool:
    """Whether two periods ``[from, to)`` (None: open) share a day; an empty period shares none."""
    first = max(one[0], other[0])
    ends = [end for end in (one[1], other[1]) if end is not None]
    return not ends or first < min(ends)


def overlap_any(one: Period, others: Iterable[Period]) -> bool:
    """Whether a period shares a day with any of the others."""
    return any(overlap(one, other) for other in others)


def shared(one: Period, other: Period) -> Period | None:
    """The days two periods share, as a period; None when there are none."""
    if not overlap(one, other):
        return None
    ends = [end for end in (one[1], other[1]) if end is not None]
    return max(one[0], other[0]), min(ends, default=None)


def runs_backwards(period: Period) -> bool:
    """Whether a period ends before it begins."""
    return period[1] is not None and period[1] < period[0]


def plain_username(typed: str) -> str:
    """The one spelling of a user name: full-width forms, case and blanks around it do not matter."""
    return unicodedata.normalize("NFKC", typed).strip().lower()


def is_fit_username(username: str) -> bool:
    """3 to 60 letters, digits, dots, hyphens and underscores."""
    return _USERNAME.fullmatch(username) is not None


def new_password() -> str:
    """A random password of four readable groups (about 79 bits)."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))


def office_label(kind: str, level: int, place_name: str) -> str:
    """How an office is called in the header: 国家局, 省局·贵州, 市局·毕节市, 企业·赫章县."""
    if kind == "operator":
        return f"企业·{place_name}"
    if level == 0:
        return _OFFICES[0]
    return f"{_OFFICES.get(level, '县局')}·{short_province(place_name) if level == 1 else place_name}"


def organisation_name(kind: str, level: int, place_name: str) -> str:
    """The usual name of a regulator's office or a company at a place."""
    if kind == "operator":
        return "中国邮政集团有限公司" if level == 0 else f"中国邮政集团有限公司{place_name}分公司"
    return "国家邮政局" if level == 0 else f"{place_name}邮政管理局"


def short_province(name: str) -> str:
    """贵州省 → 贵州, 新疆维吾尔自治区 → 新疆."""
    for ending in _PROVINCE_ENDINGS:
        if name.endswith(ending):
            return name.removesuffix(ending)
    return name


def describe_device(agent: str) -> str:
    """A browser's user agent in words a person recognises: 火狐浏览器 · 安卓手机."""
    browsers = (
        ("MicroMessenger", "微信"),
        ("Edg", "Edge 浏览器"),
        ("Firefox", "火狐浏览器"),
        ("Chrome", "谷歌内核浏览器"),
        ("Safari", "苹果浏览器"),
    )
    systems = (
        ("Android", "安卓设备"),
        ("HarmonyOS", "鸿蒙设备"),
        ("OpenHarmony", "鸿蒙设备"),
        ("iPhone", "苹果手机"),
        ("iPad", "苹果平板"),
        ("Windows", "Windows 电脑"),
        ("Mac OS X", "苹果电脑"),
        ("Linux", "Linux 电脑"),
    )
    browser = next((name for mark, name in browsers if mark in agent), "其他程序")
    system = next((name for mark, name in systems if mark in agent), "未知设备")
    return f"{browser} · {system}"
