import pytest
from hypothesis import given
from hypothesis import strategies as some

from puyou.cases.feedback import rules
from puyou.cases.feedback.rules import Settled, concealed, verified_rate

OUTCOMES = ("verified", "claimed", "refuted", "not_established", "other_body", "merged", "withdrawn")
rows_of = some.lists(some.builds(Settled, some.sampled_from(OUTCOMES), some.booleans()))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("电话13985012345，请回", "电话＊＊＊，请回"),
        ("139 8501 2345", "＊＊＊"),
        ("0851-8765432转", "＊＊＊转"),
        ("证号52010219900101123X。", "证号＊＊＊。"),
        ("写信到 wang.wu@example.cn", "写信到 ＊＊＊"),
        ("我是王小五，王小五住村口", "我是＊＊＊，＊＊＊住村口"),
        ("3 天没来，共 12 件，邮编 550001", "3 天没来，共 12 件，邮编 550001"),
    ],
)
def test_what_tells_who_reported_is_taken_out(text, left):
    assert concealed(text, ["王小五", "五", ""]) == left


@given(rows_of)
def test_nothing_but_verifying_raises_the_rate(rows):
    before = verified_rate(rows, rules.SETTLED)[2]
    for outcome in OUTCOMES[1:]:
        after = verified_rate([*rows, Settled(outcome, True)], rules.SETTLED)[2]
        assert before is None or (after is not None and after <= before)


@given(rows_of, some.sampled_from([rules.SETTLED, rules.ESTABLISHED]))
def test_the_verified_are_part_of_the_denominator(rows, method):
    verified, inside, rate = verified_rate(rows, method)
    assert 0 <= verified <= inside <= len(rows)
    assert (rate is None) == (inside == 0)
