"""Pages of the review desk: who sees which visits, what they say, who may decide."""

import csv
import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from puyou.core import clock
from puyou.places import queries as places
from puyou.visits import actions, rules
from puyou.visits.models import Review, Visit
from puyou.visits.tests import cast
from puyou.visits.tests.cast import NOW, Message

pytestmark = pytest.mark.django_db
WEEK = "2026-W41"


@pytest.fixture(autouse=True)
def frozen() -> Any:
    with clock.frozen(NOW):
        yield


@pytest.fixture
def visit() -> Visit:
    person, phone = cast.courier()
    village = cast.villages(1)[0]
    cast.confirm_point(village, 106.7, 26.6)
    far = {"lon": 108.5, "lat": 27.9, "accuracy_m": 10}
    cast.send(
        Message(village, courier=person.pk, device=phone.pk, position=far),
        Message(village, NOW - timedelta(hours=5), person.pk, phone.pk),
    )
    actions.take_in_pending(now=NOW)
    return Visit.objects.get(counting=False)


def signed_in(code: str, *permissions: str) -> Client:
    client = Client()
    client.force_login(cast.officer(f"officer{code}", places.get_place(code), *permissions), cast.BACKEND)
    return client


class TestList:
    def test_it_tells_what_counts_and_why_not(self, visit: Visit) -> None:
        page = signed_in("52").get(f"/visits/?week={WEEK}").content.decode()
        assert "离村点过远，不计入" in page and "当日重复到村" in page and f"/visits/{visit.pk}/" in page

    @pytest.mark.parametrize("query, rows", [
        ("finding=too_far", 1), ("finding=any", 2), ("finding=stale", 0), ("counting=yes", 1), ("counting=no", 1),
        ("review=none", 2), ("review=rejected", 0), ("review=waiting", 1),
        ("source=app", 2), ("source=pda", 0), ("finding=nonsense", 0),
    ])  # fmt: skip
    def test_it_narrows(self, visit: Visit, query: str, rows: int) -> None:
        page = signed_in("52").get(f"/visits/?week={WEEK}&{query}").content.decode()
        assert len(re.findall(r'href="/visits/[0-9a-f]{8}-', page)) == rows

    def test_it_exports_what_it_shows(self, visit: Visit) -> None:
        response = signed_in("52").get(f"/visits/?week={WEEK}&format=csv")
        text = (
            b"".join(response.streaming_content).decode("utf-8-sig")
            if response.streaming
            else response.content.decode("utf-8-sig")
        )  # type: ignore[attr-defined]
        assert sum("投递员K1" in ",".join(row) for row in csv.reader(text.splitlines())) == 2

    def test_another_week_is_empty_and_no_week_is_refused(self, visit: Visit) -> None:
        client = signed_in("52")
        assert "没有符合条件" in client.get("/visits/?week=2026-W30").content.decode()
        assert client.get("/visits/?week=soon").status_code == 400

    def test_another_city_cannot(self, visit: Visit) -> None:
        client = signed_in("5203", "visits.review")
        assert f"/visits/{visit.pk}/" not in client.get(f"/visits/?week={WEEK}").content.decode()
        assert client.get(f"/visits/?week={WEEK}&place=520102").status_code in (403, 404)

    def test_nobody_unknown_can(self, visit: Visit) -> None:
        assert Client().get("/visits/").status_code == 302


class TestDesk:
    def test_its_queue_looks_four_weeks_back_gravest_first(self, visit: Visit) -> None:
        person, phone = cast.courier("K2", "D2")
        other, _ = cast.courier("K3", "D3")
        village = cast.villages(2)[1]
        cast.send(
            Message(village, NOW - timedelta(hours=1), other.pk, phone.pk),
            Message(village, NOW - timedelta(days=20), other.pk, phone.pk),
            Message(village, NOW - timedelta(days=40), other.pk, phone.pk),
        )
        actions.take_in_pending(now=NOW)
        page = signed_in("52").get("/visits/?review=waiting").content.decode()
        found = re.findall(r'href="/visits/([0-9a-f-]{36})/"', page)
        assert len(found) == 3 and found[0] == str(visit.pk)
        days = [Visit.objects.get(pk=each).day for each in found[1:]]
        assert days == sorted(days, reverse=True)
        assert (
            '待审核 <span class="figure">3</span> 条' in page and '<span class="figure">1</span> 条' in page
        )

    def test_what_was_reviewed_leaves_it(self, visit: Visit) -> None:
        reviewer = cast.officer("r", places.get_place("52"), "visits.review")
        actions.review_visit(visit=visit, decision="accepted", ground="", by=reviewer, now=NOW)
        page = signed_in("5201").get("/visits/?review=waiting").content.decode()
        assert "没有待审核的打卡" in page and f"/visits/{visit.pk}/" not in page

    def test_another_city_has_another_queue(self, visit: Visit) -> None:
        page = signed_in("5203", "visits.review").get("/visits/?review=waiting").content.decode()
        assert "没有待审核的打卡" in page and f"/visits/{visit.pk}/" not in page

    def test_its_index_holds_just_what_is_grave(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'visits_visit_grave'")
            assert f"(findings & {rules.GRAVE}) > 0" in cursor.fetchone()[0]


class TestDetail:
    def test_it_says_the_findings_in_words(self, visit: Visit) -> None:
        page = signed_in("52").get(f"/visits/{visit.pk}/").content.decode()
        assert "距已确认的村点超过规定限值" in page and "<textarea" not in page

    def test_a_reviewer_is_led_to_the_desk(self, visit: Visit) -> None:
        link = f'href="/reviews/{visit.pk}/"'
        assert link in signed_in("52", "visits.review").get(f"/visits/{visit.pk}/").content.decode()
        assert link not in signed_in("5201").get(f"/visits/{visit.pk}/").content.decode()

    def test_nobody_decides_here(self, visit: Visit) -> None:
        client = signed_in("52", "visits.review")
        response = client.post(f"/visits/{visit.pk}/", {"decision": "rejected", "ground": "无"})
        assert response.status_code == 405 and not Review.objects.exists()

    def test_another_city_cannot(self, visit: Visit) -> None:
        client = signed_in("5203", "visits.review")
        assert client.get(f"/visits/{visit.pk}/").status_code in (403, 404)

    def test_an_unknown_visit_is_not_found(self) -> None:
        assert signed_in("52").get(f"/visits/{uuid.uuid4()}/").status_code == 404
