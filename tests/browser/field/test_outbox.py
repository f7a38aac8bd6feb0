"""The outbox on screen: undo before and after sending, correction as a new fact."""

from playwright.sync_api import expect

from puyou.visits.models import Visit
from tests.browser.field.phone import Phone


def test_a_wrong_tap_is_undone_before_it_is_sent(phone: Phone) -> None:
    phone.settle()
    with phone.offline():
        phone.visit(phone.name(3))
        phone.press("撤销")
        expect(phone.toast).to_contain_text(f"已撤销：{phone.name(3)}")
        expect(phone.page.get_by_role("button", name=f"到了{phone.name(3)}", exact=True)).to_be_visible()
    phone.settle()
    kinds = [one["kind"] for one in phone.envelopes()]
    assert kinds[-2:] == ["visit", "withdrawal"]
    phone.eventually(lambda: not Visit.objects.filter(courier_id=phone.courier.pk, counting=True).exists())


def test_a_sent_visit_is_corrected_by_a_new_fact(phone: Phone) -> None:
    phone.visit(phone.name(3), letters=1)
    phone.settle()
    phone.go("#/outbox")
    phone.page.get_by_role("link", name=phone.name(3)).click()
    expect(phone.page.get_by_text("收到回执")).to_be_visible()
    phone.press("更正")
    expect(phone.page.get_by_label("信件件数")).to_have_value("1")
    phone.press("信件加一")
    phone.press("包裹加一")
    phone.finish()
    phone.settle()
    old, new = phone.visits()
    assert new["payload"]["corrects"] == old["id"]
    assert new["payload"]["handed"] == {"letters": 2, "parcels": 1}
    assert new["happened_at"] == old["happened_at"]
    phone.go(f"#/entry/{old['id']}")
    expect(phone.page.get_by_text("后写的那一条算数")).to_be_visible()


def test_a_sent_visit_is_withdrawn_and_stays_on_record(phone: Phone) -> None:
    phone.visit(phone.name(3))
    phone.settle()
    phone.go("#/outbox")
    phone.page.get_by_role("link", name=phone.name(3)).click()
    phone.press("撤销")
    phone.page.get_by_role("alertdialog").get_by_role("button", name="撤销").click()
    expect(phone.page.get_by_text("撤销也会上传，这一条不再算数")).to_be_visible()
    phone.settle()
    assert [one["kind"] for one in phone.envelopes()][-1] == "withdrawal"
