"""What the desk sees of its phones, and that another province sees nothing."""

from datetime import date, timedelta

import pytest

from puyou.accounts.models import Organisation
from puyou.accounts.scopes import Grip, Scope
from puyou.ingest import actions, queries, tokens
from puyou.ingest.models import DeviceKey
from puyou.ingest.tests.conftest import NOW
from puyou.ingest.tests.signing import Signer, answer, device_name
from puyou.places import queries as places
from puyou.registry.models import Courier

SYSTEM = Scope.system("tests")


def scope_of(code: str) -> Scope:
    return Scope("user:1", (Grip(places.get_place(code).path, frozenset({"see"})),))


@pytest.fixture
def courier(db) -> Courier:
    company = Organisation.objects.create(kind="operator", name="贵阳邮政", place=places.get_place("5201"))
    return Courier.objects.create(number="K1", name="张三", organisation=company, valid_from=date(2026, 1, 1))


def enrol(courier: Courier, signer: Signer, device: str, now=NOW) -> actions.Enrolled:
    code = actions.issue_enrolment_code(courier=courier, by="user:1", now=now)
    return actions.enrol_device(**answer(signer, code, device, now))


def test_one_row_tells_all_of_a_phone(courier):
    enrolled = enrol(courier, signer := Signer(), device_name())
    bearer = tokens.bearer_of(enrolled.token)
    heard = NOW + timedelta(hours=1)
    actions.note_contact(token=bearer, now=heard, device_time=heard + timedelta(seconds=90), app=4)
    (row,) = queries.list_fleet(scope_of("5201"), NOW + timedelta(days=5))
    assert (row.courier_number, row.courier_name, row.organisation_name) == ("K1", "张三", "贵阳邮政")
    assert (row.label, row.key_id, row.key_ended_at) == ("Redmi 9A", signer.key_id, None)
    assert (row.contact_at, row.skew_seconds, row.app, row.silent_days) == (heard, 90, 4, 5)
    assert (row.standing, row.standing_at, row.has_token) == ("active", None, True)
    assert (row.couriers_on_phone, row.phones_of_courier) == (1, 1)


def test_a_phone_never_heard_has_no_silent_days(courier):
    enrol(courier, Signer(), device_name())
    (row,) = queries.list_fleet(SYSTEM, NOW)
    assert (row.contact_at, row.silent_days, row.app) == (None, None, None)


def test_silence_is_counted_in_days_of_shanghai(courier):
    enrolled = enrol(courier, Signer(), device_name())
    late = NOW.replace(hour=15, minute=59)  # 23:59 in Shanghai
    actions.note_contact(token=tokens.bearer_of(enrolled.token), now=late)
    days = [queries.list_fleet(SYSTEM, late + timedelta(minutes=m)).get().silent_days for m in (0, 2)]
    assert days == [0, 1]


def test_another_province_sees_none(courier):
    device = enrol(courier, Signer(), device_name()).device
    for scope in (scope_of("5202"), scope_of("5203"), Scope.public()):
        assert list(queries.list_fleet(scope, NOW)) == []
        assert list(queries.list_enrolment_codes(scope, NOW)) == []
        assert list(queries.list_device_keys(scope, device)) == []
        assert list(queries.list_device_standings(scope, device)) == []


def test_standing_and_its_reason_are_shown(courier):
    device = enrol(courier, Signer(), device_name()).device
    actions.suspend_device(device=device, ground="核查中", by="user:1", now=NOW)
    row = queries.list_fleet(SYSTEM, NOW).get()
    assert (row.standing, row.standing_ground, row.standing_by, row.standing_at) == (
        "suspended", "核查中", "user:1", NOW,
    )  # fmt: skip
    actions.revoke_device(device=device, ground="丢失", by="user:1", now=NOW)
    row = queries.list_fleet(SYSTEM, NOW).get()
    assert (row.standing, row.has_token, row.key_ended_at) == ("revoked", False, NOW)
    scope = scope_of("5201")
    assert [each.ground for each in queries.list_device_standings(scope, device)] == ["丢失", "核查中"]
    assert queries.list_device_keys(scope, device).count() == 1


def test_two_couriers_on_one_phone_are_seen(courier):
    other = Courier.objects.create(
        number="K2", name="李四", organisation=courier.organisation, valid_from=date(2026, 1, 1)
    )
    signer, device = Signer(), device_name()
    enrol(courier, signer, device)
    enrol(other, signer, device, NOW + timedelta(days=1))
    row = queries.list_fleet(SYSTEM, NOW + timedelta(days=1)).get()
    assert (row.courier_name, row.couriers_on_phone) == ("李四", 2)
    assert queries.list_fleet(SYSTEM, NOW + timedelta(days=40)).get().couriers_on_phone == 1


def test_one_key_under_two_names_is_one_phone(courier):
    other = Courier.objects.create(number="K2", name="李四", valid_from=date(2026, 1, 1))
    signer = Signer()
    enrol(courier, signer, device_name())
    enrol(other, signer, device_name())
    assert {row.couriers_on_phone for row in queries.list_fleet(SYSTEM, NOW)} == {2}


def test_two_couriers_in_one_app_are_on_one_phone(courier):
    other = Courier.objects.create(number="K2", name="李四", valid_from=date(2026, 1, 1))
    for holder, phone in ((courier, "one-phone"), (other, "one-phone"), (other, "other"), (other, "")):
        code = actions.issue_enrolment_code(courier=holder, by="user:1", now=NOW)
        actions.enrol_device(**answer(Signer(), code, device_name(), NOW, phone=phone))
    rows = queries.list_fleet(SYSTEM, NOW).order_by("pk")
    assert [row.couriers_on_phone for row in rows] == [2, 2, 1, 1]


@pytest.mark.parametrize("phone", ["x" * 65, "手机", "\x00", "a b"])
def test_a_phones_name_that_is_none_is_left_out(courier, phone):
    code = actions.issue_enrolment_code(courier=courier, by="user:1", now=NOW)
    actions.enrol_device(**answer(Signer(), code, device_name(), NOW, phone=phone))
    assert DeviceKey.objects.get().phone == ""


def test_one_courier_on_two_phones_is_seen(courier):
    for _ in range(2):
        enrol(courier, Signer(), device_name())
    assert {row.phones_of_courier for row in queries.list_fleet(SYSTEM, NOW)} == {2}


def test_codes_are_listed_with_what_became_of_them(courier):
    enrol(courier, Signer(), device_name())
    actions.issue_enrolment_code(courier=courier, by="user:1", now=NOW)
    actions.issue_enrolment_code(courier=courier, by="user:1", now=NOW)
    rows = list(queries.list_enrolment_codes(scope_of("5201"), NOW))
    assert [(row.is_open, row.used_at is not None, row.ended_at is not None) for row in rows] == [
        (True, False, False), (False, False, True), (False, True, False),
    ]  # fmt: skip
    assert not any(row.is_open for row in queries.list_enrolment_codes(SYSTEM, NOW + timedelta(days=2)))


def test_the_list_asks_once_however_many(courier, django_assert_num_queries):
    for _ in range(3):
        enrol(courier, Signer(), device_name())
    with django_assert_num_queries(1):
        assert len(list(queries.list_fleet(SYSTEM, NOW).order_by("-silent_days", "courier_number"))) == 3
