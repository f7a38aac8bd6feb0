"""What a courier reports from the field becomes an excuse that waits: once, by whom, from where and when."""

import json
import uuid
from datetime import date, timedelta
from pathlib import Path

import jsonschema
import pytest
from django.db import connection

from puyou.accounts.models import Organisation
from puyou.compliance import actions, hindrances
from puyou.compliance.models import Excuse, Hindrance
from puyou.compliance.tests.test_actions import MONDAY, on, people, standing, village  # noqa: F401
from puyou.core import clock, partitions
from puyou.core.models import Event
from puyou.evidence.models import EvidenceMention
from puyou.ingest.models import Pending, Quarantine
from puyou.places import queries as places
from puyou.registry.models import Courier, Device

pytestmark = pytest.mark.django_db
SCHEMA = json.loads((Path(__file__).resolve().parents[3] / "contracts/hindrance.v1.schema.json").read_text())
HASH = "ab" * 32
NOW = MONDAY + timedelta(days=8)


@pytest.fixture
def crew(people):  # noqa: F811
    firm = Organisation.objects.create(kind="operator", name="白云投递公司", place=places.get_place("520102"))
    courier = Courier.objects.create(number="K7", name="赵雪", organisation=firm, valid_from=date(2026, 1, 1))
    device = Device.objects.create(identifier="P-赵", enrolled_at=clock.now())
    with on(NOW):
        yield courier, device


def payload(place, **changes):
    said = {
        "village": place.code,
        "ground": "flood",
        "from": "2026-11-16",
        "until": "2026-11-22",
        "note": "桥断了",
    }
    return said | {"photos": []} | changes


def send(crew, said):  # an accepted envelope behind the door
    identifier, now = uuid.uuid4(), clock.now()
    partitions.ensure_months("ingest_envelope", [now.date()])
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ingest_envelope"
            " (id, received_at, happened_at, skew_seconds, device_id, courier_id, kind, body)"
            " VALUES (%s, %s, %s, 0, %s, %s, 'hindrance', %s)",
            [
                identifier,
                now,
                now - timedelta(hours=3),
                crew[1].pk,
                crew[0].pk,
                json.dumps({"payload": said}).encode(),
            ],
        )
        cursor.execute("INSERT INTO ingest_pending VALUES (%s, 'hindrance', %s)", [identifier, now])
    return identifier


def take():
    return actions.take_in_hindrances(now=clock.now())


class TestTakingIn:
    def test_it_becomes_an_excuse_that_waits(self, crew, village):  # noqa: F811
        photos = [{"sha256": HASH, "role": "place", "taken_at": "2026-11-16T09:00:00+08:00"}]
        identifier = send(crew, payload(village, photos=photos, position={"lon": 106.7, "lat": 26.6}))
        assert take() == 1 and take() == 0 and not Pending.objects.exists()
        excuse = Excuse.objects.get()
        assert (excuse.place, excuse.ground, excuse.status) == (village, "flood", "proposed")
        assert (excuse.valid_from, excuse.valid_to) == (date(2026, 11, 16), date(2026, 11, 23))
        assert excuse.applicant == crew[0].organisation and excuse.proposed_by is None
        assert "赵雪（K7）" in excuse.note and "桥断了" in excuse.note and str(identifier) in excuse.document
        row = Hindrance.objects.get(pk=identifier)
        assert (row.excuse, row.courier, row.device, row.photos, row.lon) == (excuse, *crew, 1, 106.7)
        mention = EvidenceMention.objects.get()
        assert (bytes(mention.sha256).hex(), mention.subject) == (HASH, f"hindrance:{identifier}")
        assert Event.objects.get(kind="excuse.proposed").data["courier"] == crew[0].pk

    def test_it_excuses_nothing_before_it_is_approved(self, crew, village, people, client):  # noqa: F811
        actions.judge_pending(clock.now())
        send(crew, payload(village))
        take()
        assert standing(village, today=clock.today()) == "provisional"
        client.force_login(people["officer"], backend="django.contrib.auth.backends.ModelBackend")
        client.post(f"/compliance/excuses/{Excuse.objects.get().pk}/approval/", {"note": "属实"})
        assert standing(village, today=clock.today()) == "excused"

    def test_reports_of_the_same_share_one_excuse(self, crew, village):  # noqa: F811
        send(crew, payload(village))
        send(crew, payload(village, note="还没修好"))
        send(crew, payload(village, until="2026-11-23"))
        assert take() == 3
        assert sorted(each.hindrances.count() for each in Excuse.objects.all()) == [1, 2]
        Excuse.objects.update(status="rejected")
        send(crew, payload(village))
        take()
        assert (
            Excuse.objects.filter(status="proposed").count() == 1
        )  # said again after a refusal: asked again

    def test_what_cannot_be_understood_is_set_aside_alone(self, crew, village):  # noqa: F811
        good = send(crew, payload(village))
        aside = [
            send(crew, payload(village, ground="lazy")),
            send(crew, payload(village) | {"village": "529999999999"}),
            send((Courier(pk=0), crew[1]), payload(village)),
            send(crew, None),
        ]
        assert take() == 5
        assert [row.pk for row in Hindrance.objects.all()] == [good]
        assert set(Quarantine.objects.values_list("envelope_id", flat=True)) == set(aside)

    def test_a_long_note_is_kept_whole(self, crew, village):  # noqa: F811
        identifier = send(crew, payload(village, ground="sickness", note="病" * 500))
        take()
        assert len(Hindrance.objects.get(pk=identifier).note) == 500 and len(Excuse.objects.get().note) == 300
        assert Excuse.objects.get().get_ground_display() == "人员伤病"


class TestPage:
    def test_the_approver_sees_who_where_and_when(self, crew, village, people, client):  # noqa: F811
        send(crew, payload(village, position={"lon": 106.71, "lat": 26.58}))
        take()
        client.force_login(people["officer"], backend="django.contrib.auth.backends.ModelBackend")
        page = client.get(f"/compliance/excuses/{Excuse.objects.get().pk}/").content.decode()
        assert all(
            text in page for text in ("赵雪（K7）", "白云投递公司", "P-赵", "106.71", "桥断了", "投递员上报")
        )
        assert "白云投递公司" in client.get("/compliance/excuses/").content.decode()

    def test_another_province_cannot_see_it(self, crew, village, people, client):  # noqa: F811
        send(crew, payload(village))
        take()
        client.force_login(people["stranger"], backend="django.contrib.auth.backends.ModelBackend")
        assert client.get(f"/compliance/excuses/{Excuse.objects.get().pk}/").status_code == 404


@pytest.mark.parametrize("changes, field", [
    ({"ground": "outage"}, "ground"), ({"ground": None}, "ground"), ({"ground": ["flood"]}, "ground"),
    ({"from": "2026-13-01"}, "from"), ({"from": "20261116"}, "from"), ({"from": 7}, "from"),
    ({"from": "1970-01-01"}, "from"), ({"until": "2026-11-15"}, "until"), ({"until": "2027-11-17"}, "until"),
    ({"until": None}, "until"), ({"village": "5201"}, "village"), ({"village": "529999999999"}, "village"),
    ({"note": "长" * 501}, "note"), ({"note": 5}, "note"), ({"ground": "other", "note": " "}, "note"),
    ({"photos": [{"sha256": "x"}]}, "photos.0.sha256"), ({"position": {"lon": 1}}, "position.lat"),
    ({"weather": "雨"}, "weather"),
])  # fmt: skip
def test_what_is_wrong_is_named(village, changes, field):  # noqa: F811
    (problem,) = hindrances.check_hindrances([payload(village, **changes)])
    assert problem is not None and problem.details["field"] == field and problem.code.partition(".")[2]


@pytest.mark.parametrize("changes", [
    {}, {"note": None}, {"note": ""}, {"photos": None}, {"until": "2026-11-16"}, {"until": "2027-11-16"},
    {"ground": "other"}, {"position": None}, {"position": {"lon": 106.7, "lat": 26.6, "accuracy_m": 9}},
])  # fmt: skip
def test_what_is_well_passes(village, changes):  # noqa: F811
    assert hindrances.check_hindrances([payload(village, **changes)]) == [None]
    jsonschema.validate(payload(village, **changes), SCHEMA)
