"""The page 证据: what it says, to whom, and what it keeps from others."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from puyou.core import clock
from puyou.places.queries import get_place
from puyou.scrutiny.tests.test_scoring import place, settle
from puyou.visits import actions as visits
from puyou.visits.tests import cast
from puyou.visits.tests.cast import BACKEND, NOW, Message

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen() -> Any:
    with clock.frozen(NOW):
        yield


@pytest.fixture
def told() -> list[Any]:
    person, phone = cast.courier()
    villages = cast.villages(2)
    for village in villages:
        cast.confirm_point(village, 106.7123, 26.6)
    ids = cast.send(
        Message(villages[0], at=NOW - timedelta(hours=2), position=place(0), courier=person.pk, device=phone.pk),
        Message(
            villages[1], at=NOW - timedelta(hours=2) + timedelta(minutes=1), position=place(90_000),
            courier=person.pk, device=phone.pk, 
            changes={"tag": "PY1.x", "integrity": {"shell": "native", "mock": True}},
        ),
    )  # fmt: skip
    visits.take_in_pending(now=NOW)
    return ids


def client_of(code: str, *permissions: str) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(cast.officer(f"officer-{code}", get_place(code), *permissions), backend=BACKEND)
    return client


def test_the_page_says_each_reason_with_its_number_and_the_way_of_the_day(told):
    settle()
    answer = client_of("520102").get(f"/scrutiny/{told[1]}/")
    html = answer.content.decode()
    assert answer.status_code == 200
    for words in (
        "移动过快",
        "公里",
        "标签伪造",
        "虚拟定位",
        "转人工审核",
        "当天行程",
        "<svg",
        "没有签名",
        "校验码不符",
    ):
        assert words in html
    assert f"/scrutiny/{told[0]}/" in html and "不改变该次是否计入" in html
    assert "style=" not in html.replace("stylesheet", "")


def test_a_visit_that_waits_is_explained_too(told):
    html = client_of("520102").get(f"/scrutiny/{told[0]}/").content.decode()
    assert "尚未记录，正在等待评分" in html


def test_another_county_sees_nothing_of_it_and_neither_does_nobody(told):
    assert client_of("520121").get(f"/scrutiny/{told[0]}/").status_code == 403
    assert Client(SERVER_NAME="localhost").get(f"/scrutiny/{told[0]}/").status_code in (302, 403)
    assert client_of("520102").get(f"/scrutiny/{uuid4()}/").status_code == 404


def test_stops_elsewhere_are_not_named(told):
    far = cast.villages(1, county="520121")[0]
    cast.send(Message(far, at=NOW - timedelta(hours=1), position=place(500), courier=1, device=1))
    visits.take_in_pending(now=NOW)
    html = client_of("520102").get(f"/scrutiny/{told[0]}/").content.decode()
    assert far.name not in html


def test_the_page_of_the_visit_leads_here(told):
    assert f"/scrutiny/{told[0]}/" in client_of("520102").get(f"/visits/{told[0]}/").content.decode()
