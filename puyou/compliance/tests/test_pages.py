"""The pages of excuses, as people of a place, of another place and of a company see them."""

from datetime import timedelta

import pytest

from puyou.compliance.models import Excuse
from puyou.compliance.tests import cast
from puyou.compliance.tests.test_actions import MONDAY, on, people, propose, standing, village  # noqa: F401
from puyou.core import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(client, people):  # noqa: F811
    def enter(name):
        client.force_login(people[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    with on(MONDAY + timedelta(days=8)):
        yield enter


def fields(place, **more):
    values = {
        "places": place.code,
        "valid_from": "2026-11-16",
        "valid_to": "2026-11-23",
        "ground": "flood",
        "document": "甲〔2026〕1号",
    }
    return values | more


class TestList:
    def test_it_lists_what_lies_in_scope(self, visit, village, people):  # noqa: F811
        propose(village, people["clerk"])
        page = visit("officer").get("/compliance/excuses/").content.decode()
        assert village.name in page
        assert "1 条待批准" in page

    def test_another_province_cannot_see_it(self, visit, village, people):  # noqa: F811
        propose(village, people["clerk"])
        assert village.name not in visit("stranger").get("/compliance/excuses/").content.decode()


class TestCreate:
    def test_one_notice_covers_several_places(self, visit, village):  # noqa: F811
        others = cast.villages_of("520102", 3)
        codes = "\n".join(each.code for each in others)
        answer = visit("clerk").post("/compliance/excuses/new/", fields(village, places=codes))
        assert answer.status_code == 302
        assert Excuse.objects.filter(status="proposed").count() == 3
        assert len(set(Excuse.objects.values_list("notice", flat=True))) == 1

    def test_a_wrong_place_or_wrong_days_are_told_at_the_field(self, visit, village):  # noqa: F811
        enter = visit("clerk")
        answer = enter.post("/compliance/excuses/new/", fields(village, places="99"))
        assert answer.status_code == 422
        answer = enter.post("/compliance/excuses/new/", fields(village, valid_to="2026-11-16"))
        assert "恢复日期须晚于起始日期" in answer.content.decode()
        assert Excuse.objects.count() == 0

    def test_another_province_cannot_ask_for_it(self, visit, village):  # noqa: F811
        answer = visit("stranger").post("/compliance/excuses/new/", fields(village))
        assert answer.status_code == 403
        assert Excuse.objects.count() == 0


class TestDetail:
    def test_an_officer_approves_and_the_week_is_judged_again(self, visit, village, people):  # noqa: F811
        excuse = propose(village, people["clerk"])
        enter = visit("officer")
        page = enter.get(f"/compliance/excuses/{excuse.pk}/").content.decode()
        assert "批准" in page
        answer = enter.post(f"/compliance/excuses/{excuse.pk}/approval/", {"note": "属实"})
        assert answer.status_code == 302
        assert standing(village, today=clock.today()) == "excused"

    def test_the_proposer_is_refused_and_told_why(self, visit, village, people):  # noqa: F811
        excuse = propose(village, people["officer"])
        answer = visit("officer").post(f"/compliance/excuses/{excuse.pk}/approval/", {})
        assert answer.status_code == 403
        assert "不能审批本人或本企业" in answer.content.decode()

    def test_a_whole_notice_is_approved_at_once(self, visit, village, people):  # noqa: F811
        codes = "\n".join(each.code for each in cast.villages_of("520102", 3))
        visit("clerk").post("/compliance/excuses/new/", fields(village, places=codes))
        excuse = Excuse.objects.order_by("pk").first()
        visit("officer").post(f"/compliance/excuses/{excuse.pk}/approval/", {"whole": "1"})
        assert Excuse.objects.filter(status="approved").count() == 3

    def test_a_rejection_needs_a_reason(self, visit, village, people):  # noqa: F811
        excuse = propose(village, people["clerk"])
        enter = visit("officer")
        assert enter.post(f"/compliance/excuses/{excuse.pk}/rejection/", {}).status_code == 422
        assert (
            enter.post(f"/compliance/excuses/{excuse.pk}/rejection/", {"note": "不属实"}).status_code == 302
        )
        assert Excuse.objects.get().status == "rejected"

    def test_the_proposer_withdraws(self, visit, village, people):  # noqa: F811
        excuse = propose(village, people["clerk"])
        assert visit("clerk").post(f"/compliance/excuses/{excuse.pk}/withdrawal/").status_code == 302
        assert Excuse.objects.get().status == "withdrawn"

    @pytest.mark.parametrize("door", ["", "approval/", "rejection/", "withdrawal/"])
    def test_another_province_cannot_open_or_decide(self, visit, village, people, door):  # noqa: F811
        excuse = propose(village, people["clerk"])
        enter = visit("stranger")
        address = f"/compliance/excuses/{excuse.pk}/{door}"
        answer = enter.post(address, {"note": "x"}) if door else enter.get(address)
        assert answer.status_code == 404
        assert Excuse.objects.get().status == "proposed"
