"""A villager says at the notice that nobody came, and an officer sees it where the visit is decided."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from playwright.sync_api import Browser, Page, expect

from puyou.accounts.tests.offices import PASSWORD, officer
from puyou.compliance import actions as compliance
from puyou.compliance.tests import cast
from puyou.core import clock
from puyou.core.periods import Week
from puyou.places.queries import get_place
from puyou.portal.tickets import SHORTEST_SECONDS
from puyou.registry import actions as registry
from puyou.registry.models import Village
from tests.browser.conftest import Site

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 640}


class Hamlet:
    """A village with a duty and a timetable, served once last week, and an officer of its city."""

    def __init__(self) -> None:
        now, today = clock.now(), clock.today()
        self.village = cast.villages_of("520526", 1)[0]
        Village.objects.get_or_create(place=self.village)
        cast.lay_duty(self.village)
        last = Week.of(today).shift(-1).monday
        cast.serve(self.village, [last + timedelta(days=2)])
        round_ = registry.create_round(number="R-1", name="一线", by="test", now=now)
        registry.put_village_on_round(
            round_=round_, place=self.village, weekdays=0b0010101, valid_from=last, by="test", now=now
        )
        compliance.bring_up_to_date(now=now)
        officer("desk.city", "city_regulator", get_place("520526"), "王芳")


@pytest.fixture
def hamlet(own_database: str) -> Hamlet:
    with transaction.atomic():
        return Hamlet()


def open_phone(browser: Browser, javascript: bool = True) -> Page:
    """A villager's phone; old ones run no scripts."""
    context = browser.new_context(viewport=PHONE, locale="zh-CN", java_script_enabled=javascript)
    return context.new_page()


def pages_of(page: Page) -> list[str]:
    """The sizes of the pages that come out of the printer, in points."""
    printed = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", printed)
    return [f"{float(wide):.0f} × {float(high):.0f}" for wide, high in boxes]


def never_sideways(page: Page) -> None:
    """Nothing on the page is wider than the screen."""
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0, page.url


def test_a_villager_says_that_nobody_came_and_an_officer_sees_it(
    hamlet: Hamlet,
    site: Site,
    browser: Browser,
    sign_in: Callable[[str, str], Page],
    keep_picture: Callable[[Page, str], Path],
) -> None:
    desk = sign_in("desk.city", PASSWORD)
    desk.goto(site.url("/portal/notices/new/"))
    desk.fill("input[name=code]", hamlet.village.code)
    desk.select_option("select[name=hangs]", "committee")
    desk.get_by_role("button", name="发出").click()
    expect(desk.locator(".notice-sheet svg")).to_be_visible()
    code = desk.locator(".notice-sheet .code").inner_text()
    assert re.fullmatch(r"(?:[2-9A-HJKMNP-Z]{5}-?){3}", code)
    assert pages_of(desk) == ["595 × 842"]
    keep_picture(desk, "portal-sheet-a4")
    desk.get_by_role("link", name="A5").click()
    expect(desk.locator(".notice-sheet.a5")).to_be_visible()
    assert pages_of(desk) == ["420 × 595"]

    old = open_phone(browser, javascript=False)
    old.goto(site.url("/portal/"))
    keep_picture(old, "portal-front-phone")
    old.fill("input[name=code]", code.lower())
    old.get_by_role("button", name="查看").click()
    expect(old.get_by_role("heading", level=1)).to_contain_text(hamlet.village.name)
    expect(old.locator(".answer")).to_contain_text("本周应投 3 次，已投 0 次")
    keep_picture(old, "portal-notice-phone")
    old.get_by_role("button", name="今天没来").click()
    expect(old.locator("#mine")).to_contain_text("今天没来")
    keep_picture(old, "portal-notice-said-phone")

    phone = open_phone(browser)
    phone.goto(site.url(f"/v/{code}/"))
    never_sideways(phone)
    phone.get_by_role("button", name="今天没来").dblclick()
    expect(phone.locator("#mine")).to_contain_text("今天没来")
    expect(phone.locator(".say")).to_contain_text("2 人次反映没来")

    desk.goto(site.url("/portal/words/"))
    expect(desk.get_by_role("row")).to_have_count(3)
    keep_picture(desk, "portal-words")
    desk.goto(site.url(f"/atlas/{hamlet.village.code}/"))
    expect(desk.get_by_text("2 人次反映没来（来自 1 个网络）")).to_be_visible()
    keep_picture(desk, "portal-village-page")


def test_a_citizen_reports_without_a_script_and_follows_it_while_an_officer_accepts_it(
    hamlet: Hamlet,
    site: Site,
    browser: Browser,
    sign_in: Callable[[str, str], Page],
    keep_picture: Callable[[Page, str], Path],
) -> None:
    old = open_phone(browser, javascript=False)
    old.goto(site.url("/portal/"))
    old.get_by_role("link", name="反映问题").click()
    old.get_by_label("地点", exact=True).fill("威宁")
    old.get_by_role("button", name="查找").click()
    keep_picture(old, "portal-feedback-place-phone")
    old.goto(site.url(f"/portal/feedback/?place={hamlet.village.code}"))
    keep_picture(old, "portal-feedback-category-phone")
    old.get_by_role("link", name="到村投递次数不足").click()
    keep_picture(old, "portal-feedback-form-phone")
    old.get_by_label("发生了什么").fill("这周一次也没来，我是李四，电话13985012345")
    old.get_by_label("联系方式").fill("13985012345")
    old.wait_for_timeout(SHORTEST_SECONDS * 1000)  # faster than this, the door takes it for a robot
    old.get_by_role("button", name="提交").click()
    expect(old.get_by_role("heading", level=1)).to_have_text("已收到您的反映")
    number, code = old.locator("#number").inner_text(), old.locator("#code").inner_text()
    keep_picture(old, "portal-feedback-receipt-phone")
    old.get_by_role("link", name="去查询").click()
    old.get_by_label("查询号").fill(number)
    old.get_by_label("查询码").fill(code)
    old.get_by_role("button", name="查询").click()
    expect(old.locator(".answer")).to_contain_text("已收到，待受理")

    desk = sign_in("desk.city", PASSWORD)
    desk.goto(site.url("/cases/feedback/"))
    desk.get_by_role("row").nth(1).get_by_role("link").first.click()
    desk.get_by_role("link", name="受理", exact=True).click()
    desk.get_by_role("button", name="受理", exact=True).click()
    expect(desk.locator(".sentence").first).to_contain_text("已受理待转办")
    expect(desk.get_by_text("受理告知书")).to_be_visible()  # a draft has begun

    old.reload()
    expect(old.locator(".answer")).to_contain_text("已受理")
    keep_picture(old, "portal-feedback-followed-phone")
    phone = open_phone(browser)
    for path in (
        "/portal/",
        "/portal/feedback/",
        f"/portal/feedback/?place={hamlet.village.code}",
        "/portal/feedback/track/",
    ):
        phone.goto(site.url(path))
        never_sideways(phone)
