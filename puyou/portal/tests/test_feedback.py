"""The public reports a problem without a script, follows it by number and code, and nobody else does."""

import io
import re
from datetime import timedelta
from html import unescape
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from puyou.cases.feedback import actions as feedback
from puyou.cases.feedback.models import Report
from puyou.cases.feedback.tests.cast import World
from puyou.cases.tests.cast import do
from puyou.core import clock
from puyou.places.queries import get_place
from puyou.portal import throttling
from puyou.portal.tests.conftest import NOW

HOSTILE = '<script>alert(1)</script>{{ 7*7 }}=HYPERLINK("http://x") \' OR 1=1 --'


@pytest.fixture(autouse=True)
def _more_buckets() -> None:
    for throttle in (throttling.GUESSING_NUMBER, throttling.FILING):
        throttle._levels.clear()


@pytest.fixture
def place(officer):
    """A county with an office that takes reports in."""
    return get_place("520526")


def hidden(page: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', page)}


def opened(phone: Client, place, category: str = "outlet_closed", **more: str) -> dict[str, str]:
    """The fields of a form just opened, at a place or at a notice."""
    where = more or {"place": place.code}
    answer = phone.get("/portal/feedback/new/", {"category": category, **where})
    assert answer.status_code == 200
    said = hidden(answer.content.decode())
    return {name: said[name] for name in ("csrfmiddlewaretoken", "ticket")}


def send(phone: Client, form: dict, text: str = "下午两点网点没有开门", seconds: int = 30, **more):
    with clock.frozen(NOW + timedelta(seconds=seconds)):
        return phone.post("/portal/feedback/new/", form | {"text": text} | more)


def picture(name: str = "门.jpg") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "gray").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def filed(phone: Client, place, **more) -> tuple[str, str]:
    """A report filed; its number and code as the receipt shows them."""
    answer = send(phone, opened(phone, place), **more)
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    page = phone.get("/portal/feedback/receipt/").content.decode()
    return re.findall(r'id="number">([^<]+)<', page)[0], re.findall(r'id="code">([^<]+)<', page)[0]


def followed(phone: Client, number: str, code: str):
    page = phone.get("/portal/feedback/track/").content.decode()
    said = {"csrfmiddlewaretoken": hidden(page)["csrfmiddlewaretoken"], "number": number, "code": code}
    return phone.post("/portal/feedback/track/", said)


def step(phone: Client, kind: str, **said: str):
    token = hidden(phone.get("/portal/feedback/report/").content.decode())["csrfmiddlewaretoken"]
    return phone.post(f"/portal/feedback/report/{kind}/", {"csrfmiddlewaretoken": token, **said})


class TestFiling:
    def test_place_category_words_and_a_receipt(self, phone, place):
        found = phone.get("/portal/feedback/", {"q": "威宁"}).content.decode()
        assert f"?place={place.code}" in found
        groups = phone.get("/portal/feedback/", {"place": place.code}).content.decode()
        assert "网点未按公示时间营业" in groups
        number, code = filed(phone, place, contact="13900000000", attribute_outlet="草海支局")
        report = Report.objects.get()
        assert (report.tracking, report.source, report.place, report.contact) == (
            number, Report.Source.PUBLIC, place, "13900000000",
        )  # fmt: skip
        assert report.attributes == {"outlet": "草海支局"} and report.hidden and code

    def test_from_a_notice_it_is_of_that_village(self, phone, address, village, officer):
        text = address.strip("/").split("/")[1]
        assert f"?v={text}" in phone.get(address).content.decode()
        assert send(phone, opened(phone, None, "village_not_served", v=text), "三天没来").status_code == 302
        report = Report.objects.get()
        assert (report.source, report.place) == (Report.Source.VILLAGE_CODE, village)

    def test_a_double_click_is_one_report(self, phone, place):
        form = opened(phone, place)
        assert [send(phone, form).status_code for _ in range(2)] == [302, 302]
        assert Report.objects.count() == 1

    def test_photos_are_safe_though_the_words_were_not(self, phone, place):
        form = opened(phone, place)
        again = send(phone, form, text="", photos=[picture()])
        page = again.content.decode()
        assert again.status_code == 422 and "已保存 1 张照片" in page
        assert send(phone, form | {"ticket": hidden(page)["ticket"]}, seconds=90).status_code == 302
        assert len(Report.objects.get().photos) == 1

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"text": "长" * 2001}, "2000"),
            ({"text": "长" * 10_000}, "2000"),
            ({"text": " "}, "请写一写"),
            ({"photos": [SimpleUploadedFile("a.svg", b"<svg onload=alert(1)>", "image/svg+xml")]}, "a.svg"),
            ({"photos": [SimpleUploadedFile("a.jpg", b"MZ", "image/jpeg")]}, "a.jpg"),
            ({"photos": [picture(f"{at}.jpg") for at in range(7)]}, "至多 6 张"),
            ({"contact": "长" * 101}, "100"),
        ],
    )
    def test_what_does_not_fit_is_told_and_what_was_written_stays(self, phone, place, changes, said):
        answer = send(phone, opened(phone, place), **changes)
        page = answer.content.decode()
        assert answer.status_code == 422 and said in page and not Report.objects.exists()
        assert changes.get("text", "下午两点网点没有开门").strip()[:50] in page

    def test_hostile_words_stay_words(self, phone, place):
        number, code = filed(phone, place, text=HOSTILE)
        assert Report.objects.get().text == HOSTILE
        assert followed(phone, number, code).status_code == 302
        page = phone.get("/portal/feedback/report/").content.decode()
        assert "<script>alert" not in page and "&lt;script&gt;" in page and "{{ 7*7 }}" in page

    def test_too_fast_is_asked_again_and_a_robot_is_refused(self, phone, place):
        form = opened(phone, place)
        fast = send(phone, form, seconds=1)
        assert fast.status_code == 422 and "内容都在" in fast.content.decode()
        assert send(phone, form, website="http://x").status_code == 422
        assert not Report.objects.exists()

    def test_a_form_of_ones_own_making_is_refused(self, phone, place):
        form = opened(phone, place)
        assert send(phone, form | {"ticket": "made-up"}).status_code == 400
        assert send(Client(enforce_csrf_checks=True), form).status_code == 403

    def test_a_large_body_is_refused_by_its_head(self, phone, place):
        big = phone.post(
            "/portal/feedback/new/", b"", content_type="text/plain", CONTENT_LENGTH=str(200 * 1024**2)
        )
        assert big.status_code == 413 and "没有接收" in big.content.decode()

    def test_filing_is_limited_by_address(self, phone, place):
        answers = [send(phone, opened(phone, place)).status_code for _ in range(11)]
        assert answers == [302] * 10 + [429] and Report.objects.count() == 10

    @pytest.mark.parametrize(
        "query", [{"place": "999999"}, {"place": "52", "category": "x"}, {"v": "made-up"}]
    )
    def test_nonsense_in_the_address_breaks_nothing(self, phone, place, query):
        assert phone.get("/portal/feedback/new/", query).status_code in (302, 404, 422)
        assert phone.get("/portal/feedback/", query).status_code in (200, 404, 422)

    def test_a_position_finds_its_place_and_is_not_kept(self, phone, place):
        token = hidden(phone.get("/portal/feedback/").content.decode())["csrfmiddlewaretoken"]
        for lon, lat in (("x", "1"), ("0", "0")):
            answer = phone.post(
                "/portal/feedback/here/", {"csrfmiddlewaretoken": token, "lon": lon, "lat": lat}
            )
            assert answer.status_code in (302, 400)
        found = phone.post(
            "/portal/feedback/here/", {"csrfmiddlewaretoken": token, "lon": "104.28", "lat": "26.86"}
        )
        assert found.status_code == 302 and "place=5205" in found["Location"]


class TestFollowing:
    def test_the_receipt_is_shown_to_this_browser_for_a_while_only(self, phone, place):
        filed(phone, place)
        assert Client().get("/portal/feedback/receipt/").status_code == 410

    @pytest.mark.parametrize("wrong", ["number", "code"])
    def test_both_must_be_right_and_guessing_ends(self, phone, place, wrong):
        number, code = filed(phone, place)
        guess = (number, "AAAA-AAAA") if wrong == "code" else ("XX2026000000", code)
        other = Client(enforce_csrf_checks=True)
        answers = [followed(other, *guess).status_code for _ in range(12)]
        assert answers[0] == 404 and answers[-1] == 429
        assert other.get("/portal/feedback/report/").status_code == 302

    def test_it_is_followed_however_the_code_is_spelt(self, phone, place):
        number, code = filed(phone, place)
        assert followed(phone, number.lower(), code.replace("-", "").lower()).status_code == 302
        page = phone.get("/portal/feedback/report/").content.decode()
        assert "已收到，待受理" in page and "撤回反映" in page

    def test_the_loop_to_the_reporters_own_word(self, phone, place):
        world = World()
        number, code = filed(phone, place, contact="13900000000")
        followed(phone, number, code)
        case = Report.objects.select_related("case").get().case
        later = NOW + timedelta(hours=2)
        for _, action, who, data in world.way():
            if case.state == "confirming":
                break
            case = do(case, action, who, later, **data)
        page = phone.get("/portal/feedback/report/").content.decode()
        assert "问题解决了吗" in page and "13900000000" not in page
        assert step(phone, "confirm").status_code == 422
        assert step(phone, "confirm", fixed="yes", text="已恢复").status_code == 302
        assert step(phone, "rate", score="5").status_code == 302
        case.refresh_from_db()
        assert case.outcome == "verified" and Report.objects.get().ratings.get().score == 5

    def test_it_is_withdrawn_and_left(self, phone, place):
        followed(phone, *filed(phone, place))
        assert step(phone, "withdraw").status_code == 302
        again = step(phone, "withdraw")
        assert (again.status_code, Report.objects.get().case.outcome) == (302, "withdrawn")
        assert step(phone, "leave").status_code == 302
        assert phone.get("/portal/feedback/report/").status_code == 302
        assert phone.post("/portal/feedback/report/confirm/").status_code == 403

    def test_nobody_follows_by_a_cookie_of_his_own(self, phone, place):
        filed(phone, place)
        phone.cookies["followed"] = str(Report.objects.get().client_id)
        assert phone.get("/portal/feedback/report/").status_code == 302


def test_the_company_never_finds_who_reported(phone, place):
    world = World()
    filed(phone, place, text="我是欧阳监督，电话13985012345，网点关门", contact="13985012345")
    report = Report.objects.select_related("case").get()
    case = do(report.case, "accept", world.officer, NOW)
    do(case, "dispatch", world.officer, NOW)
    client = Client()
    client.force_login(world.company_user, backend="django.contrib.auth.backends.ModelBackend")
    with clock.frozen(NOW):
        page = client.get(f"/cases/{case.pk}/").content.decode()
    assert "13985012345" not in page and report.tracking not in page
    assert feedback and UUID(str(report.client_id)).version == 4
