"""Pages of place sets: taking a document's list in, whole or not at all, and who belongs on a day."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from puyou.accounts.tests import offices
from puyou.accounts.tests.offices import signed_in
from puyou.core.models import Event
from puyou.indicators import actions as indicators
from puyou.indicators.models import ReturnItem
from puyou.indicators.periods import Period
from puyou.places import queries as places
from puyou.places.models import PlaceSetMember

pytestmark = pytest.mark.django_db


def sheet(*rows):
    book, file = Workbook(), BytesIO()
    for row in rows:
        book.active.append(list(row))
    book.save(file)
    return SimpleUploadedFile("名单.xlsx", file.getvalue())


def post(client, *rows, code="poor-counties"):
    said = {"code": code, "name": "贫困县", "source": "某文件〔2014〕1号", "file": sheet(*rows)}
    return client.post("/plans/sets/import/", said)


GOOD = (["区划代码", "至"], ["520302", "2020-11-23"], ["520303", ""])


def test_a_list_is_taken_in_once_and_read_by_day(people):
    client = signed_in(people["province"])
    assert post(client, *GOOD).headers["Location"] == "/plans/sets/poor-counties/"
    today = client.get("/plans/sets/poor-counties/").content.decode()
    assert "有 1 个成员，历来共 2 个" in today and "汇川区" in today and "红花岗区" not in today
    assert "红花岗区" in client.get("/plans/sets/poor-counties/?on=2019-01-01").content.decode()
    events = Event.objects.filter(kind="place_set.changed").count()
    post(client, *GOOD)
    assert PlaceSetMember.objects.filter(place_set__code="poor-counties").count() == 2
    assert Event.objects.filter(kind="place_set.changed").count() == events


def test_one_fault_and_nothing_is_written(people):
    answer = post(signed_in(people["province"]), *GOOD, ["999999", ""], ["520304", "昨天"])
    page = answer.content.decode()
    assert (
        answer.status_code == 422
        and not PlaceSetMember.objects.filter(place_set__code="poor-counties").exists()
    )
    assert (
        "A4" in page and "没有代码为" in page and "B5" in page and "不是日期" in page and "2 行无误" in page
    )


def test_no_heading_is_told(people):
    answer = post(signed_in(people["province"]), ["数量"], ["1"])
    assert answer.status_code == 422 and "找不到列标题" in answer.content.decode()


def test_nobody_enters_or_changes_what_lies_elsewhere(people):
    post(signed_in(people["province"]), *GOOD)
    answer = post(signed_in(people["city"]), ["区划代码"], ["520102"], code="mine")
    assert answer.status_code == 422 and "不在您的管辖范围" in answer.content.decode()
    assert post(signed_in(people["elsewhere"]), *GOOD).status_code == 403
    assert post(signed_in(people["company"]), *GOOD).status_code == 403


def test_the_supplied_sets_are_there(people):
    page = signed_in(people["city"]).get("/plans/sets/").content.decode()
    assert "西部12省区市" in page and "31个省（区、市）" in page and "导入名单" in page
    assert "导入名单" not in signed_in(people["company"]).get("/plans/sets/").content.decode()
    assert [place.code[:2] for place in places.members_of("mainland-31", date(2026, 1, 1))] == ["52"]


def test_members_leave_as_a_file(people):
    answer = signed_in(people["city"]).get("/plans/sets/mainland-31/?format=csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "贵州省" in text and "1997年6月18日" in text or "1997-06-18" in text


def test_an_indicator_over_a_set_is_a_ratio_of_sums_or_says_why_not(people):
    item = {"code": "pooled_sites", "name": "试验站点", "unit": "个", "nature": "flow", "additive": True}
    indicator = {
        "code": "pooled_sites_year", "name": "试验站点数", "group": "试验", "unit": "个", "direction": "up",
        "nature": "flow", "owner": "试验", "levels": [0, 1, 2, 3], "period_kinds": ["year"],
        "version": {"text": "pooled_sites", "valid_from": date(2016, 1, 1), "source": "试验"},
    }  # fmt: skip
    indicators.load_definitions(items=[item], indicators=[indicator], by="x", now=offices.NOW)
    post(signed_in(people["province"]), ["区划代码"], ["520302"], ["520303"], code="two")
    address = "/plans/sets/two/?on=2025-06-01&indicator=pooled_sites_year"
    for code, value, said in (("520302", 3, "1 个成员没有数据"), ("520303", 4, "7个，2 个成员")):
        indicators.report_value(
            item=ReturnItem.objects.get(code="pooled_sites"), place=places.get_place(code), period=Period.parse("2025"),
            value=Decimal(value), source="试验", by="x", now=offices.NOW,
        )  # fmt: skip
        assert said in signed_in(people["city"]).get(address).content.decode()
    assert "有成员不在您的管辖范围" in signed_in(people["company"]).get(address).content.decode()
