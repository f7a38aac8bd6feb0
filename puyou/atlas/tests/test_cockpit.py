"""The wall screen: figures that lead to their lists, targets, what happened lately, and 304 while nothing moved."""

import re
from decimal import Decimal

from django.test import Client

from puyou.accounts.tests.offices import NOW, officer, signed_in
from puyou.atlas.tests.conftest import NATION
from puyou.cases.tests import cast as matters
from puyou.core import clock
from puyou.indicators import actions as indicators
from puyou.indicators.models import Indicator
from puyou.indicators.periods import Period
from puyou.places.queries import get_place

BIG = re.compile(
    r'<a class="big" href="([^"]+)">\s*<span class="big-label">([^<]+)</span>\s*<span class="big-value">([^<]+)</span>'
)


def bigs(page: str) -> dict[str, tuple[str, str]]:
    """Label → (value, address)."""
    return {label: (value, address.replace("&amp;", "&")) for address, label, value in BIG.findall(page)}


def test_it_leads_to_the_persons_own_place_and_nowhere_else(town, desk, stranger):
    assert desk.get("/cockpit/").headers["Location"] == f"/cockpit/{NATION}/"
    assert desk.get("/cockpit/5205/").headers["Location"] == "/cockpit/520500000000/"
    assert desk.get(f"/cockpit/{town.villages[0].code}/").headers["Location"].startswith("/atlas/")
    assert stranger.get(f"/cockpit/{town.county.code}/").status_code == 403
    assert stranger.get(f"/cockpit/{town.county.code}/live/").status_code == 403
    assert Client().get(f"/cockpit/{NATION}/").status_code == 302


def test_every_figure_is_that_of_its_list(town, desk):
    page = desk.get(f"/cockpit/{town.county.code}/").content.decode()
    said = bigs(page)
    assert said["上周达标率"][0] == "60.0%" and said["上周未达标"][0] == "2 个村"
    listed = desk.get(said["上周未达标"][1]).content.decode()
    assert "共 2 " in listed
    for value, address in said.values():
        assert value and desk.get(address).status_code == 200, address


def test_an_empty_place_says_that_nothing_is_known(town, desk):
    page = desk.get("/cockpit/520400000000/").content.decode()
    for words in ("没有数据", "还没有设目标", "最近七天没有办理过案件"):
        assert words in page, words
    assert bigs(page)["在办案件"][0] == "0 件"


def test_cases_are_told_only_to_those_who_may_see_them(town, desk):
    with clock.frozen(matters.NOW):
        people = matters.gather()
        matters.publish()
    case = matters.open_sample(people, title="样例：投递不及时")
    matters.do(case, "accept", people.officer, NOW)
    page = desk.get(f"/cockpit/{NATION}/").content.decode()
    assert case.title in page and bigs(page)["在办案件"][0] == "1 件"
    far = signed_in(officer("cockpit.far", "city_regulator", get_place("5202")))
    seen = far.get("/cockpit/520200000000/").content.decode()
    assert case.title not in seen and bigs(seen)["在办案件"][0] == "0 件"


def test_a_target_stands_beside_what_is_reached(town, desk):
    indicator = Indicator.objects.get(code="village_delivery_rate")
    place, period = get_place("520526"), Period.parse("2026-11")
    indicators.set_target(
        indicator=indicator,
        place=place,
        period=period,
        value=Decimal(100),
        source="测试",
        by="system:tests",
        now=NOW,
    )
    page = desk.get(f"/cockpit/{town.county.code}/").content.decode()
    assert indicator.name in page and "100%" in page and "未达到" in page


def test_the_live_part_is_sent_again_only_when_something_moved(town, desk):
    address = f"/cockpit/{town.county.code}/live/"
    first = desk.get(address)
    assert first.status_code == 200
    assert desk.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304
    with clock.frozen(matters.NOW):
        people = matters.gather()
        matters.publish()
    matters.open_sample(people)
    again = desk.get(address, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 200 and again["ETag"] != first["ETag"]
