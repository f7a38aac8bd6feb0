import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import get_resolver

from puyou.accounts.tests.offices import neighbour, officer
from puyou.config import audit, looking
from puyou.core import clock, events
from puyou.core.models import Event
from puyou.places.queries import get_place

pytestmark = pytest.mark.django_db
LOOKS = ("personal.read", "list.exported")
LATER = {"supervisors", "supervisor"}  # rooms that are on their way


def _person(role: str, place=None):
    mark = uuid4().hex[:6]
    user = officer(f"look.{mark}", role, place or get_place("52"), f"张{mark}")
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return user, client


def _looks() -> list[Event]:
    return list(Event.objects.filter(kind__in=LOOKS).order_by("id"))


class TestTheRecord:
    def test_a_page_with_people_is_one_event_with_its_filters(self):
        user, client = _person("provincial_regulator")
        assert client.get("/registry/couriers/?q=王&page=1").status_code == 200
        (look,) = _looks()
        assert (look.kind, look.actor, look.subject) == (
            "personal.read",
            f"user:{user.pk}",
            "page:registry_couriers",
        )
        assert look.data == {"what": "投递员名单", "path": "/registry/couriers/", "filters": {"q": "王"}}

    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_a_file_is_an_export_and_not_a_look(self, kind):
        user, client = _person("provincial_regulator")
        assert client.get(f"/registry/couriers/?format={kind}").status_code == 200
        (look,) = _looks()
        assert look.kind == "list.exported" and look.data["filters"] == {"format": kind}

    def test_a_list_without_people_is_recorded_only_when_it_is_taken_away(self):
        _, client = _person("provincial_regulator")
        assert client.get("/registry/delivery-points/").status_code == 200
        assert _looks() == []
        assert client.get("/registry/delivery-points/?format=csv").status_code == 200
        assert [look.kind for look in _looks()] == ["list.exported"]

    def test_what_was_refused_or_not_found_was_not_seen(self):
        _, client = _person("courier", get_place("520526"))
        assert client.get("/registry/couriers/").status_code == 403
        assert client.get("/registry/couriers/999999/").status_code in (403, 404)
        assert Client().get("/registry/couriers/").status_code == 302
        assert _looks() == []

    def test_without_its_record_the_page_is_not_shown(self, monkeypatch):
        _, client = _person("provincial_regulator")
        client.raise_request_exception = False

        def full(*words, **more):
            raise OSError("disk full")

        monkeypatch.setattr(looking.actions, "note_look", full)
        assert client.get("/registry/couriers/").status_code == 500

    def test_every_named_page_exists(self):
        known = set()

        def walk(resolver):
            for entry in resolver.url_patterns:
                walk(entry) if hasattr(entry, "url_patterns") else known.add(entry.name)

        walk(get_resolver())
        assert set(looking.PERSONAL) - known <= LATER


class TestTheAuditTrail:
    def test_the_auditor_finds_by_person_kind_day_and_page(self):
        reader, client = _person("provincial_regulator")
        client.get("/registry/couriers/")
        client.get("/registry/couriers/?format=csv")
        _, auditor = _person("audit_administrator")
        page = auditor.get("/system/audit/?kind=personal.read").content.decode()
        assert "投递员名单" in page and reader.name in page and "查看个人信息" in page
        today = clock.today()

        def count(**asked: str) -> int:
            return len(auditor.get("/system/audit/", asked).context["table"].rows)

        assert count(kind="list.exported") == 1
        assert count(kind="list.exported", person=reader.username, first=str(today), last=str(today)) == 1
        assert count(kind="list.exported", last=str(today - timedelta(days=1))) == 0
        assert count(kind="list.exported", person="查无此人") == 0
        assert count(kind="personal.read", text="投递员") == 1 and count(text="page:registry_couriers") == 2
        taken = auditor.get("/system/audit/?format=csv")
        assert "投递员名单" in b"".join(taken.streaming_content).decode()
        assert _looks()[-1].subject == "page:audit_trail"  # auditors are on record too

    def test_another_provinces_people_are_not_listed(self):
        reader, client = _person("provincial_regulator")
        client.get("/registry/couriers/")
        _, stranger = _person("audit_administrator", neighbour())
        assert reader.name not in stranger.get("/system/audit/").content.decode()
        _, own = _person("audit_administrator")
        assert reader.name in own.get("/system/audit/").content.decode()

    @pytest.mark.parametrize(
        "role", ["provincial_regulator", "system_administrator", "security_administrator"]
    )
    def test_it_is_for_auditors_only(self, role):
        assert _person(role)[1].get("/system/audit/").status_code == 403

    def test_no_event_of_a_case_is_ever_listed(self):
        assert not [
            kind for kind in audit.KINDS if kind.split(".")[0] in ("case", "report", "visit", "excuse")
        ]
        assert {"personal.read", "list.exported", "file.viewed", "session.begun", "grant.made"} <= set(
            audit.KINDS
        )
        assert set(audit.KINDS) <= set(events.declared())

    def test_peoples_deeds_are_found_by_an_index(self):
        rows = audit.looks({"user:1": "甲"})[:50]
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        plan = json.dumps(json.loads(rows.explain(format="json")))
        assert "_id_idx" in plan  # the partition's share of core_event_people
