"""Lists of places from documents: columns by their headings, faults at their rows, nobody a member twice."""

from dataclasses import dataclass
from datetime import date

import pytest

from puyou.plans import place_lists
from puyou.plans.place_lists import ALWAYS


@dataclass(frozen=True)
class Spot:
    pk: int
    name: str
    mine: bool = True


SPOTS = {"520302": Spot(1, "红花岗区"), "520303": Spot(2, "汇川区"), "530102": Spot(3, "五华区", mine=False)}
NAMED = {"贵州省遵义市红花岗区": SPOTS["520302"], "汇川区": SPOTS["520303"]}


def find(text):
    return SPOTS.get(text) or NAMED.get(text) or f"没有叫“{text}”的地区"


def examined(*rows, present=None):
    grid = [list(row) for row in rows]
    head = place_lists.find_head(grid)
    return place_lists.examine(grid, head, find, lambda spot: spot.mine, present or {})


def told(found):
    return [(fault.cell, fault.why) for fault in found.faults]


def test_columns_are_found_wherever_they_are_and_a_title_may_stand_above():
    found = examined(
        ["某文件附件"],
        ["止日", "区划代码*", "起日"],
        ["", "520302", "2014年1月1日"],
        ["2020-11-23", "520303", ""],
    )
    assert found.faults == []
    assert found.wanted == {(1, date(2014, 1, 1)): None, (2, ALWAYS): date(2020, 11, 23)}


def test_names_in_several_columns_are_read_as_one():
    found = examined(["省份", "市（州）", "县（市、区）"], ["贵州省", "遵义市", "红花岗区"])
    assert [each.place.name for each in found.rows] == ["红花岗区"]


@pytest.mark.parametrize(
    ("row", "cell", "why"),
    [
        (["", "", "2020-01-01"], "A2", "请填写地区"),
        (["999999", "", ""], "A2", "没有叫“999999”的地区"),
        (["520302", "汇川区", ""], "B2", "代码 520302 是红花岗区，与名称不符"),
        (["530102", "", ""], "A2", "五华区不在您的管辖范围"),
        (["520302", "", "2020-02-30"], "C2", "没有这一天，应形如 2026-11-23"),
        (["520302", "", "去年"], "C2", "不是日期，应形如 2026-11-23"),
    ],
)
def test_a_fault_stands_at_its_cell(row, cell, why):
    found = examined(["区划代码", "名称", "自"], row)
    assert told(found) == [(cell, why)] and found.rows == []


def test_an_end_before_its_beginning_is_refused():
    found = examined(["代码", "自", "至"], ["520302", "2020-01-01", "2020-01-01"])
    assert told(found) == [("C2", "止日应晚于起日（止日当天起不再属于本集合）")]


def test_nobody_is_a_member_twice_on_one_day():
    found = examined(
        ["代码", "自", "至"],
        ["520302", "2014-01-01", "2018-01-01"],
        ["520302", "2017-01-01", ""],
        ["520302", "2018-01-01", ""],
        ["520302", "2014-01-01", "2018-01-01"],
    )
    assert told(found) == [("A3", "红花岗区与第 2 行重复"), ("A5", "红花岗区与第 2 行重复")]
    assert [each.row for each in found.rows] == [2, 4]


def test_what_stands_may_be_ended_but_not_overlapped():
    present = {1: [(date(2014, 1, 1), None)]}
    ended = examined(["代码", "自", "至"], ["520302", "2014-01-01", "2020-01-01"], present=present)
    assert ended.wanted == {(1, date(2014, 1, 1)): date(2020, 1, 1)} and not ended.faults
    clash = examined(["代码", "自"], ["520302", "2016-01-01"], present=present)
    assert told(clash) == [("A2", "红花岗区与已有的起止日期重叠；要改止日，请保留原起日")]


def test_without_a_column_of_places_there_is_no_head():
    assert place_lists.find_head([["数量", "自"], ["1", "2"]]) is None


def test_only_the_topmost_of_nested_places_count():
    assert place_lists.topmost(["aab", "aa", "ab", "aab"]) == ["aa", "ab"]
