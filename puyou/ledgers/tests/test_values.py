"""Reading what people write: numbers, dates, choices; any value at all gives data or a sentence."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puyou.core import figures
from puyou.ledgers import definition, documenting, rules, values
from puyou.ledgers.definition import Field
from puyou.ledgers.values import Finders, Unfit

FOLDER = Path(definition.__file__).parent / "kinds"
SHIPPED = {path.stem: definition.read(json.loads(path.read_text())) for path in sorted(FOLDER.glob("*.json"))}


def _place(text: str) -> str:
    if text == "52":
        return "520000000000"
    raise Unfit("没有这个地区")


def _operator(text: str) -> int:
    if text == "贵州邮政":
        return 7
    raise Unfit("没有这个企业")


FIND = Finders(place=_place, operator=_operator)


@pytest.mark.parametrize(
    "text, unit, head, expected",
    [
        ("1.2亿", "元", "", "120000000"),
        ("1.2亿", "万元", "", "12000"),
        ("3,000万元", "元", "", "30000000"),
        ("１２，３４５．６", "元", "", "12345.6"),
        ("12", "元", "万元", "120000"),
        ("12", "万元", "元", "0.0012"),
        ("49万吨", "吨", "", "490000"),
        ("5吨", "公斤", "", "5000"),
        ("12%", "%", "", "12"),
        (" 2 亿 件 ", "万件", "", "20000"),
        ("1.2亿", "件", "", "120000000"),
        ("-5", "个", "", "-5"),
        (".5", "", "", "0.5"),
        ("0.50", "元/件", "", "0.5"),
        ("¥8", "元", "", "8"),
        ("1e5", "", "", None),
        ("约300", "件", "", None),
        ("300多", "件", "", None),
        ("1,23", "元", "", None),
        ("12件", "辆", "", None),
        ("12", "元/件", "万元", None),
        ("abc", "元", "", None),
        ("12-13", "个", "", None),
        ("", "个", "", None),
        ("1" * 70, "个", "", None),
    ],
)
def test_numbers_as_people_write_them(text: str, unit: str, head: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(figures.Unreadable):
            figures.read(text, unit, head)
    else:
        assert figures.plain_text(figures.read(text, unit, head)) == expected


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=4))
def test_a_kept_number_reads_back_as_itself(number: Decimal) -> None:
    assert figures.read(figures.plain_text(number)) == number


@given(st.text(max_size=80), st.text(max_size=8), st.text(max_size=8))
def test_reading_a_number_is_total(text: str, unit: str, head: str) -> None:
    try:
        assert figures.read(text, unit, head).is_finite()
    except figures.Unreadable as error:
        assert str(error)


@pytest.mark.parametrize(
    "field, text, expected",
    [
        ({"type": "date"}, "2026年3月5日", "2026-03-05"),
        ({"type": "date"}, "2026/3/5", "2026-03-05"),
        ({"type": "date"}, "20260305", "2026-03-05"),
        ({"type": "date"}, "２０２６-０３-０５", "2026-03-05"),
        ({"type": "date"}, "2026-03-05 00:00:00", "2026-03-05"),
        ({"type": "date"}, "2026-02-30", None),
        ({"type": "date"}, "45678", None),
        ({"type": "date"}, "1066-01-01", None),
        ({"type": "code", "choices": {"a": "甲 （一）", "b": "乙"}}, "甲(一)", "a"),
        ({"type": "code", "choices": {"a": "甲", "b": "乙"}}, "b", "b"),
        ({"type": "code", "choices": {"a": "甲", "b": "乙"}}, "丙", None),
        ({"type": "number", "minimum": "0"}, "-1", None),
        ({"type": "number", "maximum": "100", "unit": "%"}, "101%", None),
        ({"type": "number"}, "1.5", None),
        ({"type": "number", "decimals": 1}, "1.5", "1.5"),
        ({"type": "outlet"}, "５５００７ａ", "55007A"),
        ({"type": "outlet"}, "5", None),
        ({"type": "position"}, "106.7135，26.5783", "106.713500,26.578300"),
        ({"type": "position"}, "26.5783,106.7135", None),
        ({"type": "position"}, "北纬26度", None),
        ({"type": "yes_no"}, "√", True),
        ({"type": "yes_no"}, "无", False),
        ({"type": "yes_no"}, "也许", None),
        ({"type": "text", "limit": 3}, "一二三四", None),
        ({"type": "text"}, "　甲  乙　", "甲 乙"),
        ({"type": "text"}, "甲\0乙", None),
        ({"type": "text", "pattern": "[A-Z]+", "pattern_says": "大写字母"}, "ab", None),
        ({"type": "place"}, "52", "520000000000"),
        ({"type": "operator"}, "贵州邮政", 7),
        ({"type": "operator"}, "别家", None),
    ],
)
def test_each_type_reads_its_texts(field: dict[str, Any], text: str, expected: Any) -> None:
    made = definition.msgspec.convert({"code": "x", "name": "某项"} | field, Field)
    if expected is None:
        with pytest.raises(Unfit) as refused:
            values.read(made, text, FIND)
        assert str(refused.value)
    else:
        assert values.read(made, text, FIND) == expected


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_entry_is_valid_or_told_why_not(data: st.DataObject) -> None:
    """Total: whatever is written gives data that reads back as itself, or a Chinese sentence at the field."""
    found = SHIPPED[data.draw(st.sampled_from(sorted(SHIPPED)))]
    likely = st.sampled_from(
        ["1.2亿", "2026-01-01", "是", "52", "贵州邮政", "５", "12件", "-3", "55007", "106.7,26.5"]
    )
    codes = st.sampled_from([field.code for field in found.written] + ["nowhere"])
    options = [code for field in found.fields for code in field.options] or ["x"]
    said = data.draw(
        st.dictionaries(codes, ANYTHING | likely | st.sampled_from(options), max_size=len(found.fields))
    )
    kept, wrong = values.check(found, said, FIND)
    assert set(wrong).isdisjoint(kept) or all(
        text.startswith("不能早于") for code, text in wrong.items() if code in kept
    )
    assert all(isinstance(text, str) and text for text in wrong.values())
    json.dumps(kept)
    again, wrong_again = values.check(found, _respelled(found, kept), FIND, whole=False)
    assert again == kept and all(text.startswith("不能早于") for text in wrong_again.values())


def _respelled(found: definition.Definition, kept: dict[str, Any]) -> dict[str, Any]:
    """What is kept, as it would be typed again; places and companies by a name that the finders of this test know."""
    names = {"place": "52", "operator": "贵州邮政"}
    return {code: names.get(found.field(code).type, value) for code, value in kept.items()}  # type: ignore[union-attr]


@pytest.mark.parametrize("code", sorted(SHIPPED))
def test_what_ships_is_sound(code: str) -> None:
    found = SHIPPED[code]
    assert rules.faults(found) == [] and found.code == code
    assert found.source and found.purpose and found.measures
    assert definition.read(json.loads(json.dumps(definition.plain(found)))) == found
    assert definition.read(json.loads(documenting.as_text(found))) == found


def test_needed_when_and_order_of_dates() -> None:
    found = SHIPPED["express_difficulty"]
    said = {
        "problem": "资费谈不拢", "category": "资费", "raised_on": "2026-05-01", "description": "每件多收",
        "stage": "已解决",
        "settled_on": "2026-04-01",
    }  # fmt: skip
    _, wrong = values.check(found, said, FIND)
    assert wrong["result"] == "“协调进度”为“已解决”时必填" and wrong["settled_on"].startswith(
        "不能早于“提出日期”"
    )
    kept, wrong = values.check(found, said | {"stage": "协调中", "settled_on": ""}, FIND)
    assert wrong == {} and kept["stage"] == "coordinating"


def test_a_draft_may_lack_what_is_required() -> None:
    assert values.check(SHIPPED["vehicle"], {"type": "货车"}, FIND, whole=False) == ({"type": "truck"}, {})
    assert values.check(SHIPPED["vehicle"], {"type": "货车"}, FIND)[1]["bought_on"] == "必填"


PLAIN = definition.plain(SHIPPED["vehicle"])


def _measured(**how: Any) -> dict[str, Any]:
    measure = {"code": "a", "name": "甲", "unit": "辆", "nature": "flow", "date": "bought_on"} | how
    return {"measures": [measure]}


def _with(**field: Any) -> dict[str, Any]:
    return {"fields": [*PLAIN["fields"], {"code": "x", "name": "某项", "type": "text"} | field]}


@pytest.mark.parametrize(
    "change, fault",
    [
        ({"code": "entries"}, "网址已占用"),
        ({"title": "nowhere"}, "标题字段"),
        ({"key": ["note"]}, "不能用来识别"),
        ({"begins": "type"}, "须是日期字段"),
        ({"begins": None}, "有结束日期的须有开始日期"),
        ({"operator": "none"}, "由企业填报的台账须有企业"),
        (_measured(date="type"), "须是日期字段"),
        (_measured(unit="元", sums="price"), "单位"),
        (_measured(until="retired_on"), "只有时点指标"),
        (_measured(where={"type": ["x"]}), "没有值"),
        (_measured(sums="price", distinct="type", unit="万元"), "只能选一种"),
        (_with(code="type"), "出现多次"),
        (_with(name="地点"), "同名"),
        (_with(type="money"), "须写明单位"),
        (_with(type="code"), "须列出选项"),
        (_with(pattern="(a+)+", pattern_says="甲"), "过于复杂"),
        (_with(pattern="(", pattern_says="甲"), "正则表达式"),
        (_with(type="number", minimum="5", maximum="1"), "最小值大于"),
    ],
)
def test_an_unsound_definition_is_told_in_chinese(change: dict[str, Any], fault: str) -> None:
    assert any(fault in each for each in rules.faults(definition.read(PLAIN | change)))


def test_a_word_keeps_its_meaning_between_versions() -> None:
    fields = [field | ({"unit": "元"} if field["code"] == "price" else {}) for field in PLAIN["fields"]]
    after = definition.read(PLAIN | {"fields": fields, "measures": []})
    assert rules.clashes(SHIPPED["vehicle"], after) == [
        "字段“购置价格”的类型或单位变了；请换一个字段代码，原有记录保留原义"
    ]
    assert "删去指标“在用车辆”" in rules.changes_of(SHIPPED["vehicle"], after)
