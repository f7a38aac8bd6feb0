"""The sentence says what the code says (contracts 1.12)."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puyou.compliance.rules import Verdict
from puyou.compliance.words import Told, sentence

SAID = [
    (Told(3, 3, Verdict.MET, False), "本周应投 3 次，已投 3 次，达标。"),
    (Told(3, 1, Verdict.UNMET, True), "本周应投 3 次，已投 1 次，本周未结束，待定。"),
    (
        Told(3, 1, Verdict.UNMET, False, uncounted=(6200.0,)),
        "本周应投 3 次，已投 2 次，其中 1 次距村点 6.2 公里不计，未达标。",
    ),
    (
        Told(3, 0, Verdict.UNMET, False, uncounted=(None, 9000.0)),
        "本周应投 3 次，已投 2 次，其中 1 次距村点 9.0 公里不计，其中 1 次经审核不计，未达标。",
    ),
    (Told(1, 0, Verdict.UNMET, False, excused_days=4), "免责 4 天，本周应投 1 次，已投 0 次，未达标。"),
    (Told(0, 0, Verdict.EXCUSED, False, excused_days=7), "免责 7 天，其余日子折算后不要求投递，免责。"),
    (Told(0, 0, Verdict.NONE, False, days_in_force=2), "本周 2 天有投递任务，本周不要求投递，不计入。"),
    (Told(3, 0, Verdict.UNMET, False, not_enrolled=True), "本周应投 3 次，已投 0 次，未达标（未接入）。"),
]


@pytest.mark.parametrize(("told", "words"), SAID)
def test_a_verdict_reads_as_an_officer_would_say_it(told, words):
    assert sentence(told) == words


@given(
    st.integers(0, 14),
    st.integers(0, 7),
    st.sampled_from(list(Verdict)),
    st.booleans(),
    st.lists(st.one_of(st.none(), st.floats(5000, 90_000)), max_size=3),
)
def test_words_and_code_never_differ(need, served, code, running, uncounted):
    words = sentence(Told(need, served, code, running, uncounted=tuple(uncounted)))
    ending = re.split("[，。]", words)[-2]
    expected = {
        Verdict.NONE: "不计入",
        Verdict.EXCUSED: "免责",
        Verdict.MET: "达标",
        Verdict.UNMET: "未达标",
    }[code]
    assert ending == ("待定" if code == Verdict.UNMET and running else expected)
    if need:
        assert f"应投 {need} 次" in words
        assert f"已投 {served + len(uncounted)} 次" in words
    not_counting = sum(int(found) for found in re.findall(r"其中 (\d+) 次", words))
    assert not_counting == len(uncounted)
