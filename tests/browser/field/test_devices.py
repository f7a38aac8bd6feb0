"""Phones that change hands: replaced, suspended, revoked, and a file that somebody else sends."""

from collections.abc import Callable

from playwright.sync_api import expect

from puyou.ingest import actions as ingest
from puyou.visits.models import Visit
from tests.browser.field.phone import Phone

Make = Callable[..., Phone]


def test_a_revoked_phone_is_told_kindly_and_keeps_its_outbox(phone: Phone) -> None:
    phone.set_out()
    ingest.revoke_device(device=phone.town.device_of(phone.courier), ground="丢失", **phone.town.by)
    phone.visit(phone.name(3))
    expect(phone.page.get_by_text("这部手机已停止上传")).to_be_visible()
    expect(phone.page.get_by_text("存在手机里的记录都在，不会丢")).to_be_visible()
    expect(phone.status).to_contain_text("1 条待上传")
    phone.reopen()
    expect(phone.status).to_contain_text("1 条待上传")


def test_a_suspended_phone_sends_again_when_it_is_resumed(phone: Phone) -> None:
    phone.settle()
    device = phone.town.device_of(phone.courier)
    ingest.suspend_device(device=device, ground="查找中", **phone.town.by)
    phone.visit(phone.name(3))
    expect(phone.page.get_by_text("这部手机已停止上传")).to_be_visible()
    ingest.resume_device(device=device, ground="找到了", **phone.town.by)
    phone.settle()
    assert len(phone.visits()) == 1


def test_a_replaced_phone_hands_over_and_its_late_facts_still_come_in(phone: Phone, new_phone: Make) -> None:
    phone.settle()
    with phone.offline():
        phone.visit(phone.name(3))
    code = ingest.replace_device(device=phone.town.device_of(phone.courier), **phone.town.by)
    newer = new_phone(phone.courier)
    newer.enrol(code)
    expect(newer.title).to_contain_text("今天 5 个村")
    phone.settle()
    assert len(phone.visits()) == 1


def test_a_file_goes_out_and_comes_back_in(phone: Phone) -> None:
    phone.settle()
    with phone.offline():
        phone.visit(phone.name(3))
        name, key = phone.export()
        assert b"letters" not in name.read_bytes()
        phone.import_file(name, key)
        expect(phone.toast).to_contain_text("恢复了 0 条")
        phone.import_file(name, "WRONG-KEY")
        expect(phone.page.get_by_role("alertdialog")).to_contain_text("口令不对")
        phone.press("知道了")
    phone.settle()
    assert len(phone.visits()) == 1


def test_a_copied_file_sent_from_another_phone_stays_the_first_ones_and_counts_once(
    phone: Phone, new_phone: Make
) -> None:
    phone.set_out()
    with phone.offline():
        phone.visit(phone.name(3))
        file, key = phone.export()
        other = new_phone().enrol()
        other.settle()
        other.import_file(file, key)
        expect(other.toast).to_contain_text("恢复了 1 条")
        other.settle()
    phone.settle()
    [visit] = phone.visits()
    assert visit["device"] == phone.town.device_of(phone.courier).identifier
    assert other.visits() == []
    phone.eventually(lambda: Visit.objects.filter(courier_id=phone.courier.pk).count() == 1)


def test_a_copied_file_of_a_revoked_phone_goes_nowhere(phone: Phone, new_phone: Make) -> None:
    phone.set_out()
    phone.context.set_offline(True)
    phone.visit(phone.name(3))
    file, key = phone.export()
    ingest.revoke_device(device=phone.town.device_of(phone.courier), ground="丢失", **phone.town.by)
    other = new_phone().enrol()
    other.settle()
    other.import_file(file, key)
    expect(other.page.get_by_text("这部手机已停止上传")).to_be_visible()
    assert phone.visits() == other.visits() == []
