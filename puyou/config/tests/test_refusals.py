"""Machines are refused in the API's own shape, people by pages."""

import pytest
from django.test import Client

from puyou.config import api


@pytest.fixture
def client(db) -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    "address", ["/api/v1/", "/api/v1/nothing", "/api/v1/envelopes/", "/api/v2/places", "/api/"]
)
@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_unknown_addresses_are_refused_in_json(client, address, method):
    response = getattr(client, method)(address)
    assert response.status_code == 404
    assert response.json() == {"code": "config.unknown_address", "message": "没有这个接口地址", "details": {}}


@pytest.mark.parametrize(
    ("address", "method", "allowed"),
    [
        ("/api/v1/envelopes", "get", "POST"),
        ("/api/v1/enrolments", "delete", "POST"),
        ("/api/v1/places", "post", "GET"),
    ],
)
def test_wrong_methods_are_told_what_is_allowed(client, address, method, allowed):
    response = getattr(client, method)(address)
    assert (response.status_code, response.headers["Allow"]) == (405, allowed)
    told = response.json()
    assert (told["code"], told["details"]) == (
        "config.bad_method", {"method": method.upper(), "allowed": allowed},
    )  # fmt: skip
    assert allowed in told["message"]


def test_a_failure_is_told_in_json(client, monkeypatch):
    def fail(*_):
        raise RuntimeError("defect")

    monkeypatch.setattr(api.places, "search", fail)
    response = client.get("/api/v1/places", {"q": "贵阳"})
    assert (response.status_code, response.json()["code"]) == (500, "config.failed")


def test_people_still_get_pages(client):
    response = client.get("/nothing/")
    assert response.status_code == 404
    assert response.headers["Content-Type"].startswith("text/html")


def test_a_strange_host_is_refused_in_json_too(client):
    response = client.get("/api/v1/places", {"q": "村"}, headers={"host": "evil.example"})
    assert (response.status_code, response.json()["code"]) == (400, "config.refused")
