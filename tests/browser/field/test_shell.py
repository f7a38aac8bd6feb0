"""The app as a thing on the phone: opens without signal, is quick, is renewed kindly, and is only practised on."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.field.phone import Phone

Make = Callable[..., Phone]


def ready(phone: Phone) -> None:
    """Until the worker keeps the shell."""
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def test_the_second_opening_needs_no_signal(phone: Phone) -> None:
    ready(phone)
    with phone.offline():
        phone.reopen()
        expect(phone.title).to_contain_text("今天 5 个村")
        for fragment in ("#/map", "#/mine", "#/training", "#/search"):
            phone.go(fragment)
            expect(phone.title).not_to_contain_text("打不开")


def test_a_newer_app_waits_until_the_courier_says_so(phone: Phone, field_build: Path) -> None:
    ready(phone)
    worker = field_build / "sw.js"
    worker.write_text(worker.read_text().replace('const version = "', 'const version = "new-', 1))
    phone.page.evaluate("navigator.serviceWorker.getRegistration('/field/').then((one) => one.update())")
    expect(phone.page.get_by_text("有新版本")).to_be_visible(timeout=20_000)
    phone.press("更新")
    expect(phone.title).to_have_text("普邮·通邮")
    phone.unlock()
    assert any("new-" in name for name in phone.page.evaluate("caches.keys()"))


def test_an_old_app_is_told_and_goes_on(phone: Phone) -> None:
    told = {"minimum": 99, "current": 99, "message": "请在有无线网时更新。"}
    with phone.answering("field/version", lambda route: route.fulfill(json=told)):
        phone.reopen()
        expect(phone.page.get_by_text("这一版太旧了，请更新")).to_be_visible()
        expect(phone.page.get_by_text("请在有无线网时更新。")).to_be_visible()
        phone.visit()
        phone.wait_sent()


def test_practice_writes_nothing(new_phone: Make) -> None:
    phone = new_phone().open("#practice")
    spoken: list[str] = []
    phone.page.on("request", lambda asked: spoken.append(asked.url) if "/api/" in asked.url else None)
    expect(phone.page.get_by_text("练习：什么都不会上传")).to_be_visible()
    phone.visit("练习·响水村")
    phone.go("#/hindrance/000000000002")
    phone.choose("洪水")
    phone.press("存下")
    expect(phone.title).to_contain_text("今天")
    phone.go("#/outbox")
    phone.press("现在上传")
    expect(phone.page.get_by_text("练习中，什么都不会上传。")).to_be_visible()
    bases = phone.page.evaluate("indexedDB.databases().then((all) => all.map((one) => one.name))")
    assert spoken == [] and bases == []
    phone.press("退出练习")
    expect(phone.title).to_have_text("登记这部手机")


def test_two_tabs_keep_one_chain_and_send_each_fact_once(phone: Phone) -> None:
    other = phone.new_page()
    other.goto(phone.site.url("/field/"))
    other.get_by_role("group", name="密码").wait_for()
    other.keyboard.type("730619")
    expect(other.get_by_role("button", name="到了").first).to_be_visible()
    with phone.offline():
        phone.visit(phone.name(0))
        expect(other.locator(".status")).to_contain_text("条待上传")
        other.get_by_role("button", name=f"到了{phone.name(3)}", exact=True).click()
        other.get_by_role("button", name="今日无邮件").click()
        other.get_by_role("button", name="完成").click()
        expect(other.locator(".toast")).to_contain_text("已存在手机里：")
    phone.settle()
    sent = phone.envelopes()
    counters = [envelope["counter"] for envelope in sent]
    assert counters == list(range(1, len(sent) + 1))
    assert sum(envelope["kind"] == "visit" for envelope in sent) == 2
