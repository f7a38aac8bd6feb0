"""A program reports a figure; an officer has a paper written from it, follows the number home, and finishes it."""

import base64
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from puyou.accounts.tests.offices import PASSWORD, officer
from puyou.core import clock
from puyou.indicators.models import IndicatorVersion, ReturnItem
from puyou.indicators.periods import MONTH, Period
from puyou.places.queries import get_place
from tests.browser.conftest import Site

pytestmark = pytest.mark.browser
PROVINCE, CITY = "520000000000", "520500000000"


@pytest.fixture
def month(own_database: str) -> Period:
    """The last whole month; the share of villages served is, this once, what somebody reports."""
    with transaction.atomic():
        officer("desk.province", "provincial_regulator", get_place("52"), "李敏")
        ReturnItem.objects.create(code="told", name="上报达标率", unit="%", nature="ratio", additive=False)
        IndicatorVersion.objects.filter(indicator__code="village_delivery_rate").update(formula="told")
    found = Period.of(MONTH, clock.today()).previous()
    assert found is not None
    return found


def report(page: Page, site: Site, key: str, *values: dict[str, str]) -> dict[str, object]:
    """What a client of DHIS2 sends, and what it is told."""
    pair = base64.b64encode(f"desk.province:{key}".encode()).decode()
    answer = page.request.post(
        site.url("/dhis2/api/dataValueSets"),
        headers={"Authorization": f"Basic {pair}"},
        data={"dataValues": list(values)},
    )
    told: dict[str, object] = answer.json()["response"]
    return told


def test_from_a_programs_figure_to_a_finished_paper(
    site: Site, month: Period, sign_in: Callable[[str, str], Page], tmp_path: Path
):
    page = sign_in("desk.province", PASSWORD)
    page.goto(site.url("/keys/new/"))
    page.fill("[name=name]", "省局统计系统")
    page.fill("[name=valid_to]", str(clock.today() + timedelta(days=90)))
    page.get_by_role("button", name="发放").click()
    key = page.locator("code", has_text="puyoukey_").inner_text()

    spelt = month.name.replace("-", "")
    value = {"dataElement": "told", "period": spelt}
    told = report(
        page, site, key,
        value | {"orgUnit": PROVINCE, "value": "97.5"}, value | {"orgUnit": CITY, "value": "９０"},
    )  # fmt: skip
    assert told["importCount"] == {"imported": 1, "updated": 0, "ignored": 1, "deleted": 0}
    told = report(page, site, key, value | {"orgUnit": CITY, "value": "90"})
    assert told["status"] == "SUCCESS"

    page.goto(site.url("/reports/bulletins/"))
    page.get_by_role("link", name="新建").click()
    page.select_option("[name=kind]", "monthly")
    page.fill("[name=place]", PROVINCE)
    page.fill("[name=period]", month.name)
    page.locator("main").get_by_role("button").first.click()
    if not page.url.endswith("/edit/"):
        page.get_by_role("link", name="编辑").click()
    paper = page.locator("#preview")
    expect(paper).to_contain_text("97.50%")
    expect(paper).to_contain_text("毕节市")
    text = page.locator("textarea").last
    text.fill("请毕节市把达标率提到 99%。")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("main")).to_contain_text(
        "99%"
    )  # refused with its words kept: a number must be a figure
    text = page.locator("textarea").last
    text.fill("请毕节市对照全省的 {village_delivery_rate} 限期整改。")
    expect(page.locator("#preview")).to_contain_text("请毕节市对照全省的 97.50% 限期整改。")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存")).to_be_visible()

    page.locator(".paper").get_by_role("link", name="97.50%").first.click()
    expect(page.get_by_role("heading", name="建制村周投递达标率").first).to_be_visible()
    page.locator("a[href*='indicators/returns']").first.click()
    expect(page.get_by_text("接口报送").first).to_be_visible()

    page.go_back()
    page.go_back()
    page.get_by_role("button", name="定稿").click()
    expect(page.get_by_text("已定稿为第1版。")).to_be_visible()
    with page.expect_download() as got:
        page.get_by_role("link", name="docx").first.click()
    file = tmp_path / "paper.docx"
    got.value.save_as(file)
    with ZipFile(io.BytesIO(file.read_bytes())) as book:
        words = book.read("word/document.xml").decode()
    assert "97.50%" in words and "限期整改。" in words
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
