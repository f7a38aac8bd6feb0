import copy
from datetime import date

import pytest

from puyou.cases import definition, names, rules, terms
from puyou.cases.tests import sample
from puyou.standards.rules import Calendar

KNOWN = rules.Known(
    names.known().guards, names.known().effects, {"office", "operator", "system"}, names.known().documents
)


def faults(**changes):
    return rules.faults(definition.read(sample.value(**changes)), KNOWN)


def test_it_finds_the_sample_sound():
    assert faults() == []


@pytest.mark.parametrize(
    ("path", "change", "said"),
    [
        (("states", 0, "start"), False, "应有且只有一个起始状态，现有 0 个"),
        (("states", 3, "outcome"), None, "终结状态须有办理结果"),
        (("states", 0, "outcome"), "odd", "终结状态须有办理结果"),
        (("actions", 0, "target"), "nowhere", "没有状态“nowhere”"),
        (("actions", 0, "guards"), ["no_such"], "没有条件“no_such”"),
        (("actions", 0, "effects"), ["no_such"], "没有效果“no_such”"),
        (("actions", 0, "who"), ["minister"], "没有办理人“minister”"),
        (("actions", 0, "documents"), ["letter"], "没有文书“letter”"),
        (("actions", 0, "materials"), ["licence"], "没有材料“licence”"),
        (("actions", 5, "sets"), ["asleep"], "没有标记“asleep”"),
        (("actions", 7, "extends"), ["answer"], "期限“answer”不可延长"),
        (("actions", 1, "code"), "accept", "“accept”出现多次"),
        (("actions", 2, "target"), "answering", "没有通向终结的办理路径"),
    ],
)
def test_it_says_what_keeps_a_definition_from_being_published(path, change, said):
    value = copy.deepcopy(sample.value())
    held = value
    for step in path[:-1]:
        held = held[step]
    held[path[-1]] = change
    found = rules.faults(definition.read(value), KNOWN)
    assert any(said in fault for fault in found), found


def test_it_finds_states_that_nothing_leads_to():
    value = copy.deepcopy(sample.value())
    value["actions"][0]["target"], value["actions"][8]["sources"] = "received", ["verified"]
    found = rules.faults(definition.read(value), KNOWN)
    assert "状态“待核实”从起始状态无法到达" in found


def test_it_knows_whom_a_state_waits_for():
    found = definition.read(sample.value())
    assert rules.waits_for(found, "received") == ("office",)
    assert rules.waits_for(found, "answering") == ("operator",)
    assert rules.waits_for(found, "verified") == ()


CALENDAR = Calendar(
    {date(2026, 9, 25): "中秋节", **{date(2026, 10, day): "国庆节" for day in range(1, 8)}},
    frozenset({date(2026, 9, 20), date(2026, 10, 10)}),
    date(2026, 12, 31),
)
START = date(2026, 9, 24)
PAUSE = (date(2026, 9, 29), date(2026, 10, 12))


@pytest.mark.parametrize(
    ("clock", "due"),
    [
        (terms.Running(START, "20wd"), date(2026, 10, 29)),
        (terms.Running(START, "20wd", [PAUSE]), date(2026, 11, 6)),
        (terms.Running(START, "20wd", [(date(2026, 9, 29), None)]), date(2026, 11, 6)),
        (terms.Running(START, "20wd", [], ["10wd"]), date(2026, 11, 12)),
        (terms.Running(START, "7d"), date(2026, 10, 8)),
    ],
)
def test_it_moves_the_due_date(clock, due):
    assert terms.due_of(clock, CALENDAR, date(2026, 10, 12)).due == due


def test_it_explains_the_due_date():
    said = terms.explain(terms.Running(START, "20wd", [PAUSE]), CALENDAR, date(2026, 10, 20))
    assert said == "自2026年9月24日起第 20 个工作日，扣除中止2026年9月29日—2026年10月12日，至2026年11月6日"


def test_it_counts_what_is_left_in_the_clocks_own_unit():
    assert terms.remaining(date(2026, 10, 29), date(2026, 10, 26), "20wd", CALENDAR) == 3
    assert terms.remaining(date(2026, 10, 23), date(2026, 10, 26), "20wd", CALENDAR) == -1
    assert terms.remaining(date(2026, 10, 29), date(2026, 10, 26), "7d", CALENDAR) == 3
