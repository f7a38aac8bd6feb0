"""Judging what a visit's payload says beyond place and position: to whom, photos, tag, clocks, the way in."""

import re
from collections.abc import Callable
from typing import Any

from puyou.ingest.envelopes import moment_or_none
from puyou.visits import problems

MODES = {"point": "投交接转点", "household": "直投到户"}
RECEIVERS = {
    "committee": "村委会",
    "station": "村邮站",
    "shop": "商店",
    "addressee": "收件人",
    "family": "家属",
    "other": "其他",
}
PHOTO_ROLES = {"slip": "交接单", "place": "现场", "other": "其他"}
SHELLS = {"web": "网页", "native": "安装版"}
PERMISSIONS = {"granted": "已允许", "denied": "被拒绝", "unavailable": "手机不支持"}
MOST_PHOTOS, MOST_FIXES, NOTE_LIMIT, TAG_LIMIT, SESSION_LIMIT = 6, 12, 500, 200, 64
SAFE_INTEGER = 2**53 - 1
DAY_SECONDS = 86_400
IDENTIFIER = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
SHA256 = re.compile(r"[0-9a-f]{64}")
Check = Callable[[str, Any], None]


def bad(field: str, expected: str) -> None:
    """Raise the Problem of a field."""
    raise problems.BAD_FIELD(field=field, expected=expected)


def check_particulars(payload: dict[str, Any]) -> None:
    """Raise the Problem of the first particular that is wrong; null says as little as leaving it out."""
    for field, check in CHECKS.items():
        if payload.get(field) is not None:
            check(field, payload[field])


def is_moment(value: Any) -> bool:
    """Whether a value is an RFC 3339 moment with offset, not before 1970."""
    return isinstance(value, str) and moment_or_none(value) is not None


def is_uuid(value: Any) -> bool:
    """Whether a value is a UUID in its usual spelling, and not the empty one."""
    return isinstance(value, str) and bool(IDENTIFIER.fullmatch(value)) and value.strip("0-") != ""


def is_text(value: Any, limit: int) -> bool:
    """Whether a value is a text of 1 to ``limit`` characters that a database can keep."""
    return isinstance(value, str) and 0 < len(value) <= limit and "\0" not in value


def is_integer(value: Any, least: int, most: int) -> bool:
    """Whether a value is a whole number in a range, and no boolean."""
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def is_number(value: Any, least: float, most: float) -> bool:
    """Whether a value is a number in a range, and neither boolean nor NaN."""
    return isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most


def known(field: str, value: Any, fields: set[str], expected: str) -> None:
    """Raise the Problem of a value that is no object of these fields."""
    if not isinstance(value, dict):
        bad(field, expected)
    for name in value:
        if name not in fields:
            raise problems.UNKNOWN_FIELD(field=f"{field}.{name[:40]}")


def _one_of(words: dict[str, str]) -> Check:
    def check(field: str, value: Any) -> None:
        if not isinstance(value, str) or value not in words:
            bad(field, f"应为 {'、'.join(words)} 之一")

    return check


def _text(limit: int) -> Check:
    def check(field: str, value: Any) -> None:
        if not is_text(value, limit):
            bad(field, f"应为 1 至 {limit} 个字符的文字")

    return check


def _identifier(field: str, value: Any) -> None:
    if not is_uuid(value):
        bad(field, "应为所更正的到村打卡的编号（UUID）")


def check_digest(field: str, value: Any) -> None:
    """Raise the Problem of what is no SHA-256 in lower-case hex."""
    if not isinstance(value, str) or not SHA256.fullmatch(value):
        bad(field, "应为 64 位小写十六进制的 SHA-256")


def _truth(field: str, value: Any) -> None:
    if not isinstance(value, bool):
        bad(field, "应为 true 或 false")


def check_photos(field: str, value: Any) -> None:
    """Raise the Problem of a list of photos: at most six, each by its hash, with a role and a moment."""
    if not isinstance(value, list) or len(value) > MOST_PHOTOS:
        bad(field, f"应为至多 {MOST_PHOTOS} 张照片的列表")
    for number, photo in enumerate(value):
        name = f"{field}.{number}"
        known(name, photo, {"sha256", "role", "taken_at"}, "应为含 sha256 的对象")
        if "sha256" not in photo:
            raise problems.MISSING_FIELD(field=f"{name}.sha256")
        check_digest(f"{name}.sha256", photo["sha256"])
        if photo.get("role") is not None:
            _one_of(PHOTO_ROLES)(f"{name}.role", photo["role"])
        if photo.get("taken_at") is not None and not is_moment(photo["taken_at"]):
            bad(f"{name}.taken_at", "应为带时区偏移的 RFC 3339 时间")


def _check_clock(field: str, value: Any) -> None:
    known(field, value, {"session", "monotonic_ms", "wall_jump_ms"}, "应为含 session、monotonic_ms 的对象")
    if value.get("session") is not None:
        _text(SESSION_LIMIT)(f"{field}.session", value["session"])
    for name, least in (("monotonic_ms", 0), ("wall_jump_ms", -SAFE_INTEGER)):
        if value.get(name) is not None and not is_integer(value[name], least, SAFE_INTEGER):
            bad(f"{field}.{name}", "应为整数毫秒")


def _check_approach(field: str, value: Any) -> None:
    if not isinstance(value, list) or len(value) > MOST_FIXES:
        bad(field, f"应为至多 {MOST_FIXES} 个定位点的列表")
    for number, fix in enumerate(value):
        if not _is_fix(fix):
            bad(f"{field}.{number}", "应为 [提前秒数, 经度, 纬度, 精度米数]")


def _is_fix(fix: Any) -> bool:
    if not isinstance(fix, list) or len(fix) != 4:
        return False
    before, lon, lat, accuracy = fix
    return (
        is_number(before, 0, DAY_SECONDS)
        and is_number(lon, -180, 180)
        and is_number(lat, -90, 90)
        and (accuracy is None or is_number(accuracy, 0, 1_000_000))
    )


def _check_integrity(field: str, value: Any) -> None:
    known(field, value, {"shell", "mock", "rooted"}, "应为含 shell 的对象")
    if value.get("shell") is not None:
        _one_of(SHELLS)(f"{field}.shell", value["shell"])
    for name in ("mock", "rooted"):
        if value.get(name) is not None:
            _truth(f"{field}.{name}", value[name])


def _check_permission(field: str, value: Any) -> None:
    known(field, value, {"position", "camera"}, "应为含 position、camera 的对象")
    for name, said in value.items():
        if said is not None:
            _one_of(PERMISSIONS)(f"{field}.{name}", said)


CHECKS: dict[str, Check] = {
    "corrects": _identifier,
    "mode": _one_of(MODES),
    "receiver": _one_of(RECEIVERS),
    "photos": check_photos,
    "voice": check_digest,
    "note": _text(NOTE_LIMIT),
    "tag": _text(TAG_LIMIT),
    "unplanned": _truth,
    "clock": _check_clock,
    "approach": _check_approach,
    "integrity": _check_integrity,
    "permission": _check_permission,
}
