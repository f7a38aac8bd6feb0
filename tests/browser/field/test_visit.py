"""A visit: three taps, an honest nothing, a shared point, photos, tags, and every refusal of a permission."""

import hashlib
import time
from collections.abc import Callable

from playwright.sync_api import expect

from puyou.core import clock
from puyou.evidence import storage
from puyou.registry import actions as registry
from tests.browser.field.phone import Phone

Make = Callable[..., Phone]
COUNT_TAPS = (
    "window.taps = 0; addEventListener('click', (event) => { if (event.isTrusted) window.taps += 1; }, true)"
)


def test_a_visit_takes_three_taps_and_at_most_ten_seconds(phone: Phone) -> None:
    phone.page.evaluate(COUNT_TAPS)
    began = time.monotonic()
    phone.arrive()
    phone.press("信件加一")
    phone.press("完成")
    expect(phone.toast).to_contain_text("已存在手机里：")
    took = time.monotonic() - began
    assert phone.page.evaluate("window.taps") == 3
    print(f"a visit took {took:.1f} s")  # noqa: T201
    assert took < 10
    phone.wait_sent()
    [visit] = phone.visits()
    assert visit["payload"]["handed"] == {"letters": 1}
    assert visit["payload"]["position"]["accuracy_m"] == 15


def test_nothing_today_is_one_honest_button(phone: Phone) -> None:
    phone.arrive(phone.name(3))
    phone.press("今日无邮件")
    phone.finish()
    phone.wait_sent()
    [visit] = phone.visits()
    assert visit["payload"]["nothing_today"] is True and "handed" not in visit["payload"]
    assert visit["payload"]["village"] == phone.villages[3].code


def test_it_never_says_submitted_before_the_receipt(phone: Phone) -> None:
    with phone.offline():
        phone.visit(phone.name(3))
        expect(phone.page.get_by_text("已提交")).to_have_count(0)
        expect(phone.page.locator(".village.served")).to_contain_text("已存在手机里")
        expect(phone.status).to_contain_text("条待上传")
    expect(phone.page.locator(".village.served")).to_contain_text("已提交", timeout=20_000)


def test_one_arrival_serves_the_villages_of_a_shared_point(phone: Phone) -> None:
    phone.arrive(phone.name(0))
    phone.page.get_by_label(phone.name(1)).check()
    phone.press("信件加一")
    phone.page.get_by_role("tab", name=phone.name(1)).click()
    phone.press("包裹加一")
    phone.page.get_by_label(phone.name(2)).check()
    phone.press("完成")
    expect(phone.page.get_by_role("alertdialog")).to_contain_text(f"{phone.name(2)}没有填数量")
    phone.press("是，今日无邮件")
    expect(phone.toast).to_contain_text("已存在手机里：")
    phone.wait_sent()
    by_village = {visit["payload"]["village"]: visit["payload"] for visit in phone.visits()}
    first, second, third = (by_village[phone.villages[number].code] for number in (0, 1, 2))
    assert first["stop"] == second["stop"] == third["stop"] and first["point"] == f"P-{phone.courier.number}"
    assert first["handed"] == {"letters": 1} and second["handed"] == {"parcels": 1}
    assert third["nothing_today"] is True


def test_a_village_off_the_list_is_found_and_marked_unplanned(phone: Phone) -> None:
    phone.go("#/search")
    phone.page.get_by_label("找村").fill(phone.name(5)[:2])
    phone.press("在全县找")
    phone.page.locator(f"a[href='#/arrived/{phone.villages[5].code}']").click()
    phone.press("今日无邮件")
    phone.finish()
    phone.wait_sent()
    [visit] = phone.visits()
    assert visit["payload"]["unplanned"] is True


def test_what_was_written_survives_the_app_being_killed(phone: Phone) -> None:
    phone.arrive(phone.name(3))
    phone.write("信件加一")
    phone.write("信件加一")
    phone.reopen()
    expect(phone.page.get_by_text("还没写完")).to_be_visible()
    phone.follow("接着写")
    expect(phone.page.get_by_label("信件件数")).to_have_value("2")
    phone.finish()


def test_a_photo_is_hashed_at_capture_small_and_without_exif(phone: Phone) -> None:
    phone.arrive()
    phone.press("拍交接单")
    phone.press("拍照")
    expect(phone.page.get_by_alt_text("第 1 张照片")).to_be_visible()
    held = phone.page.evaluate(
        """async () => {
          const image = document.querySelector(".photos img");
          await image.decode();
          return [image.naturalWidth, image.naturalHeight];
        }"""
    )
    assert 0 < max(held) <= 1600
    phone.press("信件加一")
    phone.finish()
    phone.wait_sent()
    [visit] = phone.visits()
    [photo] = visit["payload"]["photos"]
    assert photo["role"] == "slip"
    picture = storage.read(photo["sha256"])
    assert picture
    assert hashlib.sha256(picture).hexdigest() == photo["sha256"]
    assert picture[:2] == b"\xff\xd8" and b"Exif" not in picture


def test_without_leave_to_know_the_place_a_visit_is_kept_and_says_so(new_phone: Make) -> None:
    phone = new_phone(position=False)
    phone.enrol()
    phone.agree()
    phone.visit()
    phone.wait_sent()
    [visit] = phone.visits()
    assert visit["payload"].get("position") is None
    assert visit["payload"]["permission"]["position"] == "denied"


def test_who_does_not_agree_is_not_positioned_and_delivers_all_the_same(new_phone: Make) -> None:
    phone = new_phone()
    phone.enrol()
    phone.follow("看告知书")
    phone.press("不同意")
    expect(phone.page.get_by_text("没有同意定位，不取位置")).to_be_visible()
    phone.visit()
    phone.wait_sent()
    [visit] = phone.visits()
    assert visit["payload"].get("position") is None


def test_a_refused_camera_does_not_stop_a_visit(phone: Phone) -> None:
    phone.page.evaluate(
        "() => { navigator.mediaDevices.getUserMedia = () =>"
        " Promise.reject(new DOMException('no', 'NotAllowedError')); }"
    )
    phone.arrive()
    phone.press("拍交接单")
    expect(phone.page.get_by_role("alertdialog")).to_contain_text("没有照片也可以完成到村记录")
    with phone.page.expect_file_chooser() as chooser:
        phone.press("知道了")
    chooser.value.set_files({"name": "x.txt", "mimeType": "image/jpeg", "buffer": b"not a picture"})
    expect(phone.page.get_by_role("alertdialog")).to_contain_text("照片无法读取")
    phone.press("知道了")
    phone.press("信件加一")
    phone.finish()


def test_the_villages_tag_opens_its_visit_and_goes_along(phone: Phone) -> None:
    village = phone.villages[4]
    tag = registry.issue_tag(place=village, valid_from=phone.town.first, by="system:tests", now=clock.now())
    text = phone.town.tag_text(tag)
    phone.open(f"#tag={text}")
    phone.page.reload()
    phone.unlock()
    expect(phone.title).to_contain_text(village.name)
    expect(phone.page.get_by_role("button", name="村码已扫 ✓")).to_be_visible()
    phone.press("今日无邮件")
    phone.finish()
    phone.wait_sent()
    [visit] = phone.visits()
    assert visit["payload"]["tag"] == text


def test_positioning_runs_only_between_setting_out_and_coming_home(phone: Phone) -> None:
    expect(phone.page.get_by_text("还没出班，不定位")).to_be_visible()
    phone.press("出班（开始记路线）")
    expect(phone.page.get_by_text("误差 15 米")).to_be_visible()
    phone.press("收班")
    expect(phone.page.get_by_text("还没出班，不定位")).to_be_visible()
    phone.wait_sent()
    marks = [one["payload"]["event"] for one in phone.envelopes() if one["kind"] == "round_mark"]
    assert marks == ["start", "end"]
