"""A supervisor's phone: opened by a link, trusted by its key, idempotent, and never telling the company a name."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from puyou.cases.feedback.models import Rating, Report
from puyou.cases.models import Case
from puyou.cases.supervisors import payloads
from puyou.cases.supervisors.models import (
    InterestDeclaration,
    SupervisorEnvelope,
    SupervisorPhone,
    TaskResult,
)
from puyou.cases.supervisors.tests.cast import GOOD, NAME, NOW, World
from puyou.cases.supervisors.tests.phones import Phone, code_of, enrolled
from puyou.core import clock
from puyou.core.models import Event

pytestmark = pytest.mark.django_db
CONTRACT = Path(__file__).resolve().parents[4] / "contracts" / "supervisor.v1.schema.json"
SEEN = {"category": "village_not_served", "text": "连续两周没有见到投递员"}


@pytest.fixture
def supervisor(world: World):
    return world.supervisor()


@pytest.fixture
def phone(world: World, supervisor) -> Phone:
    return enrolled(world, supervisor)


def seen(world: World, **more):
    return SEEN | {"place": world.village.code} | more


def test_a_link_opens_one_phone_and_a_lost_answer_can_be_asked_for_again(world, supervisor):
    code, phone = code_of(world, supervisor), Phone()
    first = phone.enrol(code).json()
    assert first["supervisor"] == {"number": supervisor.number, "name": NAME}
    assert (
        phone.enrol(f" {code[:5].lower()}-{code[5:]} ").json()["code"] == "ingest.bad_key"
    )  # signed over the plain code
    assert phone.enrol(code).json()["token"] == first["token"]
    assert SupervisorPhone.objects.count() == 1
    other = Phone().enrol(code)
    assert (other.status_code, other.json()["code"]) == (403, "cases.supervisor_bad_link")
    token = first["token"].encode()
    assert token not in bytes(SupervisorPhone.objects.get().digest)


def test_a_new_link_ends_the_phone_before_it(world, supervisor, phone):
    assert phone.get("today").status_code == 200
    code_of(world, supervisor)
    answer = phone.get("today")
    assert (answer.status_code, answer.json()["code"]) == (401, "cases.supervisor_no_phone")


def test_a_late_wrong_or_unsigned_answer_opens_nothing(world, supervisor):
    code = code_of(world, supervisor)
    assert Phone().enrol(code, signature="A" * 86).json()["code"] == "ingest.bad_key"
    assert Phone().enrol("2345678999").json()["code"] == "cases.supervisor_bad_link"
    with clock.frozen(NOW + timedelta(hours=25)):
        assert Phone().enrol(code).json()["code"] == "cases.supervisor_bad_link"


def test_only_an_office_in_scope_gives_links(world, supervisor):
    desk = Client()
    desk.force_login(world.officer)
    address = f"/cases/supervisors/{supervisor.pk}/phone/"
    assert "发放开通码" in desk.get(address).content.decode()
    page = desk.post(address)
    assert (
        page.status_code == 200 and "#supervise=" in page.content.decode() and "<svg" in page.content.decode()
    )
    assert page["Cache-Control"] == "no-store"
    for other in (world.stranger, world.company):
        desk.force_login(other)
        assert desk.post(address).status_code in (403, 404)


def test_the_day_tells_tasks_certificate_and_reports_and_is_not_told_twice(world, supervisor, phone):
    task = world.task()
    answer = phone.get("today")
    told = answer.json()
    assert [one["id"] for one in told["tasks"]] == [task.pk]
    assert told["certificate"]["number"] == supervisor.number and told["active"] and told["reports"] == []
    assert told["places"][0]["code"] == world.village.code and told["declared"] is None
    again = phone.get("today", if_none_match=answer["ETag"])
    assert again.status_code == 304 and again["Puyou-Nonce"]
    assert phone.get("places?q=" + world.village.name).json()[0]["code"] == world.village.code
    assert Phone().get("today").status_code == 401


def test_a_result_is_taken_once_however_often_it_is_sent(world, phone):
    task = world.task()
    envelope = phone.envelope(
        "supervisor_result",
        {
            "task": task.pk, "place": world.village.code, "answers": GOOD, "note": "见到投递员", "cost_cents": 120,
            "photos": [{"sha256": "ab" * 32}], "position": {"lon": 104.1, "lat": 26.8, "accuracy_m": 9.5},
        },
    )  # fmt: skip
    first, second, third = (phone.send(envelope)[0] for _ in range(3))
    assert first["status"] == "accepted" and second == third == first | {"status": "duplicate"}
    result = TaskResult.objects.get()
    assert (result.cost_cents, result.photos, result.lon) == (120, ["ab" * 32], 104.1)
    assert SupervisorEnvelope.objects.get().kind == "supervisor_result"
    changed = phone.envelope("supervisor_declaration", {"version": 1, "tied": False}, id=envelope["id"])
    assert phone.send(changed)[0]["code"] == "conflict"


def test_a_declaration_of_interest_is_kept_with_its_words(phone):
    assert (
        phone.say("supervisor_declaration", {"version": 1, "tied": True})["code"]
        == "supervisor_interest_words"
    )
    said = phone.say("supervisor_declaration", {"version": 1, "tied": True, "words": "配偶在邮政企业工作"})
    assert said["status"] == "accepted"
    assert InterestDeclaration.objects.get().tied and phone.get("today").json()["declared"]["tied"]


def test_a_report_is_followed_to_its_result_and_rated(world, phone):
    receipt = phone.say("supervisor_report", seen(world))
    (told,) = phone.get("today").json()["reports"]
    assert (
        told["id"] == receipt["id"] and told["may_withdraw"] and not told["may_rate"] and not told["closed"]
    )
    early = phone.say("supervisor_rating", {"report": told["id"], "score": 5})
    assert early["code"] == "report_not_settled"
    assert phone.say("supervisor_withdrawal", {"report": told["id"]})["status"] == "accepted"
    (told,) = phone.get("today").json()["reports"]
    assert told["closed"] and told["outcome"] == "withdrawn" and not told["may_rate"]
    assert Rating.objects.count() == 0


def test_the_reporter_is_hidden_from_the_company_and_from_the_log(world, phone):
    phone.say("supervisor_report", seen(world, text=f"我是{NAME}，门牌边没有信箱"))
    report, case = Report.objects.get(), Case.objects.get()
    assert report.hidden and report.reporter == NAME
    told = json.dumps(
        list(Event.objects.filter(subject=f"case:{case.pk}").values_list("data", flat=True)), default=str
    )
    assert NAME not in told
    desk = Client()
    desk.force_login(world.company)
    page = desk.get(f"/cases/{case.pk}/")
    assert NAME not in page.content.decode()


def test_one_supervisors_report_is_not_anothers(world, phone):
    receipt = phone.say("supervisor_report", seen(world))
    other = enrolled(world, world.supervisor())
    assert other.get("today").json()["reports"] == []
    for kind, more in (("rating", {"score": 1}), ("withdrawal", {}), ("confirmation", {"fixed": True})):
        said = other.say(f"supervisor_{kind}", {"report": receipt["id"]} | more)
        assert said["code"] == "supervisor_unknown_report"


@pytest.mark.parametrize(
    ("kind", "payload", "code"),
    [
        ("supervisor_report", {"category": "none", "text": "没有投递"}, "unknown_category"),
        ("supervisor_report", {"text": "啊"}, "report_bad_text"),
        ("supervisor_report", {"text": "字" * 10_000}, "supervisor_bad_payload"),
        ("supervisor_report", {"position": {"lon": 999, "lat": 0}}, "supervisor_bad_payload"),
        ("supervisor_report", {"invented": 1}, "supervisor_bad_payload"),
        ("supervisor_result", {"task": 1, "answers": GOOD}, None),
        ("visit", {}, "unknown_kind"),
    ],
)
def test_what_is_wrong_is_said_and_leaves_no_trace(world, phone, kind, payload, code):
    whole = (seen(world) if kind == "supervisor_report" else {"place": world.village.code}) | payload
    receipt = phone.say(kind, whole)
    assert receipt["status"] == "refused" and receipt["message"]
    assert code is None or receipt["code"] == code
    assert not SupervisorEnvelope.objects.exists() and not Report.objects.exists()


def test_forged_future_and_foreign_envelopes_are_refused(world, supervisor, phone):
    good = phone.envelope("supervisor_declaration", {"version": 1, "tied": False})
    touched = good | {"payload": {"version": 1, "tied": True, "words": "x"}}
    assert phone.send(touched)[0]["code"] == "supervisor_not_signed"
    unsigned = {name: value for name, value in good.items() if name != "proof"}
    assert phone.send(unsigned)[0]["code"] == "supervisor_not_signed"
    ahead = phone.envelope(
        "supervisor_declaration", {"version": 1, "tied": False}, happened_at=NOW + timedelta(hours=1)
    )
    assert phone.send(ahead)[0]["code"] == "future"
    other = enrolled(world, world.supervisor())
    assert other.send(good)[0]["code"] == "wrong_device"
    assert not InterestDeclaration.objects.exists()


def test_a_good_item_is_taken_beside_a_bad_one(world, phone):
    good = phone.envelope("supervisor_declaration", {"version": 1, "tied": False})
    bad = phone.envelope("supervisor_report", seen(world, text="啊"))
    assert [one["status"] for one in phone.send(bad, good)] == ["refused", "accepted"]


def test_after_the_term_only_what_happened_in_it_is_taken(world, supervisor, phone):
    after = supervisor.terms.get().valid_to
    later = NOW + timedelta(days=(after - NOW.date()).days + 5)
    with clock.frozen(later):
        assert (
            phone.say("supervisor_report", seen(world), happened_at=later)["code"] == "supervisor_not_active"
        )
        assert phone.say("supervisor_report", seen(world))["status"] == "accepted"
        assert not phone.get("today").json()["active"]


def test_what_phones_said_can_be_neither_changed_nor_removed(world, phone):
    phone.say("supervisor_declaration", {"version": 1, "tied": False})
    for statement in (
        "UPDATE supervisors_supervisorenvelope SET kind = 'x'",
        "DELETE FROM supervisors_supervisorphone",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_contract_says_what_the_door_takes():
    assert json.loads(CONTRACT.read_text()) == payloads.schema()
