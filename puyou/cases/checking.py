"""Checking what people typed into an action against its fields."""

from datetime import date
from typing import Any

from puyou.cases import problems
from puyou.cases.definition import Action, Field
from puyou.core.problems import Problem

Values = dict[str, Any]


def check(action: Action, data: Values) -> Values:
    """The fields of an action, checked and in JSON's own types; Problem ``cases.bad_data`` names the first at fault."""
    unknown = sorted(set(data) - {field.code for field in action.fields})
    if unknown:
        raise problems.BAD_DATA(field=unknown[0][:40], reason="不是这一事项的内容")
    return {
        field.code: found
        for field in action.fields
        if (found := _check(field, data.get(field.code))) is not None
    }


def _check(field: Field, value: Any) -> Any:
    text = value.strip() if isinstance(value, str) else value
    if text in (None, "") or (field.kind == "boolean" and field.required and text is not True):
        if field.required:
            raise _refuse(field, "必须勾选" if field.kind == "boolean" else "不能为空")
        return None
    return _CHECKS[field.kind](field, text)


def _refuse(field: Field, reason: str) -> Problem:
    return problems.BAD_DATA(field=field.name, reason=reason)


def _text(field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise _refuse(field, "应为文字")
    if len(value) > field.limit:
        raise _refuse(field, f"最多 {field.limit} 个字，现有 {len(value)} 个")
    if "\x00" in value:
        raise _refuse(field, "含有不可用的字符")
    return value


def _choice(field: Field, value: Any) -> str:
    if not isinstance(value, str) or value not in field.options:
        raise _refuse(field, "请从所列选项中选择")
    return value


def _date(field: Field, value: Any) -> str:
    try:
        found = value if isinstance(value, date) else date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise _refuse(field, "应为日期，例如 2026-09-24") from error
    if not date(2000, 1, 1) <= found <= date(2100, 1, 1):
        raise _refuse(field, "日期应在 2000 年至 2100 年之间")
    return found.isoformat()


def _number(field: Field, value: Any) -> int:
    try:
        found = int(value) if not isinstance(value, bool) else None
    except (TypeError, ValueError, OverflowError):
        found = None
    if found is None or not 0 <= found <= field.limit:
        raise _refuse(field, f"应为 0 至 {field.limit} 的整数")
    return found


def _person(field: Field, value: Any) -> int:
    """The number of a user; whether this one may be named is the effect's to say."""
    found = int(value) if isinstance(value, int | str) and str(value).isdecimal() else 0
    if not 0 < found < 2**63:
        raise _refuse(field, "请从所列人员中选择")
    return found


def _boolean(field: Field, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _refuse(field, "应为是或否")
    return value


_CHECKS = {
    "text": _text,
    "long_text": _text,
    "place": _text,
    "choice": _choice,
    "date": _date,
    "number": _number,
    "person": _person,
    "boolean": _boolean,
}
