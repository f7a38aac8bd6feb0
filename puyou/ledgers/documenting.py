"""A kind of ledger told to people: its facts, its fields, what a new version would change."""

import json
from typing import Any

from puyou.ledgers import definition, powers, rules
from puyou.ledgers.definition import LEVEL_NAMES, TYPE_NAMES, Definition, Field
from puyou.ledgers.queries import Kind

EXAMPLE = """{
 "code": "my_ledger",
 "name": "示例台账",
 "group": "其他",
 "source": "依据的文件或任务",
 "purpose": "登记什么、为什么",
 "number_prefix": "示例",
 "counter": "条",
 "fills": ["regulator"],
 "confirm_level": 2,
 "title": "name",
 "begins": "happened_on",
 "fields": [
  {"code": "name", "name": "名称", "type": "text", "required": true, "listed": true},
  {"code": "happened_on", "name": "日期", "type": "date", "required": true, "listed": true},
  {"code": "amount", "name": "金额", "type": "money", "unit": "万元", "minimum": "0", "decimals": 2, "listed": true}
 ],
 "measures": [
  {"code": "amount", "name": "金额合计", "unit": "万元", "nature": "flow", "date": "happened_on", "sums": "amount"}
 ]
}"""
HELP = (
    ("code、name、group", "代码（小写英文，发布后不变）、名称、分组。"),
    ("source、purpose", "依据和用途，显示在定义页。"),
    ("number_prefix、counter", "编号的字头（各类不同）、计数单位。"),
    ("place_name、place_levels", "地点叫什么、可以是哪些级别（0 全国 至 5 村级）。"),
    ("operator", "是否登记企业：required 必填、optional 选填、none 不登记。"),
    ("fills", "由谁填报：regulator 邮政管理部门、operator 邮政企业。"),
    ("confirm_level", "由哪一级（0 全国 至 3 县级）以上监管部门确认；null 为提交即生效。"),
    ("title、begins、ends、key", "标题字段、开始和结束日期字段、识别字段（相同即为同一条）。"),
    ("fields[].type", "、".join(f"{code} {name}" for code, name in TYPE_NAMES.items()) + "。"),
    ("fields[] 的其他项", "unit 单位、required 必填、choices 选项、minimum/maximum 最小最大值、decimals 小数位、"
     "limit 字数、pattern/pattern_says 格式及其说明、needed_when 何时必填、not_before 不早于哪个日期、"
     "aliases 导入时的别名、listed 列表中显示、filtered 可筛选、help 说明。"),
    ("measures[]", "指标：nature 为 stock 时点、flow 时期、cumulative 累计；sums 求和字段或 distinct 去重字段"
     "（也可为 province、city、county）；date 按哪个日期；until 终止日期；where 条件。只计已确认的记录。"),
    ("follow_ups[]", "后续台账：由一条记录立另一类的记录，carries 为带过去的字段。"),
)  # fmt: skip


def facts(kind: Kind) -> list[tuple[str, str]]:
    """What a kind is, line by line."""
    found = kind.definition
    told = [
        ("依据", found.source),
        ("用途", found.purpose or "未写明"),
        ("代码", found.code),
        ("现行版本", f"第 {kind.version.number} 版"),
        ("编号", f"{found.number_prefix}〔年〕机构所在地-顺序号，每个机构每年从 1 起连续"),
        (found.place_name, "、".join(LEVEL_NAMES[level] for level in found.place_levels)),
        ("企业", {"required": "必填", "optional": "选填", "none": "不登记"}[found.operator]),
        ("由谁填报", powers.told_sides(found.fills)),
        ("由谁确认", powers.told_confirmer(found)),
    ]
    if found.key:
        names = [field.name for code in found.key if (field := found.field(code))]
        told.append(
            (
                "识别",
                f"{'＋'.join(names)}{'（在同一企业内）' if found.has_operator else ''}相同即为同一条，不能重复登记",
            )
        )
    if found.follow_ups:
        told.append(("后续台账", "、".join(follow.name for follow in found.follow_ups)))
    return told


def fields(found: Definition) -> list[dict[str, Any]]:
    """Every field as a row of documentation."""
    return [
        {
            "name": field.name, "code": field.code, "type": TYPE_NAMES[field.type], "unit": field.unit,
            "required": _required(found, field), "values": values_of(field, found), "help": field.help,
        }
        for field in found.fields
    ]  # fmt: skip


def _required(found: Definition, field: Field) -> str:
    if field.required:
        return "必填"
    told = []
    for code, values in field.needed_when.items():
        other = found.field(code)
        if other is not None:
            names = [
                other.options.get(value, {"yes": "是", "no": "否"}.get(value, value)) for value in values
            ]
            told.append(f"{other.name}为{'、'.join(names)}时必填")
    return "；".join(told) or "选填"


def values_of(field: Field, found: Definition) -> str:
    """What a field may hold, in words."""
    said = ["、".join(field.options.values())] if field.choices else []
    if field.minimum is not None and field.maximum is not None:
        said.append(f"{field.minimum} 至 {field.maximum}")
    elif field.minimum is not None:
        said.append(f"不小于 {field.minimum}")
    elif field.maximum is not None:
        said.append(f"不大于 {field.maximum}")
    if field.numeric:
        said.append(f"小数 {field.decimals} 位" if field.decimals else "整数")
    if field.type in ("text", "long_text"):
        said.append(f"最多 {field.limit} 字")
    if field.pattern:
        said.append(field.pattern_says)
    other = found.field(field.not_before or "")
    if other is not None:
        said.append(f"不早于{other.name}")
    return "；".join(said)


def preview(found: Definition, before: Kind | None) -> list[str]:
    """What publishing would do."""
    if before is None:
        return [f"将新建“{found.name}”，{len(found.fields)} 个字段、{len(found.measures)} 个指标。"]
    clashes = rules.clashes(before.definition, found)
    return [*clashes, *rules.changes_of(before.definition, found)]


def as_text(found: Definition) -> str:
    """A definition as people edit it: JSON without defaults, a field, a measure or a follow-up on a line of its own."""
    plain = definition.plain(found)
    lines = []
    for name, value in plain.items():
        if value in (None, "", [], {}) and name != "confirm_level":
            continue
        if isinstance(value, list) and value and isinstance(value[0], dict):
            parts = ",\n".join("  " + json.dumps(_told(part), ensure_ascii=False) for part in value)
            lines.append(f' "{name}": [\n{parts}\n ]')
        else:
            lines.append(f' "{name}": {json.dumps(value, ensure_ascii=False)}')
    return "{\n" + ",\n".join(lines) + "\n}"


def _told(part: dict[str, Any]) -> dict[str, Any]:
    """A part without what is left at its default; choices as code → name."""
    defaults = {"decimals": 0, "limit": 200, "required": False, "listed": False, "filtered": False}
    kept = {
        name: value
        for name, value in part.items()
        if value not in (None, "", [], {}) and (name not in defaults or value != defaults[name])
    }
    return kept | ({"choices": dict(kept["choices"])} if "choices" in kept else {})
