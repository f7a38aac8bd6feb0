"""Judging a definition before it is published, and what may be done with an entry in a state."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from puyou.ledgers.definition import Definition, Field, Measure

AREAS = {"province": 1, "city": 2, "county": 3}  # levels by which a measure may count distinct places
RESERVED = frozenset({"entries", "imports", "kinds"})  # words of addresses
DRAFT, SUBMITTED, CONFIRMED, RETURNED, WITHDRAWN = "draft", "submitted", "confirmed", "returned", "withdrawn"
STATUS_NAMES = {
    DRAFT: "草稿", SUBMITTED: "已提交，待确认", CONFIRMED: "已确认", RETURNED: "已退回", WITHDRAWN: "已作废",
}  # fmt: skip
TAKEN = frozenset(
    {"place", "operator", "status", "sort", "page", "format", "table", "q", "from", "to", *AREAS}
)
# verb → the states from which it is possible
MOVES = {
    "submit": (DRAFT, RETURNED),
    "confirm": (SUBMITTED,),
    "return": (SUBMITTED, CONFIRMED),
    "withdraw": (DRAFT, SUBMITTED, CONFIRMED, RETURNED),
    "edit": (DRAFT, SUBMITTED, CONFIRMED, RETURNED),
}
VERB_NAMES = {"submit": "提交", "confirm": "确认", "return": "退回", "withdraw": "作废", "edit": "修改"}
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)


def faults(found: Definition) -> list[str]:
    """Why a definition cannot be published, in Chinese; empty when it is sound."""
    return [
        *_repeated(found),
        *_reserved(found),
        *(fault for field in found.fields for fault in _field(found, field)),
        *_named(found),
        *(fault for measure in found.measures for fault in _measure(found, measure)),
        *_follow_ups(found),
    ]


def _repeated(found: Definition) -> Iterable[str]:
    several = {
        "字段代码": [field.code for field in found.fields],
        "字段名称": [name for field in found.fields for name in (field.name, *field.aliases)],
        "指标代码": [measure.code for measure in found.measures],
        "后续台账": [follow.kind for follow in found.follow_ups],
    }
    for kind, names in several.items():
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield f"{kind}“{name}”出现多次"


def _reserved(found: Definition) -> Iterable[str]:
    if found.code in RESERVED:
        yield f"类别代码不能用“{found.code}”，网址已占用"
    taken = (
        {found.place_name, "企业", "编号", "状态", "序号"}
        if found.has_operator
        else {found.place_name, "编号", "状态", "序号"}
    )
    for field in found.fields:
        for name in (field.name, *field.aliases):
            if name in taken:
                yield f"字段名称“{name}”与固有的列同名"
        if field.code in TAKEN:
            yield f"字段代码不能用“{field.code}”"


def _field(found: Definition, field: Field) -> Iterable[str]:
    told = f"字段“{field.name}”："
    if (field.type == "code") != bool(field.choices):
        yield f"{told}选项类型须列出选项，其他类型不得有选项"
    if any(not code or not name for code, name in field.pairs):
        yield f"{told}选项的代码和名称都不能为空"
    names = [name for _, name in field.pairs]
    if len(set(names)) < len(names) or len(field.options) < len(field.choices):
        yield f"{told}选项重复"
    if not field.numeric and (field.minimum is not None or field.maximum is not None):
        yield f"{told}只有数和金额可以有最小、最大值"
    if (
        field.minimum is not None
        and field.maximum is not None
        and float(field.minimum) > float(field.maximum)
    ):
        yield f"{told}最小值大于最大值"
    if field.type == "money" and not field.unit:
        yield f"{told}金额须写明单位，如 元、万元"
    if field.pattern:
        yield from _pattern(field, told)
    if field.not_before is not None and not (_is(found, field.not_before, "date") and field.type == "date"):
        yield f"{told}“不早于”须指另一个日期字段"
    yield from _conditions(found, field.needed_when, told)
    if field.required and field.needed_when:
        yield f"{told}已是必填，不必再写何时必填"


def _pattern(field: Field, told: str) -> Iterable[str]:
    if field.type not in ("text", "outlet"):
        yield f"{told}只有文字和网点代码可以有格式"
    if not field.pattern_says:
        yield f"{told}格式须用中文说明"
    if re.search(r"[+*}]\)?[+*{]|\\[1-9]|\(\?", field.pattern):
        yield f"{told}格式过于复杂：不用嵌套的重复、反向引用和断言"
        return
    try:
        re.compile(field.pattern)
    except re.error:
        yield f"{told}格式不是正确的正则表达式"


def _is(found: Definition, code: str, *types: str) -> bool:
    field = found.field(code)
    return field is not None and field.type in types


def _conditions(found: Definition, conditions: Mapping[str, tuple[str, ...]], told: str) -> Iterable[str]:
    for code, values in conditions.items():
        field = found.field(code)
        if field is None or field.type not in ("code", "yes_no"):
            yield f"{told}条件中的“{code}”须是选项或是否字段"
            continue
        known = set(field.options) if field.type == "code" else {"yes", "no"}
        for value in (*values, *(() if values else ("",))):
            if value not in known:
                yield f"{told}条件中“{field.name}”没有值“{value}”"


def _named(found: Definition) -> Iterable[str]:
    if not _is(found, found.title, "text", "code", "outlet", "operator", "place"):
        yield f"标题字段“{found.title}”须是文字、选项、网点、企业或地点字段"
    title = found.field(found.title)
    if title is not None and not title.required:
        yield f"标题字段“{title.name}”须为必填"
    for label, code in (("开始日期", found.begins), ("结束日期", found.ends)):
        if code is not None and not _is(found, code, "date"):
            yield f"{label}“{code}”须是日期字段"
    if found.ends is not None and found.begins is None:
        yield "有结束日期的须有开始日期"
    for code in found.key:
        field = found.field(code)
        if field is None or field.type in ("attachment", "long_text"):
            yield f"识别字段“{code}”不存在，或不能用来识别"
        elif not field.required:
            yield f"识别字段“{field.name}”须为必填"
    if len(found.of_type("position")) > 1:
        yield "经纬度字段只能有一个"
    if "operator" in found.fills and not found.has_operator:
        yield "由企业填报的台账须有企业"


def _measure(found: Definition, measure: Measure) -> Iterable[str]:
    told = f"指标“{measure.name}”："
    if measure.sums is not None and measure.distinct is not None:
        yield f"{told}求和与去重计数只能选一种"
    if measure.sums is not None and not _is(found, measure.sums, "number", "money"):
        yield f"{told}求和的“{measure.sums}”须是数或金额字段"
    if (
        measure.distinct is not None
        and measure.distinct not in AREAS
        and not _is(found, measure.distinct, "text", "code", "outlet", "operator", "place")
    ):
        yield f"{told}去重的“{measure.distinct}”须是文字、选项、网点、企业或地点字段"
    for code in (measure.date, measure.until):
        if code is not None and not _is(found, code, "date"):
            yield f"{told}“{code}”须是日期字段"
    if measure.until is not None and measure.nature != "stock":
        yield f"{told}只有时点指标有终止日期"
    summed = found.field(measure.sums) if measure.sums else None
    if summed is not None and summed.unit and summed.unit != measure.unit:
        yield f"{told}单位“{measure.unit}”与字段单位“{summed.unit}”不同"
    yield from _conditions(found, measure.where, told)


def _follow_ups(found: Definition) -> Iterable[str]:
    for follow in found.follow_ups:
        for own in follow.carries:
            if found.field(own) is None:
                yield f"后续台账“{follow.name}”：没有字段“{own}”"


def changes_of(before: Definition, after: Definition) -> list[str]:
    """What a new version changes, in Chinese, for whoever publishes it."""
    old, new = ({field.code: field for field in each.fields} for each in (before, after))
    said = [f"增加字段“{new[code].name}”" for code in new if code not in old]
    said += [f"删去字段“{old[code].name}”" for code in old if code not in new]
    said += [f"修改字段“{new[code].name}”" for code in new if code in old and new[code] != old[code]]
    kept = {measure.code: measure for measure in before.measures}
    said += [f"增加或修改指标“{each.name}”" for each in after.measures if kept.get(each.code) != each]
    gone = set(kept) - {measure.code for measure in after.measures}
    said += [f"删去指标“{kept[code].name}”" for code in sorted(gone)]
    if (before.fills, before.confirm_level) != (after.fills, after.confirm_level):
        said.append("修改由谁填报、由谁确认")
    return said or ["其他修改"]


def clashes(before: Definition, after: Definition) -> list[str]:
    """Why a version may not follow another: one word must go on meaning one thing, or figures break."""
    old = {field.code: field for field in before.fields}
    said = []
    for field in after.fields:
        was = old.get(field.code)
        if was is not None and (was.type, was.unit) != (field.type, field.unit):
            said.append(f"字段“{field.name}”的类型或单位变了；请换一个字段代码，原有记录保留原义")
    return said
