"""The page behind a notice: what a villager reads, and what a tap does."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client

from puyou.compliance.tests import cast
from puyou.core import clock
from puyou.portal import devices, throttling
from puyou.portal.tests.conftest import NOW, TODAY
from puyou.registry import actions as registry
from puyou.registry.models import Duty, Round, RoundVillage
from puyou.standards.models import CalendarDay, CalendarYear
from puyou.villagers import actions
from puyou.villagers.models import VillagerWord


def fields_of(page: str) -> dict[str, str]:
    """The hidden fields of the page's form."""
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))


def tap(phone: Client, address: str, said: str = "absent", **more: str):
    page = phone.get(address).content.decode()
    return phone.post(address, fields_of(page) | {"said": said} | more)


def test_anybody_reads_the_week(phone, address, village):
    page = phone.get(address).content.decode()
    assert "本周应投 3 次，已投 2 次，上次周三。" in page
    assert "还差 1 次" in page and village.name in page
    assert "11月20日 周五（今天）" in page and "周一、周三、周五" in page
    assert "数据截至 2026年11月20日 12:00" in page
    assert "上周应投 3 次，投了 0 次，初判未达标" in page


def test_the_page_names_no_courier_and_no_position(phone, address, village):
    courier = registry.register_courier(
        number="工九", name="丁某某", valid_from=date(2026, 1, 1), by="t", now=NOW
    )
    registry.assign_courier(
        round_=Round.objects.get(), courier=courier, valid_from=date(2026, 1, 1), by="t", now=NOW
    )
    page = phone.get(address).content.decode()
    assert "丁某某" not in page and "工九" not in page and "106." not in page and "一线" not in page


def test_one_tap_says_that_nobody_came(phone, address, village):
    answer = tap(phone, address)
    assert answer.status_code == 302 and answer["Location"] == address
    word = VillagerWord.objects.get()
    assert (word.place, word.day, word.said) == (village, TODAY, "absent")
    page = phone.get(address).content.decode()
    assert "反映：今天没来" in page and "1 人次反映没来" in page


def test_a_double_click_is_one_word(phone, address):
    page = phone.get(address).content.decode()
    for _ in range(2):
        assert phone.post(address, fields_of(page) | {"said": "absent"}).status_code == 302
    assert VillagerWord.objects.count() == 1


def test_a_tap_is_never_a_miss(phone, address, code):
    tap(phone, address)
    after = phone.get(address).content.decode()
    assert "本周应投 3 次，已投 2 次，上次周三。" in after and "还差 1 次" in after


def test_two_phones_are_two_and_the_other_word_replaces(address, code):
    first, second = Client(), Client()
    tap(first, address)
    tap(second, address)
    assert "2 人次反映没来（来自 1 个网络）" in first.get(address).content.decode()
    tap(second, address, "came")
    assert "1 人次反映没来，1 人次反映来了" in first.get(address).content.decode()


def test_a_page_left_open_since_yesterday_says_nothing(phone, address):
    page = phone.get(address).content.decode()
    with clock.frozen(NOW + timedelta(days=1)):
        answer = phone.post(address, fields_of(page) | {"said": "absent"})
        assert answer.status_code == 409 and "不是今天打开的" in answer.content.decode()
    assert not VillagerWord.objects.exists()


def test_a_form_from_elsewhere_says_nothing(phone, address):
    assert phone.post(address, {"said": "absent", "day": "2026-11-20"}).status_code == 403
    assert not VillagerWord.objects.exists()


@pytest.mark.parametrize("said", ["", "<script>alert(1)</script>", "x" * 10_000, "=1+1"])
def test_any_other_word_is_refused_politely(phone, address, said):
    answer = tap(phone, address, said)
    page = answer.content.decode()
    assert answer.status_code == 422 and "请点" in page and "<script>alert" not in page
    assert not VillagerWord.objects.exists()


def test_a_cookie_of_ones_own_making_is_no_device(phone, address):
    phone.get(address)
    phone.cookies[devices.COOKIE] = "admin"
    tap(phone, address)
    word = VillagerWord.objects.get()
    assert word.device != "admin" and len(word.device) == 22


def test_the_device_cookie_is_the_browsers_alone(phone, address):
    cookie = phone.get(address).cookies[devices.COOKIE]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"


def test_an_ended_notice_says_so(phone, address, code):
    actions.end_code(code=code, on=TODAY, ground="被撕毁", by="t", now=NOW)
    answer = phone.get(address)
    assert answer.status_code == 410 and "停用" in answer.content.decode()


@pytest.mark.parametrize(
    "text", ["52", "PY1.520526100201.1.abcdefghijklmn", "2" * 15, "%3Cscript%3E", "王" * 15]
)
def test_codes_that_we_never_made_are_not_found(phone, db, text):
    assert phone.get(f"/v/{text}/").status_code == 404


def test_guessing_codes_is_slow(phone, db, address):
    for _ in range(20):
        assert phone.get("/v/22222-22222-22222/").status_code == 404
    assert phone.get("/v/22222-22222-22222/").status_code == 429
    assert phone.get("/v/", {"code": "22222-22222-22222"}).status_code == 429


def test_a_code_can_be_typed(phone, address):
    typed = address.removeprefix("/v/").rstrip("/").lower().replace("-", " ")
    answer = phone.get("/v/", {"code": typed})
    assert answer.status_code == 302 and answer["Location"] == address
    assert "没有这个公示码" in phone.get("/v/", {"code": "<b>坏</b>"}).content.decode()
    assert "<b>坏" not in phone.get("/v/", {"code": "<b>坏</b>"}).content.decode()


def test_tapping_and_looking_are_limited_by_network(phone, address, monkeypatch):
    monkeypatch.setattr(throttling.SAYING, "burst", 1)
    assert tap(phone, address).status_code == 302
    refused = tap(phone, address, "came")
    assert refused.status_code == 429 and "操作太频繁" in refused.content.decode()
    monkeypatch.setattr(throttling.LOOKING, "burst", 0)
    assert Client(REMOTE_ADDR="198.51.100.9").get(address).status_code == 429


def test_a_village_without_duty_or_timetable_is_told_so(phone, village, code, address):
    Duty.objects.all().delete()
    RoundVillage.objects.all().delete()
    page = phone.get(address).content.decode()
    assert "还没有登记投递频次" in page and "还没有登记班期" in page


def test_excuses_and_days_off_are_told(phone, village, address):
    cast.excuse(village, date(2026, 11, 20), date(2026, 11, 25))
    CalendarDay.objects.create(day=date(2026, 11, 24), kind="holiday", name="试行节")
    page = phone.get(address).content.decode()
    assert "因洪涝免责" in page and "11月25日 周三" in page
    assert "试行节放假" in page


def test_a_calendar_that_nobody_published_is_told(phone, address):
    CalendarYear.objects.all().delete()
    assert "放假安排尚未公布" in phone.get(address).content.decode()


def test_a_retired_village_still_opens(phone, village, address):
    village.valid_to = date(2026, 11, 19)
    village.save()
    assert phone.get(address).status_code == 200


def test_reading_costs_few_queries(phone, address, django_assert_max_num_queries):
    phone.get(address)
    with django_assert_max_num_queries(30):
        phone.get(address)
