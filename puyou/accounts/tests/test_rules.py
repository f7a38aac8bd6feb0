from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puyou.accounts import rules

DAYS = st.dates(date(2026, 1, 1), date(2026, 1, 12))
PERIODS = st.tuples(DAYS, st.none() | DAYS)


def _holds(period, day):
    return period[0] <= day and (period[1] is None or day < period[1])


@given(PERIODS, PERIODS)
def test_periods_overlap_exactly_when_they_share_a_day(one, other):
    days = [date(2026, 1, n) for n in range(1, 31)]
    together = [day for day in days if _holds(one, day) and _holds(other, day)]
    assert rules.overlap(one, other) == bool(together)
    found = rules.shared(one, other)
    assert [day for day in days if found and _holds(found, day)] == together


@pytest.mark.parametrize(
    ("kind", "level", "place", "label"),
    [
        ("regulator", 0, "全国", "国家局"),
        ("regulator", 1, "贵州省", "省局·贵州"),
        ("regulator", 1, "新疆维吾尔自治区", "省局·新疆"),
        ("regulator", 1, "内蒙古自治区", "省局·内蒙古"),
        ("regulator", 2, "毕节市", "市局·毕节市"),
        ("regulator", 3, "威宁县", "县局·威宁县"),
        ("operator", 3, "威宁县", "企业·威宁县"),
    ],
)
def test_an_office_is_called_as_officers_call_it(kind, level, place, label):
    assert rules.office_label(kind, level, place) == label


@pytest.mark.parametrize(
    ("typed", "plain"), [(" Zhang.San ", "zhang.san"), ("ＺＨＡＮＧ", "zhang"), ("张三-01", "张三-01")]
)
def test_a_user_name_has_one_spelling(typed, plain):
    assert rules.plain_username(typed) == plain
    assert rules.is_fit_username(plain)


@pytest.mark.parametrize("username", ["", "ab", "a b c", "a/b", "x" * 61, "a\nbc"])
def test_it_refuses_unfit_user_names(username):
    assert not rules.is_fit_username(username)


def test_handed_out_passwords_differ_and_read_clearly():
    passwords = {rules.new_password() for _ in range(200)}
    assert len(passwords) == 200
    assert all(len(p) == 19 and not set(p) & set("0o1li") for p in passwords)


def test_it_tells_devices_apart_in_words():
    phone = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36"
    assert rules.describe_device(phone) == "谷歌内核浏览器 · 安卓设备"
    assert rules.describe_device("") == "其他程序 · 未知设备"
