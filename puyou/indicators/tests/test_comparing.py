"""How a comparison is said: growth by per cent, shares by percentage points, a fall as a fall."""

from decimal import Decimal as D

import pytest

from puyou.accounts.scopes import scope_for
from puyou.accounts.tests.offices import officer
from puyou.indicators.comparing import PEERS, PREVIOUS, Comparison, change_words, compare
from puyou.indicators.engine import Reader
from puyou.indicators.models import ReportedValue
from puyou.indicators.periods import Period
from puyou.indicators.tests.conftest import TODAY
from puyou.places.queries import get_place


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


CITIES = ("520100000000", "520200000000", "520300000000", "520400000000", "520500000000")


@pytest.fixture
def shares(bench):
    """A share that four of a province's cities and the province itself report."""
    bench.item("done", "%", "ratio", additive=False)
    made = bench.indicator("share_done", "done", "%", "ratio", decimals=1)
    for city, value in zip(CITIES, (90, 80, 70, 60), strict=False):
        bench.report("done", value, "2019", city)
    return made


def peers_of(bench, indicator, place, direction="up"):
    indicator.direction = direction
    indicator.save()
    value = bench.read(indicator, "2019", place)
    found = [each for each in compare(Reader(bench.scope, TODAY), value, peers=True) if each.kind == PEERS]
    return found[0] if found else None


def test_peers_are_the_places_beneath_the_same_one(bench, shares):
    held = peers_of(bench, shares, CITIES[1])
    assert held.base == 75 and held.difference == 5
    assert held.against == "贵州省所辖有数据的 4 个地区的中位数（本地第 2 位）"
    assert "80 − 75 = 5" in held.arithmetic


def test_where_less_is_better_the_least_is_first(bench, shares):
    assert "第 1 位" in peers_of(bench, shares, CITIES[3], "down").against


def test_without_a_value_or_enough_peers_there_is_no_rank(bench, shares):
    assert peers_of(bench, shares, CITIES[4]) is None
    ReportedValue.objects.filter(place__code__in=CITIES[2:]).delete()
    assert peers_of(bench, shares, CITIES[0]) is None


def test_peers_that_one_may_not_see_are_not_compared(bench, shares):
    scope = scope_for(officer("peer.city", "city_regulator", get_place(CITIES[0])))
    value = Reader(scope, TODAY).value(shares, get_place(CITIES[0]), Period.parse("2019"))
    assert value.exact == 90
    assert all(each.kind != PEERS for each in compare(Reader(scope, TODAY), value, peers=True))
