"""The small chart: zero where zero belongs, a missing period open."""

import re

from puyou.reports.drawing import FOOT, HEIGHT, draw


def point(value: str | None) -> dict[str, str | None]:
    return {"label": "10月", "value": value, "shown": value or "缺数"}


def zero_of(drawn: str) -> float:
    return float(re.search(r'class="zero"[^>]* y1="([0-9.]+)"', drawn)[1])


def test_zero_lies_below_even_when_all_is_zero():
    foot = HEIGHT - FOOT - 2
    assert zero_of(draw([point("0"), point("0")], "退回")) == foot
    assert zero_of(draw([point("3"), point("5")], "退回")) == foot
    assert 2 < zero_of(draw([point("-1"), point("1")], "增减")) < foot


def test_a_missing_period_is_open_and_says_so():
    drawn = draw([point("1"), point(None), point("2")], "退回")
    assert re.findall(r'rect class="(\w+)"', drawn) == ["before", "missing", "now"]
    assert "缺数" in drawn
