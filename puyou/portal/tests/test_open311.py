from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from puyou.accounts.tests.offices import officer
from puyou.cases.feedback.models import Report
from puyou.core import clock
from puyou.places.models import Place
from puyou.places.queries import get_place
from puyou.portal import throttling
from puyou.portal.open311 import keys

pytestmark = pytest.mark.django_db
KEY = "k3Jx9QmZ7vTn2RbW8yLc5HsD"
ROOT = "/open311/v2"
TEXT = "投递员已经三周没有到村里来过，电话13800000000"


@pytest.fixture
def client(monkeypatch):
    monkeypatch.setenv(keys.VARIABLE, f"hotline:{KEY}")
    throttling.RELAYING._levels.clear()
    with clock.frozen(clock.now()):
        yield Client()


@pytest.fixture
def village(db) -> Place:
    officer("open311.office", "provincial_regulator", get_place("52"))  # whose office takes reports in
    return Place.objects.filter(path__startswith=get_place("520526").path, level=5).order_by("code").first()


def filed(client, village, **changes):
    said = {"api_key": KEY, "service_code": "village_not_served", "description": TEXT, "address_id": village.code,
            "attribute[days]": "21", "first_name": "三", "last_name": "张",
            "phone": "13800000000"} | changes  # fmt: skip
    return client.post(
        f"{ROOT}/requests.json", {name: value for name, value in said.items() if value is not None}
    )


def test_discovery_and_services_are_told_in_both_shapes(client):
    told = client.get(f"{ROOT}/discovery.json").json()
    assert told["endpoints"][0]["specification"] == "http://wiki.open311.org/GeoReport_v2"
    services = client.get(f"{ROOT}/services.json").json()
    assert {"service_code", "service_name", "description", "metadata", "type", "keywords", "group"} == set(
        services[0]
    )
    tree = ElementTree.fromstring(client.get(f"{ROOT}/services.xml").content)
    assert tree.tag == "services"
    assert [each.find("service_code").text for each in tree.iter("service")] == [
        one["service_code"] for one in services
    ]
    definition = client.get(f"{ROOT}/services/village_not_served.json").json()
    assert definition["attributes"][0]["code"] == "days"
    shape = ElementTree.fromstring(client.get(f"{ROOT}/services/village_not_served.xml").content)
    assert (shape.tag, shape.find("attributes/attribute/variable").text) == ("service_definition", "true")


def test_a_request_is_filed_followed_and_tells_nothing_of_its_reporter(client, village):
    response = filed(client, village)
    assert response.status_code == 201, response.content
    (made,) = response.json()
    report = Report.objects.get(tracking=made["service_request_id"])
    assert (report.text, report.place, report.source) == (TEXT, village, "public")
    assert (report.reporter, report.contact, report.attributes) == ("张三", "13800000000", {"days": 21})
    assert (
        client.get(f"{ROOT}/tokens/{made['token']}.json").json()[0]["service_request_id"] == report.tracking
    )
    (one,) = client.get(f"{ROOT}/requests/{report.tracking}.json").json()
    assert (one["status"], one["service_code"], one["address_id"]) == (
        "open",
        "village_not_served",
        village.code,
    )
    assert one["address"].endswith(village.name)
    for answer in (f"requests/{report.tracking}.json", "requests.json", "requests.xml"):
        said = client.get(f"{ROOT}/{answer}").content.decode()
        assert report.tracking in said
        assert not any(secret in said for secret in ("13800000000", "张三", "三周"))


def test_the_same_sent_twice_is_one_report(client, village):
    first, again = filed(client, village), filed(client, village)
    assert (first.status_code, again.status_code) == (201, 200), first.content.decode()
    assert first.json()[0]["service_request_id"] == again.json()[0]["service_request_id"]
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"api_key": None}, 403, "api_key"),
        ({"api_key": KEY[:-1] + "x"}, 403, "api_key"),
        ({"service_code": None}, 400, "service_code"),
        ({"service_code": "pothole"}, 404, "pothole"),
        ({"description": "短"}, 400, "反映内容"),
        ({"description": "字" * 10_000}, 400, "反映内容"),
        ({"address_id": None}, 400, "address_string"),
        ({"address_id": "52"}, 400, "县"),
        ({"address_id": "999999999999"}, 404, ""),
        ({"address_id": None, "address_string": "没有这个地方"}, 400, "找不到"),
        ({"address_id": None, "lat": "26.6"}, 400, "lat"),
        ({"address_id": None, "lat": "0", "long": "0"}, 400, "不在已知的区划"),
        ({"attribute[days]": "很多"}, 400, "几天"),
        ({"jurisdiction_id": "boston"}, 404, "jurisdiction_id"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_the_standards_form(client, village, change, status, words):
    response = filed(client, village, **change)
    (error,) = response.json()
    assert error["code"] == response.status_code
    assert response.status_code == status
    assert words in error["description"]
    assert Report.objects.count() == 0
    shape = ElementTree.fromstring(client.post(f"{ROOT}/requests.xml", {"service_code": "\x01"}).content)
    assert (shape.tag, shape.find("error/code").text) == ("errors", "403")


def test_requests_are_narrowed_by_service_status_dates_place_and_page(client, village):
    for text in ("第一件事情的经过", "第二件事情的经过"):
        filed(client, village, description=text)
    filed(
        client, village, description="第三件事情的经过", service_code="attitude", **{"attribute[days]": None}
    )

    def found(query: str) -> int:
        response = client.get(f"{ROOT}/requests.json?{query}")
        assert response.status_code == 200, response.content
        return len(response.json())

    ids = ",".join(Report.objects.values_list("tracking", flat=True)[:2])
    tomorrow = (clock.now() + timedelta(days=1)).isoformat()
    assert found("") == 3
    assert found("service_code=attitude") == 1
    assert found("status=open") == 3
    assert found("status=closed") == 0
    assert found("status=open,closed") == 3
    assert found(f"service_request_id={ids}") == 2
    assert found("page_size=2&page=2") == 1
    assert found("jurisdiction_id=5201") == 0
    assert found("jurisdiction_id=5205") == 3
    assert client.get(f"{ROOT}/requests.json", {"start_date": tomorrow}).json() == []


@pytest.mark.parametrize(
    "query",
    [
        "status=fixed",
        "start_date=soon",
        "page_size=0",
        "page_size=5000",
        "start_date=2026-01-01T00:00:00Z&end_date=2026-09-01T00:00:00Z",
    ],
)
def test_a_wrong_filter_is_an_error_and_never_the_whole_list(client, query):
    assert client.get(f"{ROOT}/requests.json?{query}").status_code == 400


def test_unknown_things_are_not_found_and_other_methods_refused(client):
    assert client.get(f"{ROOT}/requests/NOTHING.json").status_code == 404
    assert client.get(f"{ROOT}/services/nothing.xml").status_code == 404
    assert client.get(f"{ROOT}/tokens/00000000-0000-4000-8000-000000000000.json").status_code == 404
    assert client.delete(f"{ROOT}/requests.json").status_code == 405


def test_reports_of_supervisors_are_not_told(client, village):
    filed(client, village)
    Report.objects.update(source="supervisor")
    assert client.get(f"{ROOT}/requests.json").json() == []


@pytest.mark.parametrize("text", ["hotline:short", f":{KEY}", "hotline:aaaaaaaaaaaaaaaaaaaaaaaaaaaa"])
def test_weak_keys_are_refused(monkeypatch, text):
    monkeypatch.setenv(keys.VARIABLE, text)
    with pytest.raises(ImproperlyConfigured):
        keys.known()
