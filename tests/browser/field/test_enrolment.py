"""Binding a phone: typed code, link, reasons for failing, PIN, and what cannot be read without it."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.field.phone import PIN, Phone

Make = Callable[..., Phone]


def test_a_code_typed_by_hand_binds_the_phone(new_phone: Make) -> None:
    phone = new_phone().open()
    code = phone.town.code_for(phone.courier)
    phone.page.get_by_label("县局给的登记码").fill(code.lower())
    expect(phone.page.get_by_label("县局给的登记码")).to_have_value(f"{code[:5]}-{code[5:]}")
    phone.press("下一步")
    phone.page.keyboard.type("111111")
    expect(phone.page.get_by_text("太容易猜到")).to_be_visible()
    phone.choose_pin()
    expect(phone.page.get_by_text("马小军，已登记好")).to_be_visible()
    assert len(phone.page.get_by_label("恢复码").inner_text()) >= 10
    assert phone.town.device_of(phone.courier).identifier.startswith("P-")


def test_a_wrong_code_says_so_and_what_to_do(new_phone: Make) -> None:
    phone = new_phone().open("#enrol=AAAAAAAAAA")
    phone.press("下一步")
    phone.choose_pin()
    expect(phone.page.get_by_role("alert").filter(has_text="请县局再发一个登记码")).to_be_visible()
    phone.page.get_by_label("县局给的登记码").fill("ABC")
    phone.press("下一步")
    expect(phone.page.get_by_text("登记码应是 10 位")).to_be_visible()


def test_enrolling_without_signal_says_so_and_the_code_still_works(new_phone: Make) -> None:
    phone = new_phone()
    code = phone.town.code_for(phone.courier)
    phone.open(f"#enrol={code}")
    phone.press("下一步")
    with phone.offline():
        phone.choose_pin()
        expect(phone.page.get_by_text("没有连上网络")).to_be_visible()
    phone.press("下一步")
    phone.choose_pin()
    expect(phone.page.get_by_text("已登记好")).to_be_visible()


def test_only_the_pin_opens_and_nothing_but_the_round_can_be_read_without(phone: Phone) -> None:
    phone.visit()
    phone.wait_sent()
    phone.page.reload()
    expect(phone.title).to_have_text("普邮·通邮")
    expect(phone.page.get_by_text("今天 5 个村")).to_be_visible()
    expect(phone.page.get_by_text(phone.name(0))).to_have_count(0)
    readable = str(phone.rows("outbox")) + str(phone.rows("receipts")) + str(phone.rows("keys"))
    assert phone.villages[0].code not in readable and "letters" not in readable
    phone.type_pin("135790")
    expect(phone.page.get_by_role("alert").filter(has_text="密码不对")).to_be_visible()
    phone.unlock()
    expect(phone.title).to_contain_text("今天 5 个村")


def test_a_forgotten_pin_is_replaced_with_the_recovery_text(phone: Phone) -> None:
    phone.page.reload()
    phone.follow("忘了密码")
    phone.page.get_by_label("恢复码").fill(phone.recovery)
    phone.press("下一步")
    phone.page.get_by_role("group", name="设一个新的").wait_for()
    phone.page.keyboard.type("902814")
    phone.list_shown()
    phone.reopen("902814")


def test_the_pin_is_changed_by_who_knows_it(phone: Phone) -> None:
    phone.go("#/pin")
    for pin, label in ((PIN, "现在的密码"), ("902814", "新的 6 位密码"), ("902814", "再输入一次新密码")):
        phone.page.get_by_role("group", name=label).wait_for()
        phone.page.keyboard.type(pin)
    expect(phone.title).to_have_text("我的")
    phone.reopen("902814")


def test_the_key_cannot_leave_the_phone(phone: Phone) -> None:
    stuck = phone.page.evaluate(
        """() => new Promise((resolve) => {
          const opening = indexedDB.open("puyou-field");
          opening.onsuccess = () => {
            const all = opening.result.transaction("keys").objectStore("keys").getAll();
            all.onsuccess = async () => {
              const found = [];
              const walk = (value) => {
                if (value instanceof CryptoKey) found.push(value);
                else if (value && typeof value === "object") Object.values(value).forEach(walk);
              };
              walk(all.result);
              opening.result.close();
              resolve(found.map((key) => [key.type, key.extractable]));
            };
          };
        })"""
    )
    assert ["private", False] in stuck and ["private", True] not in stuck
    assert re.fullmatch(r"P-[\w-]{22}", phone.town.device_of(phone.courier).identifier)
