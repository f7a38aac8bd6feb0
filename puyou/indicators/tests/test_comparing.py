"""How a comparison is said: growth by per cent, shares by percentage points, a fall as a fall."""

from decimal import Decimal as D

import pytest

from puyou.indicators.comparing import PREVIOUS, Comparison, change_words


@pytest.mark.parametrize(
    ("difference", "growth", "unit", "words"),
    [
        (D("12"), D("3.24"), "件", "增长 3.2%"),
        (D("-12"), D("-3.26"), "件", "下降 3.3%"),
        (D("0.31"), None, "个百分点", "提高 0.31 个百分点"),
        (D("-1.5"), None, "个百分点", "下降 1.5 个百分点"),
        (D("5"), None, "件", "增加 5 件"),
        (D("-5"), None, "", "减少 5"),
        (D("0"), D("0"), "件", "持平"),
    ],
)
def test_a_change_is_said_as_a_person_would(difference, growth, unit, words):
    held = Comparison(PREVIOUS, "上期", D(100), difference, growth, unit, "")
    assert change_words(held) == words
