"""Judging a visit's payload at the front door, before anything is accepted: shape, village, position."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from puyou.core.problems import Problem
from puyou.places import queries as places
from puyou.visits import particulars, problems

EAST, WEST, SOUTH, NORTH = 136.0, 73.0, 3.0, 54.0
FIELDS = {"village", "point", "stop", "position", "handed", "nothing_today", *particulars.CHECKS}
POSITION_FIELDS = {"lon", "lat", "accuracy_m", "fixed_at"}
ACCURACY_LIMIT_M = 1_000_000.0
COUNT_LIMIT = 100_000
Payload = dict[str, Any]


def check_visits(payloads: Sequence[Payload]) -> list[Problem | None]:
    """For each payload the Problem to refuse it with (contracts 4), its ``field`` named; None when it is well."""
    found = [check_shape(payload) for payload in payloads]
    well = [row for row, problem in enumerate(found) if problem is None]
    ids = find_villages([payloads[row]["village"] for row in well])
    for row, place in zip(well, ids, strict=True):
        if place < 0:
            found[row] = problems.UNKNOWN_VILLAGE(field="village", code=payloads[row]["village"])
    return found


def find_villages(codes: Sequence[str]) -> list[int]:
    """The place ids of villages' codes of 12 digits; -1 where there is none."""
    if not codes:
        return []
    return places.code_index().lookup([int(code) for code in codes]).tolist()  # type: ignore[no-any-return]


def check_visit(payload: Payload) -> Problem | None:
    """The Problem of one payload, or None."""
    return check_visits([payload])[0]


def check_shape(payload: Payload) -> Problem | None:
    """The Problem of a payload's shape and position, or None; whether the village exists is not asked."""
    try:
        _require_shape(payload)
    except Problem as problem:
        return problem
    return None


def _require_shape(payload: Payload) -> None:
    _known(payload, FIELDS, "")
    if "village" not in payload:
        raise problems.MISSING_FIELD(field="village")
    code = payload["village"]
    if not isinstance(code, str) or len(code) != 12 or not (code.isascii() and code.isdigit()):
        raise problems.BAD_FIELD(field="village", expected="应为 12 位村级区划代码（文字）")
    point = payload.get("point")
    if point is not None and not (isinstance(point, str) and 0 < len(point) <= 40):
        raise problems.BAD_FIELD(field="point", expected="应为接转点编号（1 至 40 个字符）")
    if payload.get("stop") is not None:
        _check_stop(payload["stop"])
    if payload.get("position") is not None:
        check_position(payload["position"])
    if payload.get("handed") is not None:
        check_handed(payload["handed"])
    if not isinstance(payload.get("nothing_today", False), bool):
        raise problems.BAD_FIELD(field="nothing_today", expected="应为 true 或 false")
    particulars.check_particulars(payload)


def _known(value: dict[str, Any], fields: set[str], prefix: str) -> None:
    for name in value:
        if name not in fields:
            raise problems.UNKNOWN_FIELD(field=prefix + name[:40])


def _check_stop(stop: Any) -> None:
    try:
        if isinstance(stop, str) and len(stop) == 36 and UUID(stop).int:
            return
    except ValueError:
        pass
    raise problems.BAD_FIELD(field="stop", expected="应为 UUID：同一次停靠服务的各村共用一个")


def check_position(position: Any) -> None:
    """Raise the Problem of a position: its shape, ranges, 0/0, outside China."""
    if not isinstance(position, dict):
        raise problems.BAD_FIELD(field="position", expected="应为含 lon、lat 的对象")
    _known(position, POSITION_FIELDS, "position.")
    for name, limit in (("lon", 180.0), ("lat", 90.0)):
        if name not in position:
            raise problems.MISSING_FIELD(field=f"position.{name}")
        if not _is_number(position[name]) or abs(position[name]) > limit:
            raise problems.BAD_FIELD(
                field=f"position.{name}", expected=f"应为 −{limit:g} 至 {limit:g} 之间的数"
            )
    accuracy = position.get("accuracy_m")
    if accuracy is not None and not (_is_number(accuracy) and 0 <= accuracy <= ACCURACY_LIMIT_M):
        raise problems.BAD_FIELD(field="position.accuracy_m", expected="应为不小于 0 的米数")
    if not isinstance(position.get("fixed_at", ""), str):
        raise problems.BAD_FIELD(field="position.fixed_at", expected="应为 RFC 3339 时间")
    lon, lat = position["lon"], position["lat"]
    if lon == 0 and lat == 0:
        raise problems.NULL_ISLAND(field="position")
    if not (WEST <= lon <= EAST and SOUTH <= lat <= NORTH):
        raise problems.OUTSIDE_CHINA(field="position", lon=lon, lat=lat)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value


def check_handed(handed: Any) -> None:
    """Raise the Problem of what was handed over: kinds of mail and their pieces."""
    if not isinstance(handed, dict) or len(handed) > 20:
        raise problems.BAD_FIELD(field="handed", expected="应为“种类：件数”的对象，至多 20 种")
    for name, count in handed.items():
        whole = isinstance(count, int) and not isinstance(count, bool)
        if not whole or not 0 <= count <= COUNT_LIMIT:
            raise problems.BAD_FIELD(field=f"handed.{name[:40]}", expected="应为不小于 0 的整数")
