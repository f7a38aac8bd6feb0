"""The API as assembled: its description is the committed one, and every answer is in it."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.test import Client
from django.urls import get_resolver

from puyou.accounts.models import Appointment, Grant, Organisation, Post, Role, User
from puyou.config.management.commands.openapi import description
from puyou.core import clock
from puyou.places import queries as places

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
WEEK = {"place": "5201", "from": "2026-11-09", "to": "2026-11-15", "by": "county"}


def test_the_committed_description_is_the_present_one():
    committed = (ROOT / "docs" / "openapi.json").read_text()
    assert committed == description(), "run: puyou openapi > docs/openapi.json"


def test_every_address_under_the_api_is_described():
    described = {address.removeprefix("/api/v1/") for address in json.loads(description())["paths"]}
    (root,) = [each for each in get_resolver().url_patterns if str(each.pattern) == "api/v1/"]
    served = {str(each.pattern).replace("<", "{").replace(">", "}") for each in root.url_patterns}
    assert described == {each for each in served if each and "openapi" not in each}


@pytest.mark.parametrize(
    ("address", "method"),
    [("/envelopes", "post"), ("/envelopes/{id}", "get"), ("/compliance", "get"), ("/places", "get")],
)
def test_refusals_are_described(address, method):
    answers = json.loads(description())["paths"][f"/api/v1{address}"][method]["responses"]
    assert {"200", "503"} <= set(answers)
    assert any(code.startswith("4") for code in answers)


class TestPlaces:
    def ask(self, **query: object):
        return Client().get("/api/v1/places", query)

    def test_anyone_may_find_a_place_by_name_or_code(self, db):
        by_name, by_code = self.ask(q="贵阳市").json(), self.ask(q="5201").json()
        assert "520100000000" in {found["code"] for found in by_name}
        assert "520100000000" in {found["code"] for found in by_code}
        assert len(self.ask(q="村", limit=3).json()) == 3

    @pytest.mark.parametrize(
        "query", [{}, {"q": "x" * 61}, {"q": "村", "limit": 0}, {"q": "村", "limit": "many"}]
    )
    def test_nonsense_is_named(self, db, query):
        response = self.ask(**query)
        assert (response.status_code, response.json()["code"]) == (422, "config.bad_parameters")

    @pytest.mark.parametrize("q", ["", " ", "%", "'", "\x00", "不存在的地方", "9" * 60, "😀"])
    def test_no_text_breaks_it(self, db, q):
        assert self.ask(q=q).status_code == 200


class TestCompliance:
    @pytest.fixture
    def officer(self, db):
        place = places.get_place("5201")
        office = Organisation.objects.create(kind="regulator", name="贵阳局", place=place)
        post = Post.objects.create(organisation=office, title="处长")
        role = Role.objects.create(code="reader", name="查看", permissions=["see"])
        Grant.objects.create(post=post, role=role, place=place, valid_from=date(2026, 1, 1))
        person = User.objects.create(username="officer", name="张三")
        Appointment.objects.create(user=person, post=post, valid_from=date(2026, 1, 1))
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        with clock.frozen(NOW):
            yield client

    def ask(self, client, **changes: str):
        return client.get("/api/v1/compliance", WEEK | changes)

    def test_it_answers_as_the_query_does(self, officer):
        response = self.ask(officer)
        assert response.status_code == 200, response.content
        assert response.json() == []

    def test_without_a_session_nobody(self, db):
        response = self.ask(Client())
        assert (response.status_code, response.json()["code"]) == (401, "config.no_session")

    @pytest.mark.parametrize("place", ["52", "5203", "520300", "000000000000"])
    def test_another_province_cannot(self, officer, place):
        assert self.ask(officer, place=place).status_code == 403

    @pytest.mark.parametrize(
        ("change", "status", "code"),
        [
            ({"place": "9999"}, 404, "places.unknown"),
            ({"place": "guiyang"}, 422, "config.bad_parameters"),
            ({"from": "2026-02-30"}, 422, "config.bad_parameters"),
            ({"from": "2026-11-16"}, 422, "config.bad_parameters"),
            ({"from": "1970-01-01"}, 422, "config.too_wide"),
            ({"by": "street"}, 422, "config.bad_parameters"),
        ],
    )
    def test_nonsense_is_named(self, officer, change, status, code):
        response = self.ask(officer, **change)
        assert (response.status_code, response.json()["code"]) == (status, code)
        assert response.json()["message"]

    def test_the_future_is_empty(self, officer):
        assert self.ask(officer, **{"from": "2099-01-01", "to": "9999-12-31"}).json() == []
