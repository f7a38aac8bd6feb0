"""Clocks that lie: told, kept with what cannot be set, and never in the way."""

from playwright.sync_api import expect

from tests.browser.field.phone import Phone


def test_a_clock_at_1970_is_told_and_the_visit_is_kept(phone: Phone) -> None:
    phone.press("出班（开始记路线）")
    phone.settle()
    phone.shift_clock(days=-20_700)
    phone.go("#/mine")
    phone.go("#/")
    expect(phone.page.get_by_text("手机的日期或时间不对")).to_be_visible()
    phone.visit(phone.name(3))
    phone.shift_clock(days=0)
    expect(phone.status).not_to_contain_text("NaN")
    assert len(phone.page.locator(".village, .next").all()) >= 5


def test_a_clock_changed_in_the_middle_of_the_day_is_seen(phone: Phone) -> None:
    phone.visit(phone.name(3))
    phone.settle()
    phone.shift_clock(hours=2)
    phone.visit(phone.name(4))
    phone.settle()
    jumps = {
        one["payload"]["village"]: one["payload"]["clock"]["wall_jump_ms"] for one in phone.sent("visit")
    }
    assert abs(jumps[phone.villages[3].code]) < 2_000
    assert abs(jumps[phone.villages[4].code] - 7_200_000) < 5_000


def test_a_clock_that_is_off_is_told_at_the_next_contact(phone: Phone) -> None:
    phone.shift_clock(hours=3)
    phone.reopen()
    expect(phone.page.get_by_text("手机时间比标准时间快 3 小时")).to_be_visible()
    expect(phone.page.get_by_text("自动设置")).to_be_visible()
