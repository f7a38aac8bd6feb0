"""The office: notices issued, printed, ended by regulators only; words listed in scope; shown where officers judge."""

from datetime import datetime, timedelta

import pytest

from puyou.fieldwork.tests.cast import come
from puyou.portal.tests.conftest import COUNTY, NOW, TODAY
from puyou.registry import actions as registry
from puyou.registry.models import Village
from puyou.registry.queries import TagSaid, tag_states
from puyou.registry.tests.conftest import START, villages_under
from puyou.villagers import actions, queries
from puyou.villagers.models import NoticeCode
from puyou.visits.models import Visit


def say(code, device: str, said: str = "absent", now: datetime = NOW):
    return actions.give_word(
        code=code, said=said, day=TODAY, device=device, address=f"net-{device}", by="public", now=now
    )


def test_a_notice_is_issued_printed_and_listed(officer, village):
    answer = officer.post("/portal/notices/new/", {"code": village.code, "hangs": "station"}, follow=True)
    page = answer.content.decode()
    text = queries.code_text(NoticeCode.objects.get())
    assert "<svg" in page and village.name in page and text in page and "村邮站" in page
    assert "今天邮件来了吗" in page and 'class="notice-sheet a4"' in page
    assert (
        'class="notice-sheet a5"'
        in officer.get(f"/portal/notices/sheet/?place={village.code}&size=a5").content.decode()
    )
    assert text in officer.get("/portal/notices/").content.decode()
    book = officer.get("/portal/notices/?format=csv")
    assert text in b"".join(book).decode()


def test_a_township_gets_one_for_each_village_that_has_none(officer, village):
    for place in villages_under(COUNTY, 6):
        Village.objects.get_or_create(place=place)
    within = Village.objects.filter(place__parent=village.parent).count()
    officer.post("/portal/notices/new/", {"code": village.code, "hangs": "shop"})
    officer.post("/portal/notices/new/", {"code": village.parent.code, "hangs": "committee"})
    assert NoticeCode.objects.count() == within and within > 1
    again = officer.post(
        "/portal/notices/new/", {"code": village.parent.code, "hangs": "committee"}, follow=True
    )
    assert "都已有公示码" in again.content.decode()


@pytest.mark.parametrize("code", ["52", "abc", "", "999999999999", "<b>"])
def test_only_villages_and_townships_get_notices(officer, code):
    answer = officer.post("/portal/notices/new/", {"code": code, "hangs": "shop"})
    assert answer.status_code == 422 and not NoticeCode.objects.exists()


def test_a_company_issues_but_does_not_end(manager, officer, village):
    assert manager.post("/portal/notices/new/", {"code": village.code, "hangs": "shop"}).status_code == 302
    code = NoticeCode.objects.get()
    assert manager.post(f"/portal/notices/{code.pk}/end/", {"ground": "不想让看"}).status_code == 403
    assert officer.post(f"/portal/notices/{code.pk}/end/", {"ground": ""}).status_code == 422
    assert officer.post(f"/portal/notices/{code.pk}/end/", {"ground": "被撕毁"}).status_code == 302
    assert officer.post(f"/portal/notices/{code.pk}/end/", {"ground": "又一次"}).status_code == 422
    assert "没有在用的公示码" in officer.get("/portal/notices/sheet/").content.decode()


def test_another_city_cannot(stranger, officer, code, village):
    say(code, "a")
    assert stranger.post("/portal/notices/new/", {"code": village.code, "hangs": "shop"}).status_code == 403
    assert stranger.post(f"/portal/notices/{code.pk}/end/", {"ground": "无"}).status_code == 404
    for page in ("notices/", "notices/sheet/", "words/"):
        assert stranger.get(f"/portal/{page}?place={village.code}").status_code == 403
        assert village.name not in stranger.get(f"/portal/{page}").content.decode()


@pytest.mark.parametrize("page", ["notices/", "notices/new/", "notices/sheet/", "words/"])
def test_the_office_signs_in(client, db, page):
    assert "/login/" in client.get(f"/portal/{page}")["Location"]


def visit_of(village, hour: int) -> Visit:
    """A visit claimed today at an hour."""
    courier = registry.register_courier(number="K1", name="张三", valid_from=START, by="t", now=NOW)
    come(courier, [village], at=NOW.replace(hour=hour - 8))
    return Visit.objects.get(place_id=village.pk, day=TODAY)


def test_words_stand_beside_the_visits_claimed_that_day(officer, code, village):
    say(code, "a")
    page = officer.get("/portal/words/").content.decode()
    assert village.name in page and "没来" in page and "没有打卡" in page
    visit_of(village, 9)
    assert "有打卡" in officer.get("/portal/words/").content.decode()
    assert village.name in officer.get("/portal/words/?beside=yes").content.decode()
    assert "还没有村民反映" in officer.get("/portal/words/?beside=no").content.decode()
    assert "还没有村民反映" in officer.get("/portal/words/?said=came").content.decode()


def test_an_officer_sees_the_words_where_the_visit_is_decided(officer, code, village):
    visit = visit_of(village, 9)
    quiet = officer.get(f"/reviews/{visit.pk}/").content.decode()
    assert "村民反映" not in quiet
    say(code, "early", now=NOW.replace(hour=0, minute=30))  # 08:30, before the visit
    page = officer.get(f"/reviews/{visit.pk}/").content.decode()
    assert "1 人次反映没来，其中打卡之后 0 人次" in page and "值得一看" not in page
    say(code, "late-1", now=NOW)
    say(code, "late-2", now=NOW + timedelta(minutes=5))
    page = officer.get(f"/reviews/{visit.pk}/").content.decode()
    assert "其中打卡之后 2 人次" in page and "值得一看" in page


def test_the_village_page_tells_what_its_people_said(officer, code, village):
    before = officer.get(f"/atlas/{village.code}/")
    assert "村民反映" not in before.content.decode()
    say(code, "a")
    say(code, "b", "came")
    page = officer.get(f"/atlas/{village.code}/").content.decode()
    assert "1 人次反映没来，1 人次反映来了" in page and "11.20 周五" in page


def test_the_live_part_of_the_village_page_notices_a_word(officer, code, village):
    first = officer.get(f"/atlas/{village.code}/live/")
    assert (
        officer.get(f"/atlas/{village.code}/live/", headers={"If-None-Match": first["ETag"]}).status_code
        == 304
    )
    say(code, "a")
    moved = officer.get(f"/atlas/{village.code}/live/", headers={"If-None-Match": first["ETag"]})
    assert moved.status_code == 200 and "1 人次反映没来" in moved.content.decode()


def test_the_notice_code_is_no_tag_for_a_courier(code, village):
    text = queries.code_text(code)
    said = [TagSaid(text, village.pk, TODAY), TagSaid(f"https://x.test/v/{text}/", village.pk, TODAY)]
    assert tag_states(said) == [2, 2]  # forged


def test_unknown_notices_are_not_found(officer):
    assert officer.get("/portal/notices/999999/end/").status_code == 404
