"""What a notice says, on plain values."""

from datetime import date

import pytest

from puyou.portal import wording

WEDNESDAY, FRIDAY = date(2026, 11, 18), date(2026, 11, 20)
MON_WED_FRI = 0b0010101


def test_the_week_in_one_sentence():
    assert wording.tell_week(3, 2, WEDNESDAY, FRIDAY) == "本周应投 3 次，已投 2 次，上次周三。"
    assert wording.tell_week(3, 0, None, FRIDAY) == "本周应投 3 次，已投 0 次，近两个月没有到村记录。"
    assert wording.tell_week(3, 0, date(2026, 11, 11), FRIDAY).endswith("上次是上周三。")
    assert wording.tell_week(0, 0, WEDNESDAY, FRIDAY) == "本周不要求投递，上次周三。"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (FRIDAY, "今天"),
        (date(2026, 11, 19), "昨天"),
        (WEDNESDAY, "周三"),
        (date(2026, 11, 15), "上周日"),
        (date(2026, 11, 9), "上周一"),
        (date(2026, 11, 8), "11月8日"),
    ],
)
def test_past_days_as_people_say_them(day, said):
    assert wording.when(day, FRIDAY) == said


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        ("met", "本周已经达标。"),
        ("pending", "本周到 11月22日结束，还差 1 次。"),
        ("excused", "本周因免责情形不作达标要求。"),
        ("none", ""),
    ],
)
def test_the_verdict_in_words(standing, said):
    assert wording.tell_standing(standing, 3, 2, date(2026, 11, 22)) == said


def test_last_week_in_words():
    assert "初判" in wording.tell_before("provisional", 3, 1)
    assert wording.tell_before("none", 0, 0) == ""


def test_the_timetable_and_its_next_day():
    assert wording.tell_timetable(MON_WED_FRI) == "周一、周三、周五"
    assert wording.tell_timetable(127) == "每天" and wording.tell_timetable(0) == ""
    assert wording.next_planned(MON_WED_FRI, FRIDAY, False, []) == FRIDAY
    monday = date(2026, 11, 23)
    assert wording.next_planned(MON_WED_FRI, FRIDAY, True, []) == monday
    assert wording.tell_next(monday, FRIDAY) == "11月23日 周一"
    assert (
        wording.tell_next(FRIDAY, FRIDAY) == "11月20日 周五（今天）" and wording.tell_next(None, FRIDAY) == ""
    )


def test_days_under_an_excuse_are_not_planned():
    free = [(FRIDAY, date(2026, 11, 25))]
    assert wording.next_planned(MON_WED_FRI, FRIDAY, False, free) == date(2026, 11, 25)
    assert wording.next_planned(MON_WED_FRI, FRIDAY, False, [(FRIDAY, date(2027, 1, 1))]) is None
    assert wording.next_planned(0, FRIDAY, False, []) is None


def test_a_day_without_record_is_not_called_missed():
    states = ["served", "missing", "served", "missing", "missing", "ahead", "ahead"]
    shown = wording.show_days(date(2026, 11, 16), states, FRIDAY)
    assert [one.word for one in shown] == [
        "来过",
        "没有记录",
        "来过",
        "没有记录",
        "还没有记录",
        "还没到",
        "还没到",
    ]
    assert [one.today for one in shown] == [False] * 4 + [True] + [False] * 2
