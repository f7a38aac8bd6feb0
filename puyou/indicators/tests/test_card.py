import json
from io import StringIO

import pytest
from django.core.management import call_command

from puyou.indicators.models import ReportedValue

pytestmark = pytest.mark.django_db


def run(*arguments, **more):
    out = StringIO()
    call_command(*arguments, stdout=out, **more)
    return json.loads(out.getvalue())


@pytest.fixture
def card(db):
    assert run("load_article", json=True) == {"card": "2019", "figures": 66, "entered": 66}
    return {figure["code"]: figure for figure in run("card", "2019", json=True)["figures"]}


def test_every_figure_of_the_article_stands_on_the_card_as_printed(card):
    printed = {
        "village_investment": "约9.5亿元", "rural_couriers_added": "5,697人", "rural_sites": "53.8万个",
        "rural_sites_added": "3.1万个", "people_benefited": "28.4万人", "city_product_tonnes": "49万吨",
        "taxes_collected": "750亿元", "parcels_at_advanced_time": "96%", "satisfaction": "84.9分",
        "supervisor_reports": "1,633条", "supervisor_reports_rectified": "95.6%", "electronic_waybills": "98%",
        "second_packaging": "2.26%", "reusable_bags": "71.95%", "infrastructure_investment": "3.57亿元",
        "fortune_rank": "101位", "delivery_items": "247.6亿件", "delivery_revenue": "431.6亿元",
        "overseas_warehouses": "11个", "villages_monitored": "535,640个", "couriers_with_application": "7万多人",
        "outlets_verified": "5.38万个", "illegal_publications": "49,066件", "relief_trips": "15.77万辆次",
        "relief_remittance_amount": "6,267.6万元", "relief_tonnes": "6,474.3吨",
    }  # fmt: skip
    assert {code: card[code]["shown"] for code in printed} == printed
    assert [code for code, figure in card.items() if figure["value"] is None] == []


def test_each_figure_says_where_it_came_from(card):
    for figure in card.values():
        (part,) = figure["parts"]
        assert part["kind"] == "reported"
        assert "成绩单" in part["source"]
        assert figure["definition"]["verification"] == "unverified"


def test_growth_is_shown_as_reported_until_the_year_before_is_known(card):
    reported = card["delivery_items"]["comparison"]
    assert (reported["computed"], reported["value"], reported["unit"]) == (False, "4.26", "%")
    assert card["relief_items"]["period"] == "2020-01-25..2020-02-24"


def test_loading_again_changes_nothing(card):
    count = ReportedValue.objects.count()
    assert run("load_article", json=True)["entered"] == 0
    assert ReportedValue.objects.count() == count


def test_growth_is_computed_once_the_year_before_is_reported(card, bench):
    bench.report("delivery_items", "23750000000", "2018")
    figures = {figure["code"]: figure for figure in run("card", "2019", json=True)["figures"]}
    held = figures["delivery_items"]["comparison"]
    assert held["computed"]
    assert held["growth"].startswith("4.2526")


def test_one_indicator_is_told_with_its_arithmetic(card):
    said = run("indicator", "satisfaction", period="2019", json=True)
    assert (said["value"], said["unit"]) == ("84.9", "分")
    assert {each["kind"] for each in said["comparisons"]} == {"year_on_year"}


@pytest.mark.parametrize("text", ["", "{}", '{"code": 1, "figures": [{}]}', "[1"])
def test_a_file_that_is_no_card_is_refused(tmp_path, text):
    file = tmp_path / "card.json"
    file.write_text(text)
    with pytest.raises(SystemExit) as ended:
        call_command("load_article", file=str(file), stderr=StringIO())
    assert ended.value.code == 2
    assert ReportedValue.objects.count() == 0
