"""Couriers who give too few positions: when a review opens, who may close it, who sees it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from puyou.accounts.scopes import Scope
from puyou.core import clock
from puyou.core.models import Event
from puyou.core.problems import Problem
from puyou.places import queries as places
from puyou.registry.models import Courier
from puyou.visits import actions, queries
from puyou.visits.models import PositionReview
from puyou.visits.tests import cast
from puyou.visits.tests.cast import NOW, Message

pytestmark = pytest.mark.django_db
NEAR = {"lon": 106.7, "lat": 26.6, "accuracy_m": 10}
PAGE = "/visits/couriers/"


@pytest.fixture(autouse=True)
def frozen() -> Any:
    with clock.frozen(NOW):
        yield


@pytest.fixture
def courier() -> Courier:
    return cast.courier()[0]


def visit(courier: Courier, positions: list[Any], days_ago: int = 3) -> None:
    village = cast.villages(1)[0]
    at = NOW - timedelta(days=days_ago)
    cast.send(
        *(
            Message(village, at + timedelta(minutes=i), courier.pk, 0, each)
            for i, each in enumerate(positions)
        )
    )
    actions.take_in_pending(now=NOW)


def opened(courier: Courier) -> PositionReview:
    visit(courier, [None, None, NEAR])
    assert actions.open_position_reviews(now=NOW) == 1
    return PositionReview.objects.get()


def signed_in(code: str, *permissions: str) -> Client:
    client = Client()
    client.force_login(cast.officer(f"officer{code}", places.get_place(code), *permissions), cast.BACKEND)
    return client


class TestOpening:
    @pytest.mark.parametrize("without, of, opens", [(3, 10, 0), (4, 10, 1), (0, 3, 0), (1, 1, 1)])
    def test_it_opens_above_the_rule_and_not_at_it(
        self, courier: Courier, without: int, of: int, opens: int
    ) -> None:
        visit(courier, [None] * without + [NEAR] * (of - without))
        assert actions.open_position_reviews(now=NOW) == opens

    def test_it_keeps_what_it_was_opened_for(self, courier: Courier) -> None:
        review = opened(courier)
        assert (review.visits, review.without) == (3, 2)
        assert (review.first_day, review.last_day) == (date(2026, 9, 10), date(2026, 10, 7))
        assert review.place == cast.villages(1)[0]
        assert Event.objects.get(kind="position_review.opened").data["without"] == 2

    def test_it_looks_at_four_whole_weeks(self, courier: Courier) -> None:
        visit(courier, [None], days_ago=29)
        visit(courier, [None], days_ago=0)
        assert actions.open_position_reviews(now=NOW) == 0

    def test_it_looks_once_a_day_and_opens_once_a_courier(self, courier: Courier) -> None:
        opened(courier)
        assert actions.open_position_reviews(now=NOW) == 0
        assert actions.open_position_reviews(now=NOW + timedelta(days=1)) == 0

    def test_days_that_were_judged_are_not_judged_again(self, courier: Courier) -> None:
        review = opened(courier)
        by = cast.officer("o", places.get_place("52"), "visits.review")
        actions.close_position_review(review=review, ground="无信号", by=by, now=NOW)
        visit(courier, [None], days_ago=0)
        assert actions.open_position_reviews(now=NOW + timedelta(days=2)) == 0
        later = NOW + timedelta(days=28)
        cast.send(Message(cast.villages(1)[0], later - timedelta(days=2), courier.pk, 0), received=later)
        actions.take_in_pending(now=later)
        assert actions.open_position_reviews(now=later) == 1

    def test_its_place_holds_all_villages(self, courier: Courier) -> None:
        for county in ("520102", "520103"):
            cast.send(Message(cast.villages(1, county)[0], NOW - timedelta(days=3), courier.pk, 0))
        actions.take_in_pending(now=NOW)
        actions.open_position_reviews(now=NOW)
        assert PositionReview.objects.get().place.code == "520100000000"


class TestClosing:
    def test_it_needs_scope_ground_and_an_open_review(self, courier: Courier) -> None:
        review = opened(courier)
        mine = cast.officer("mine", places.get_place("5201"), "visits.review")
        other = cast.officer("other", places.get_place("5203"), "visits.review")
        reader = cast.officer("reader", places.get_place("52"))
        for by, ground, code in (
            (other, "无信号", "accounts.out_of_scope"),
            (reader, "无信号", "accounts.no_permission"),
            (mine, "  ", "visits.no_closing_ground"),
        ):
            with pytest.raises(Problem) as caught, transaction.atomic():
                actions.close_position_review(review=review, ground=ground, by=by, now=NOW)
            assert caught.value.code == code
        closed = actions.close_position_review(review=review, ground="无信号", by=mine, now=NOW)
        assert (closed.closed_by, closed.ground) == (mine, "无信号")
        with pytest.raises(Problem, match="已结"):
            actions.close_position_review(review=review, ground="再结", by=mine, now=NOW)

    def test_nobody_closes_their_own(self) -> None:
        user = cast.officer("self", places.get_place("52"), "visits.review")
        review = opened(cast.courier(user=user)[0])
        with pytest.raises(Problem, match="本人"):
            actions.close_position_review(review=review, ground="无信号", by=user, now=NOW)


class TestPages:
    def test_the_list_shows_share_rule_and_state(self, courier: Courier) -> None:
        review = opened(courier)
        page = signed_in("52").get(PAGE).content.decode()
        assert "66.7%" in page and "30%" in page and "未经核实" in page and "待结" in page
        assert f"{PAGE}{review.pk}/" in page

    def test_it_narrows_and_exports(self, courier: Courier) -> None:
        review = opened(courier)
        client = signed_in("52")
        assert f"{PAGE}{review.pk}/" not in client.get(f"{PAGE}?state=closed").content.decode()
        answer: Any = client.get(f"{PAGE}?format=csv")
        text = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert courier.name in text.decode("utf-8-sig")

    def test_an_officer_reads_the_visits_and_closes_it(self, courier: Courier) -> None:
        review = opened(courier)
        client = signed_in("5201", "visits.review")
        page = client.get(f"{PAGE}{review.pk}/").content.decode()
        assert page.count('data-label="时间"') == 2 and "结束审核" in page
        assert client.post(f"{PAGE}{review.pk}/", {"ground": ""}).status_code == 422
        assert client.post(f"{PAGE}{review.pk}/", {"ground": "沿线无信号"}).status_code == 302
        page = client.get(f"{PAGE}{review.pk}/").content.decode()
        assert "沿线无信号" in page and "<textarea" not in page

    def test_a_reader_has_no_form(self, courier: Courier) -> None:
        review = opened(courier)
        client = signed_in("52")
        assert "<textarea" not in client.get(f"{PAGE}{review.pk}/").content.decode()
        assert client.post(f"{PAGE}{review.pk}/", {"ground": "无信号"}).status_code == 403

    def test_another_city_cannot(self, courier: Courier) -> None:
        review = opened(courier)
        client = signed_in("5203", "visits.review")
        assert courier.name not in client.get(PAGE).content.decode()
        assert client.get(f"{PAGE}{review.pk}/").status_code in (403, 404)
        assert client.post(f"{PAGE}{review.pk}/", {"ground": "无信号"}).status_code in (403, 404)
        assert PositionReview.objects.get().closed_at is None

    def test_an_unknown_one_is_not_found(self) -> None:
        assert signed_in("52").get(f"{PAGE}999/").status_code == 404

    def test_the_desk_says_how_many_wait(self, courier: Courier) -> None:
        opened(courier)
        assert (
            '无定位占比待结 <span class="figure">1</span> 人'
            in signed_in("52").get("/visits/").content.decode()
        )
        assert queries.list_position_reviews(Scope.system("test")).count() == 1
