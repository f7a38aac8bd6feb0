"""Published figures that an engine has to reproduce."""

from decimal import Decimal

import pytest

from puyou.indicators import rules
from puyou.indicators.formula import parse
from puyou.indicators.reckoning import Amount, reckon
from puyou.indicators.units import Unit


def reckoned(text, decimals, **known):
    """``known``: name → number and unit; names with ``_before`` are of the year before."""

    def ask(name, when):
        number, unit = known[name.code + ("_before" if when.years_back else "")]
        return Amount(Decimal(str(number)), Unit.parse(unit))

    found = reckon(parse(text), ask).amount.value
    assert found is not None
    return rules.rounded(found, decimals)


@pytest.mark.parametrize(
    ("part", "other", "shares"),
    [
        (42_840, 2_004, ("95.5", "4.5")),
        (1_479, 158, ("90.3", "9.7")),
    ],  # complaints of June 2019, and the effective ones
)
def test_parts_and_their_shares(part, other, shares):
    known = {"part": (part, "件"), "other": (other, "件")}
    assert reckoned("part + other", 0, **known) in (44_844, 1_637)
    assert reckoned("share(part, part + other)", 1, **known) == Decimal(shares[0])
    assert reckoned("share(other, part + other)", 1, **known) == Decimal(shares[1])


def test_area_people_and_parcels_to_an_outlet_and_a_head():
    known = {
        "area": (9_600_000, "平方公里"),
        "outlets": (434_000, "个"),
        "people": (1_412_000_000, "人"),
        "parcels": (110_580_000_000, "件"),
    }
    assert reckoned("area ÷ outlets", 2, **known) == Decimal("22.12")
    assert reckoned("people ÷ outlets", 0, **known) == 3_253
    assert reckoned("parcels ÷ people", 1, **known) == Decimal("78.3")
    assert reckoned("area ÷ outlets", 1, area=(9_600_000, "平方公里"), outlets=(52_000, "个")) == Decimal(
        "184.6"
    )


def test_the_rest_of_a_network_is_its_other_modes():
    known = {"whole": (298_991, "公里"), "air": (162_565, "公里"), "road": (136_159, "公里")}
    assert reckoned("whole − air − road", 0, **known) == 267
    assert (
        reckoned(
            "whole − air − road", 0, whole=(404_389, "公里"), air=(160_533, "公里"), road=(236_543, "公里")
        )
        == 7_313
    )


def test_a_break_in_a_series_is_flagged_and_not_refused():
    jump = rules.breaks([Decimal(8_365), Decimal(11_965)], Decimal(30))
    assert [each.kind for each in jump] == ["jump"]
    assert "请核对口径" in jump[0].words
    series = [Decimal(each) for each in (6_467, 7_418, 9_308, 10_255, 8_902, 8_365)]
    assert [each.at for each in rules.breaks(series, Decimal(30)) if each.kind == "turn"] == [4]


def test_growth_shares_and_differences_as_published():
    assert reckoned("share(minority, added)", 1, minority=(3_303, "个"), added=(8_440, "个")) == Decimal(
        "39.1"
    )
    assert reckoned("change(score)", 1, score=("84.4", "分"), score_before=("76.6", "分")) == Decimal("7.8")
    hunan = {
        "outlets": (11_474, "个"),
        "outlets_before": (10_433, "个"),
        "boxes": (2_777, "个"),
        "boxes_before": (2_867, "个"),
    }
    assert reckoned("change(outlets)", 0, **hunan) == 1_041
    assert reckoned("growth(outlets)", 2, **hunan) == Decimal("9.98")
    assert reckoned("growth(boxes)", 2, **hunan) == Decimal("-3.14")
    assert reckoned("share(part, whole)", 1, part=(383, "人"), whole=(1_146, "人")) == Decimal("33.4")
    assert reckoned("share(part, whole)", 1, part=(239_000, "个"), whole=(492_783, "个")) == Decimal("48.5")
