"""What is found in a form: missing, out of range, not adding up, implausible; and what a definition must not say."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puyou.returns import judging, reading, rules
from puyou.returns.judging import Known
from puyou.returns.tests import cast

FORM = cast.form()


def judged(last=None, **values):
    numbers = {f"{code}.now": Decimal(str(value)) for code, value in values.items()}
    before = None if last is None else {f"{code}.now": Decimal(str(value)) for code, value in last.items()}
    return {each.key: each for each in judging.judge(FORM, Known(judging.computed(FORM, numbers), before))}


def test_a_total_is_computed_and_never_typed():
    assert judging.computed(FORM, {"done.now": Decimal(3), "open.now": Decimal(2)})["all.now"] == 5
    assert "all.now" not in judging.computed(FORM, {"done.now": Decimal(3)})


def test_missing_ranges_and_shares():
    found = judged(done=-1, rate=100.1)
    assert found["required:open.now"].severity == "error"
    assert "不能是负数" in found["range:done.now"].says and "不能大于 100%" in found["range:rate.now"].says


def test_a_warning_wants_a_word_and_an_error_cannot_be_explained():
    found = list(judged(done=1, open=2).values())
    assert [each.severity for each in found] == ["warning"]
    assert judging.unexplained(found, {}) == found
    assert judging.unexplained(found, {"check:some": "新受理的较多"}) == []
    wrong = list(judged(done=-1, open=2).values())
    assert judging.unexplained(wrong, dict.fromkeys((each.key for each in wrong), "有话"))


def test_a_jump_against_the_period_before_is_told_with_both_numbers():
    says = judged(done=10, open=0, last={"done": 4, "open": 0})["trend:done.now"].says
    assert "上期（4）" in says and "+150.0%" in says
    assert "trend:done.now" not in judged(done=5, open=0, last={"done": 4, "open": 0})


def test_division_by_zero_is_told():
    check = {
        "code": "z",
        "says": "平均",
        "left": "fines.now ÷ done.now",
        "relation": "<=",
        "right": "9[元/件]",
    }
    form = cast.form(checks=[check])
    values = {"fines.now": Decimal(1), "done.now": Decimal(0), "open.now": Decimal(0)}
    assert "分母为零" in judging.judge(form, Known(values))[0].says


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"all": "all.now + done.now"}, "循环"),
        ({"all": "done.now + nowhere.now"}, "没有单元格“nowhere.now”"),
        ({"all": "done.now + fines.now"}, "单位"),
        ({"all": "done.now +"}, "没有写完"),
        ({"all": "fines.now", "done": "1"}, "单位"),
    ],
)
def test_a_definition_that_cannot_be(changes, words):
    said = cast.said()
    for row in said["rows"]:
        if row["code"] in changes:
            row["formula"] = {"now": changes[row["code"]]}
    assert any(words in fault for fault in judging.faults_of(cast.definition.read(said)))


def test_a_circle_over_two_cells():
    said = cast.said()
    said["rows"][1]["formula"] = {"now": "all.now - open.now"}
    assert any("循环" in fault for fault in judging.faults_of(cast.definition.read(said)))


@pytest.mark.parametrize(
    ("text", "kept"),
    [("１２", "12"), ("1.2万", "12000"), ("3,000", "3000"), ("12件", "12"), ("0", "0")],
)
def test_numbers_as_people_write_them(text, kept):
    read = reading.read_cells(FORM, {"done.now": text})
    assert read.data["done.now"] == kept and not read.faults
    assert bool(read.understood) == (text.replace(",", "") != kept)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("约30", "约数"),
        ("很好", "不是数字"),
        ("#DIV/0!", "公式错误"),
        ("1.5", "整数"),
        ("12元", "元"),
        ("9" * 20, "过大"),
    ],
)
def test_what_cannot_be_read_is_told_and_not_kept(text, words):
    read = reading.read_cells(FORM, {"done.now": text, "open.now": "2"})
    assert read.data == {"open.now": "2"} and words in read.faults[0].why


def test_a_written_total_that_does_not_add_up():
    read = reading.read_cells(FORM, {"all.now": "9", "done.now": "3", "open.now": "2"}, {"all.now": "D5"})
    assert "合计不符" in read.faults[0].why and read.faults[0].where == "D5" and "all.now" not in read.data


cells = st.dictionaries(st.sampled_from("abcd"), st.sampled_from("123"))


@given(cells, cells, cells)
def test_two_people_lose_nothing_to_each_other(base, mine, theirs):
    found, clashes = rules.merged(base, mine, theirs)
    for code in base.keys() | mine.keys() | theirs.keys():
        before, own, other = base.get(code), mine.get(code), theirs.get(code)
        if own != before and other != before and own != other:
            assert code in clashes
        else:
            assert code not in clashes
            assert found.get(code) == (own if other == before else other)


def test_who_checks_first_and_next():
    assert rules.first_level((2, 1, 0), 3) == 2 and rules.following((2, 1, 0), 2) == 1
    assert rules.following((2, 1), 1) is None and rules.first_level((0,), 1) == 0
    assert rules.first_level((1,), 1) == 1 and rules.first_level((2,), 1) is None
