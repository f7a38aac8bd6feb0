"""An officer drills from the nation to a missed village, reads why, exports; and sees a visit arrive."""

import json
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from puyou.accounts.tests.offices import PASSWORD, neighbour, officer
from puyou.compliance import actions as compliance
from puyou.compliance.tests import cast
from puyou.core import clock
from puyou.core.periods import Week
from puyou.ingest import actions as ingest
from puyou.ingest.tests.conftest import uuid7
from puyou.places.models import Place
from puyou.places.queries import get_place
from puyou.registry import actions as registry
from tests.browser.conftest import Site

pytestmark = pytest.mark.browser
ARRIVES_WITHIN = 5_000  # milliseconds: what the map promises


class Town:
    """Three villages of a township: last week one was served well, one once, one not at all."""

    def __init__(self) -> None:
        now = clock.now()
        self.week = Week.of(clock.today())
        near = cast.villages_of("520526", 40)
        self.villages = [one for one in near if one.parent_id == near[0].parent_id][:3]
        self.met, self.weak, self.missed = self.villages
        last = self.week.shift(-1).monday
        for village in self.villages:
            cast.lay_duty(village)
        cast.serve(self.met, cast.days_from(last, 3))
        cast.serve(self.weak, [last + timedelta(days=2)])
        self.courier = registry.register_courier(
            number="K-1", name="马小军", valid_from=last, by="test", now=now
        )
        self.device = registry.register_device(identifier="D-1", by="test", now=now)
        registry.bind_device(device=self.device, courier=self.courier, valid_from=last, by="test", now=now)
        self.token = ingest.issue_token(courier=self.courier, device=self.device, by="test", now=now)
        compliance.bring_up_to_date(now=now)
        self.township = Place.objects.get(pk=self.met.parent_id)
        officer("desk.nation", "national_regulator", get_place("000000000000"))
        officer("desk.yunnan", "provincial_regulator", neighbour())

    def check_in(self, site: Site, village: Place) -> str:
        """The courier's phone reports a visit through the front door; returns what the door says."""
        envelope = {
            "schema": 1,
            "id": uuid7(),
            "kind": "visit",
            "happened_at": clock.now().isoformat(),
            "counter": 1,
            "device": self.device.identifier,
            "source": "app",
            "payload": {"village": village.code, "handed": {"letters": 2}},
        }
        request = urllib.request.Request(
            site.url("/api/v1/envelopes"),
            json.dumps([envelope]).encode(),
            {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return str(json.load(answer)["receipts"][0]["status"])


@pytest.fixture
def town(own_database: str) -> Town:
    with transaction.atomic():
        return Town()


def walk_down(page: Page, *names: str) -> None:
    """Follow the rows of the map's table, one level after another."""
    for name in names:
        page.get_by_role("rowheader", name=name, exact=True).get_by_role("link").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def test_an_officer_finds_out_why_a_village_was_missed(
    town: Town,
    site: Site,
    sign_in: Callable[[str, str], Page],
    keep_picture: Callable[[Page, str], Path],
    tmp_path: Path,
) -> None:
    page = sign_in("desk.nation", PASSWORD)
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))

    page.goto(site.url("/"))
    expect(page.locator(".answer")).to_contain_text("初判未达标 2 个")
    expect(page.locator("#map .stage canvas").first).to_be_visible()
    keep_picture(page, "map-nation")
    walk_down(page, "贵州省", "毕节市", "威宁彝族回族苗族自治县", town.township.name)
    keep_picture(page, "map-township")

    page.get_by_role("rowheader", name=town.weak.name, exact=True).get_by_role("link").click()
    expect(page.locator(".answer")).to_contain_text("应投 3 次，已投 1 次")
    expect(page.locator(".answer")).to_contain_text("未达标")
    keep_picture(page, "village-missed")

    page.go_back()
    with page.expect_download() as download:
        page.get_by_role("link", name="导出表格").click()
    file = tmp_path / "villages.xlsx"
    download.value.save_as(file)
    sheet = load_workbook(file).active
    assert sheet is not None
    cells = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert town.weak.code in cells
    assert any("2026年" in cell or "年第" in cell for cell in cells)
    assert broken == []


def test_an_officer_of_another_province_cannot_see_it(
    town: Town, site: Site, sign_in: Callable[[str, str], Page]
) -> None:
    page = sign_in("desk.yunnan", PASSWORD)
    for code in (town.weak.code, town.township.code, "520000000000", "000000000000"):
        page.goto(site.url(f"/atlas/{code}/"))
        expect(page.get_by_role("heading", level=1)).to_have_text("不在您的管辖范围")
        expect(page.get_by_text(town.weak.name)).to_have_count(0)


def test_a_check_in_shows_on_open_pages(
    town: Town,
    site: Site,
    sign_in: Callable[[str, str], Page],
    keep_picture: Callable[[Page, str], Path],
) -> None:
    page = sign_in("desk.nation", PASSWORD)
    village = page.context.new_page()
    page.goto(site.url(f"/atlas/000000000000/?week={town.week.name}"))
    village.goto(site.url(f"/atlas/{town.missed.code}/"))
    expect(page.locator("#places tfoot")).to_contain_text("0／9")
    expect(village.locator(".answer")).to_contain_text("已投 0 次")

    assert town.check_in(site, town.missed) == "accepted"
    expect(village.locator(".answer")).to_contain_text("已投 1 次", timeout=ARRIVES_WITHIN)
    expect(village.locator("#visits")).to_contain_text("马小军")
    page.bring_to_front()
    expect(page.locator("#places tfoot")).to_contain_text("1／9", timeout=ARRIVES_WITHIN)
    keep_picture(village, "village-live")
