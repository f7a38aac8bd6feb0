"""Everybody can read it and hit it: names, contrast as computed, targets for a thumb, focus that follows."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.field.phone import Phone

Make = Callable[..., Phone]
SCREENS = [
    "#/", "#/outbox", "#/messages", "#/mine", "#/look", "#/phone", "#/files", "#/search", "#/map", "#/training",
    "#/consent",
]  # fmt: skip
LOOKS = Path(__file__).with_name("reading.js").read_text()


def offences(phone: Phone, look: str) -> list[str]:
    """What ``reading.js`` finds wrong by one of its looks."""
    return list(phone.page.evaluate(f"{LOOKS.rstrip()}.{look}()"))


@pytest.mark.parametrize("theme", ["day", "night"])
def test_every_screen_can_be_read_named_and_hit(new_phone: Make, theme: str) -> None:
    phone = new_phone(color_scheme="dark" if theme == "night" else "light")
    phone.enrol()
    phone.agree()
    phone.visit(phone.name(3))
    code = phone.villages[0].code
    for fragment in [*SCREENS, f"#/village/{code}", f"#/hindrance/{code}", f"#/arrived/{code}"]:
        phone.go(fragment)
        for look in ("nameless", "small", "wide", "faint"):
            assert offences(phone, look) == [], f"{theme} {fragment}"


def test_the_largest_text_still_fits(phone: Phone) -> None:
    phone.go("#/look")
    phone.choose("特大")
    for fragment in ["#/", "#/mine", "#/outbox", f"#/arrived/{phone.villages[0].code}"]:
        phone.go(fragment)
        assert offences(phone, "wide") == [], fragment
    assert phone.page.evaluate("getComputedStyle(document.documentElement).fontSize") == "21.5px"


def test_focus_goes_to_the_new_screens_title_and_changes_are_said(phone: Phone) -> None:
    phone.go("#/mine")
    expect(phone.title).to_be_focused()
    phone.go("#/")
    expect(phone.title).to_be_focused()
    phone.visit(phone.name(3))
    expect(phone.page.locator("[aria-live=polite]").last).to_contain_text("已存在手机里")
    assert phone.page.evaluate("document.documentElement.lang") == "zh-CN"


def test_night_and_day_follow_the_phone_or_the_switch(phone: Phone) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    day = phone.page.evaluate(ground)
    phone.page.emulate_media(color_scheme="dark")
    phone.eventually(lambda: phone.page.evaluate(ground) != day)
    phone.go("#/look")
    phone.choose("白天")
    assert phone.page.evaluate(ground) == day
    phone.page.reload()
    assert phone.page.evaluate("document.documentElement.dataset.theme") == "day"
