from decimal import Decimal

import pytest
from django.test import Client

from puyou.accounts.tests.offices import neighbour, officer
from puyou.core import clock
from puyou.indicators import chart, loading
from puyou.indicators.models import Indicator
from puyou.indicators.tests.conftest import BY, NOW
from puyou.places.queries import get_place

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(bench, monkeypatch):
    client = Client()
    client.force_login(
        officer("pages.officer", "provincial_regulator", get_place("52")),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    with clock.frozen(NOW):
        yield client


def text(response) -> str:
    assert response.status_code == 200, response.content[:300]
    return response.content.decode()


def test_the_list_shows_ones_own_place_and_the_last_whole_month(visitor):
    page = text(visitor.get("/indicators/"))
    assert "贵州省 2026年10月" in page
    assert "建制村周投递达标率" in page
    assert "2026年9月" in page


def test_what_was_reported_is_traced_to_its_row(visitor, bench):
    bench.item("mail")
    mail = bench.indicator("mail_items", "mail", name="函件")
    bench.report("mail", 77, "2025", "52")
    page = text(visitor.get(f"/indicators/{mail.code}/?place=52&period=2025"))
    assert "77件" in page
    address = f"/indicators/returns/?item=mail&amp;place={get_place('52').code}&amp;period=2025"
    assert address in page
    rows = text(visitor.get(address.replace("&amp;", "&")))
    assert "测试" in rows and ">77<" in rows


def test_a_series_is_drawn_from_zero_with_its_table_and_gaps(visitor, bench):
    bench.item("mail")
    mail = bench.indicator("mail_items", "mail")
    for month in (1, 2, 4):
        bench.report("mail", month * 10, f"2026-{month:02}", "52")
    page = text(visitor.get(f"/indicators/{mail.code}/?place=52&period=2026-04"))
    assert page.count('class="bar-value"') == 3
    assert 'class="zero"' in page
    assert "26.03" in page and "没有填报" in page
    export = visitor.get(f"/indicators/{mail.code}/?place=52&period=2026-04&format=csv")
    assert "2026年3月" in b"".join(export.streaming_content if export.streaming else [export.content]).decode(
        "utf-8-sig"
    )


def test_the_card_of_2019_is_not_for_a_province(visitor):
    loading.load_card(file=loading.ARTICLE, by=BY, now=NOW)
    assert visitor.get("/indicators/rural_sites/?place=000000000000&period=2019").status_code == 403
    assert "没有填报" in text(visitor.get("/indicators/rural_sites/?place=52&period=2019"))
    assert "rural_sites" not in text(visitor.get("/indicators/?place=52&period=2026-10"))
    assert "邮乐购站点" in text(visitor.get("/indicators/?place=52&period=2019&every=on"))


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ("period=2026-13", 422, "不是时期"),
        ("place=99", 404, "99"),
        ("place=5", 422, "不是区划代码"),
        ("period=2027", 200, "时期还没有开始"),
        ("period=2026-11-01", 200, "本指标不按日统计"),
    ],
)
def test_a_wrong_question_is_answered_in_words(visitor, asked, status, words):
    response = visitor.get(f"/indicators/visits/?{asked}")
    assert response.status_code == status
    assert words in response.content.decode()


def test_an_unknown_indicator_is_not_found(visitor):
    assert visitor.get("/indicators/nothing/").status_code == 404


def test_another_provinces_officer_is_refused(bench):
    client = Client()
    user = officer("far.officer", "provincial_regulator", neighbour())
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    for indicator in Indicator.objects.all()[:3]:
        assert client.get(f"/indicators/{indicator.code}/?place=52&period=2026-10").status_code == 403


def test_a_chart_holds_zero_and_shows_nothing_of_nothing():
    points = [
        chart.Point("a", Decimal(-5), "−5"),
        chart.Point("b", None, "—"),
        chart.Point("c", Decimal(12), "12"),
    ]
    drawn = str(chart.draw(points, "题", bars=False))
    assert 'class="zero"' in drawn
    assert drawn.count("<circle") == 2
    assert drawn.count("M") == 2  # the gap breaks the line
    assert chart.draw([chart.Point("a", None, "—")], "题", bars=True) == ""


def test_machines_read_definitions_and_values_with_their_parts(visitor, bench):
    bench.item("mail")
    bench.indicator("mail_items", "mail")
    bench.report("mail", 12, "2025", "52")
    codes = {row["code"] for row in visitor.get("/api/v1/indicators").json()}
    assert {"mail_items", "village_delivery_rate"} <= codes
    said = visitor.get("/api/v1/indicators/mail_items?place=52&period=2025").json()
    assert (said["value"], said["unit"], said["parts"][0]["source"]) == ("12", "件", "测试")
    assert visitor.get("/api/v1/indicators/mail_items?place=53&period=2025").status_code in (403, 404)
    assert visitor.get("/api/v1/indicators/nothing?place=52&period=2025").status_code == 404
    assert visitor.get("/api/v1/indicators/mail_items?place=52&period=x").status_code == 422
    assert Client().get("/api/v1/indicators").status_code == 401
