"""A phone without room, and a phone whose memory was swept."""

from collections.abc import Callable

from playwright.sync_api import expect

from puyou.ingest.models import Envelope
from tests.browser.field.phone import PIN, Phone

Make = Callable[..., Phone]


def test_a_full_phone_says_what_is_safe_and_what_to_do(new_phone: Make) -> None:
    phone = new_phone().give_room(8).enrol().agree().set_out()
    phone.arrive(phone.name(3))
    phone.write("信件加一")
    phone.fill_up()
    phone.press("完成")
    dialog = phone.page.get_by_role("alertdialog")
    expect(dialog).to_contain_text("手机存储满了")
    expect(dialog).to_contain_text("手机里已经存下的记录都还在")
    phone.press("知道了")
    phone.give_room()
    phone.finish()
    phone.settle()
    assert len(phone.visits()) == 1


def test_swept_data_comes_back_from_the_second_copy(phone: Phone) -> None:
    phone.set_out()
    with phone.offline():
        phone.visit(phone.name(3))
        phone.eventually(lambda: phone.copied() >= 2)
        phone.sweep("indexeddb")
    phone.open()
    expect(phone.title).to_have_text("取回备份")
    phone.type_pin(PIN)
    expect(phone.title).not_to_have_text("取回备份")
    phone.eventually(lambda: len(phone.visits()) == 1)


def test_when_everything_was_swept_it_asks_for_a_new_code_and_says_so(phone: Phone) -> None:
    phone.settle()
    before = Envelope.objects.count()
    phone.sweep("all")
    phone.open()
    expect(phone.title).to_have_text("登记这部手机")
    phone.enrol()
    phone.visit()
    phone.settle()
    assert Envelope.objects.count() > before
