"""Reading what was written into a field: a text becomes the value that is kept, or a sentence says why not."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from puyou.core import figures
from puyou.ledgers.definition import Definition, Field
from puyou.ledgers.rules import EARLIEST, LATEST

Data = dict[
    str, Any
]  # field code → kept value: text, number as text, ISO date, code, place code, organisation id, bool
YES, NO = ("是", "有", "yes", "y", "true", "1", "√", "✓"), ("否", "无", "no", "n", "false", "0", "×")
OUTLET = re.compile(r"[0-9A-Z][0-9A-Z-]{3,19}")
LONGEST_NUMBER = Decimal(10) ** 18
SERIAL = re.compile(r"[0-9]{5}")  # a date as a spreadsheet counts days, when the cell lost its format


class Unfit(ValueError):
    """A text that the field cannot take, with a sentence why."""


@dataclass(frozen=True)
class Finders:
    """How names become rows: each returns what is kept, or raises Unfit with a sentence."""

    place: Callable[[str], str]
    operator: Callable[[str], int]


def read(field: Field, text: Any, find: Finders, told_in: str = "") -> Any:
    """The value to keep, or None when nothing was written. Unfit says why it cannot be taken."""
    if isinstance(text, bool):
        text = "是" if text else "否"
    if text is None or not str(text).strip(" \t\r\n\u3000"):
        return None
    said = str(text).strip(" \t\r\n\u3000")
    if "\0" in said:
        raise Unfit("含有不可见的空字符")
    return _READERS[field.type](field, said, find, told_in)


def _text(field: Field, said: str, find: Finders, told_in: str) -> str:
    if field.type == "text":
        said = re.sub(r"\s+", " ", said)
    if len(said) > field.limit:
        raise Unfit(f"最多 {field.limit} 个字，现有 {len(said)} 个")
    _refuse_pattern(field, said)
    return said


def _refuse_pattern(field: Field, said: str) -> None:
    if field.pattern and not re.fullmatch(field.pattern, said):
        raise Unfit(f"格式不对，应为：{field.pattern_says}")


def _number(field: Field, said: str, find: Finders, told_in: str) -> str:
    try:
        number = figures.read(said, field.unit, told_in)
    except figures.Unreadable as error:
        raise Unfit(str(error)) from error
    if abs(number) >= LONGEST_NUMBER:
        raise Unfit("数字过大，请核对单位")
    rounded = round(number, field.decimals)
    if rounded != number:
        places = f"小数最多 {field.decimals} 位" if field.decimals else "应为整数"
        raise Unfit(places + (f"（单位：{field.unit}）" if field.unit else ""))
    _refuse_bounds(field, number)
    return figures.plain_text(number)


def _refuse_bounds(field: Field, number: Decimal) -> None:
    if field.minimum is not None and number < Decimal(field.minimum):
        raise Unfit(f"不能小于 {field.minimum}{field.unit}" if Decimal(field.minimum) else "不能是负数")
    if field.maximum is not None and number > Decimal(field.maximum):
        raise Unfit(f"不能大于 {field.maximum}{field.unit}")


def _date(field: Field, said: str, find: Finders, told_in: str) -> str:
    plain = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", said)).split(" ")[0]
    match = re.fullmatch(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?", plain) or re.fullmatch(
        r"([0-9]{4})([0-9]{2})([0-9]{2})", plain
    )
    if match is None:
        hint = "；单元格里是日期序号，请把格式改为日期" if SERIAL.fullmatch(plain) else ""
        raise Unfit(f"日期应形如 2026-10-08{hint}")
    try:
        day = date(*(int(part) for part in match.groups()))
    except ValueError as error:
        raise Unfit("没有这一天") from error
    if not EARLIEST <= day <= LATEST:
        raise Unfit(f"日期应在 {EARLIEST.year} 至 {LATEST.year} 年之间")
    return day.isoformat()


def _code(field: Field, said: str, find: Finders, told_in: str) -> str:
    plain = unicodedata.normalize("NFKC", said).replace(" ", "")
    if plain in field.options:
        return plain
    for code, name in field.pairs:
        if unicodedata.normalize("NFKC", name).replace(" ", "") == plain:
            return code
    shown = "、".join(list(field.options.values())[:12]) + ("等" if len(field.choices) > 12 else "")
    raise Unfit(f"应为：{shown}")


def _place(field: Field, said: str, find: Finders, told_in: str) -> str:
    return find.place(said)


def _operator(field: Field, said: str, find: Finders, told_in: str) -> int:
    return find.operator(said)


def _outlet(field: Field, said: str, find: Finders, told_in: str) -> str:
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", said)).upper()
    if not OUTLET.fullmatch(plain):
        raise Unfit("网点代码应为 4 至 20 位数字、字母或短横")
    _refuse_pattern(field, plain)
    return plain


def _position(field: Field, said: str, find: Finders, told_in: str) -> str:
    plain = unicodedata.normalize("NFKC", said).replace("、", ",").replace(";", ",")
    match = re.fullmatch(
        r"\s*(-?[0-9]{1,3}(?:\.[0-9]{1,8})?)\s*[, ]\s*(-?[0-9]{1,3}(?:\.[0-9]{1,8})?)\s*", plain
    )
    if match is None:
        raise Unfit("经纬度应形如 106.7135,26.5783（经度在前）")
    lon, lat = float(match[1]), float(match[2])
    if abs(lat) > 90 >= abs(lon):
        raise Unfit("经度和纬度写反了，应为经度在前")
    if abs(lon) > 180 or abs(lat) > 90:
        raise Unfit("经度应在 ±180、纬度应在 ±90 之内")
    return f"{lon:.6f},{lat:.6f}"


def _yes_no(field: Field, said: str, find: Finders, told_in: str) -> bool:
    plain = unicodedata.normalize("NFKC", said).lower()
    if plain in YES or plain in NO:
        return plain in YES
    raise Unfit("应填“是”或“否”")


def _attachment(field: Field, said: str, find: Finders, told_in: str) -> None:
    raise Unfit("附件在记录页上传，不写在这里")


_READERS: Mapping[str, Callable[[Field, str, Finders, str], Any]] = {
    "text": _text, "long_text": _text, "number": _number, "money": _number, "date": _date, "code": _code,
    "place": _place, "operator": _operator, "outlet": _outlet, "position": _position, "yes_no": _yes_no,
    "attachment": _attachment,
}  # fmt: skip


def check(
    found: Definition,
    said: Mapping[str, Any],
    find: Finders,
    *,
    whole: bool = True,
    units: Mapping[str, str] | None = None,
) -> tuple[Data, dict[str, str]]:
    """What was said about an entry → the data to keep, and by field why something cannot be kept.

    Total: any mapping of anything gives one or the other. ``whole`` False: a draft may lack what is required.
    ``units``: units that the columns' heads name.
    """
    data: Data = {}
    wrong: dict[str, str] = {}
    for field in found.written:
        try:
            value = read(field, said.get(field.code), find, (units or {}).get(field.code, ""))
        except Unfit as error:
            wrong[field.code] = str(error)
            continue
        if value is not None:
            data[field.code] = value
    for code in sorted(set(said) - {field.code for field in found.fields}, key=str):
        wrong[str(code)] = "没有这个字段"
    if whole:
        wrong |= {code: text for code, text in missing(found, data).items() if code not in wrong}
    wrong |= {code: text for code, text in _out_of_order(found, data).items() if code not in wrong}
    return data, wrong


def missing(found: Definition, data: Mapping[str, Any]) -> dict[str, str]:
    """What an entry still lacks, by field."""
    lacking = {}
    for field in found.written:
        if field.code in data:
            continue
        if field.required:
            lacking[field.code] = "必填"
        elif ground := needed(found, field, data):
            lacking[field.code] = ground
    return lacking


def needed(found: Definition, field: Field, data: Mapping[str, Any]) -> str:
    """Why a field is required by what stands in others; empty when it is not."""
    for code, values in field.needed_when.items():
        other = found.field(code)
        if other is not None and code in data and as_condition(data[code]) in values:
            return f"“{other.name}”为“{shown(other, data[code])}”时必填"
    return ""


def as_condition(value: Any) -> str:
    """A kept value as conditions of definitions spell it."""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def shown(field: Field, value: Any) -> str:
    """A kept value in words, as far as the definition alone can tell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return field.options.get(str(value), str(value))


def _out_of_order(found: Definition, data: Mapping[str, Any]) -> dict[str, str]:
    wrong = {}
    for field in found.of_type("date"):
        other = found.field(field.not_before) if field.not_before else None
        if (
            other is not None
            and field.code in data
            and other.code in data
            and data[field.code] < data[other.code]
        ):
            wrong[field.code] = f"不能早于“{other.name}”（{data[other.code]}）"
    return wrong


def as_day(value: Any) -> date | None:
    """A kept date as a date."""
    return date.fromisoformat(value) if isinstance(value, str) else None
