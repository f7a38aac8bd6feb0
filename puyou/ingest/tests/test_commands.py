import io
import json
import re

import pytest
from django.core.management import call_command

from puyou.core import clock
from puyou.ingest import actions, tokens
from puyou.ingest.tests.signing import Signer, answer, device_name
from puyou.registry.models import Courier, Device, DeviceBinding

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> dict:
    out = io.StringIO()
    call_command(*arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_it_issues_a_token_and_registers_whom_it_does_not_know():
    told = run("issue_token", "--courier", "K1", "--device", "D1", "--name", "李四")
    assert set(told) == {"token", "courier", "device", "issued_at", "registered"}
    assert told["registered"] == ["courier", "device", "binding"]
    assert tokens.bearer_of(told["token"]).device_identifier == "D1"
    assert Courier.objects.get(number="K1").name == "李四"


def test_a_second_token_registers_nothing_and_the_first_stays_valid():
    first = run("issue_token", "--courier", "K1", "--device", "D1")
    second = run("issue_token", "--courier", " K1", "--device", "D1 ")
    assert second["registered"] == []
    assert first["token"] != second["token"]
    assert tokens.bearer_of(first["token"]).device_id == tokens.bearer_of(second["token"]).device_id
    assert Device.objects.count() == DeviceBinding.objects.count() == 1


@pytest.mark.parametrize(
    ("courier", "device", "said"),
    [
        ("K2", "D1", "D1"),
        ("", "D1", "可见字符"),
        ("K" * 41, "D1", "40"),
        ("K1", "D" * 65, "64"),
        ("K1", "D\n1", "可见"),
    ],
)
def test_wrong_use_ends_with_2_and_a_sentence_and_registers_nothing(courier, device, said):
    run("issue_token", "--courier", "K1", "--device", "D1")
    error = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("issue_token", "--courier", courier, "--device", device, stderr=error)
    assert ended.value.code == 2
    assert said in error.getvalue()
    assert Courier.objects.count() == Device.objects.count() == 1


@pytest.mark.parametrize("name", ["张" * 61, "张\n三", "张\0三"])
def test_a_name_that_fits_no_register_ends_with_2_and_registers_nothing(name):
    error = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("issue_token", "--courier", "K9", "--device", "D9", "--name", name, stderr=error)
    assert ended.value.code == 2
    assert "姓名" in error.getvalue()
    assert not Courier.objects.filter(number="K9").exists()
    assert not Device.objects.filter(identifier="D9").exists()


def test_it_issues_a_code_that_a_phone_can_answer():
    told = run("issue_enrolment_code", "--courier", "K1", "--name", "李四")
    assert set(told) == {"code", "courier", "name", "expires_at", "address", "registered"}
    assert re.fullmatch(r"[2-9A-HJKMNP-Z]{5}-[2-9A-HJKMNP-Z]{5}", told["code"])
    assert told["address"] == "/field/#enrol=" + told["code"].replace("-", "")
    assert told["registered"] == ["courier"]
    enrolled = actions.enrol_device(**answer(Signer(), told["code"], device_name(), clock.now()))
    assert (enrolled.courier.number, enrolled.courier.name) == ("K1", "李四")
    assert run("issue_enrolment_code", "--courier", "K1")["registered"] == []


@pytest.mark.parametrize("courier", ["", "K" * 41, "K\n1"])
def test_no_code_for_a_number_that_is_none(courier):
    with pytest.raises(SystemExit) as ended:
        call_command("issue_enrolment_code", "--courier", courier, stderr=io.StringIO())
    assert ended.value.code == 2
    assert not Courier.objects.exists()


def test_revoking_is_immediate():
    told = run("issue_token", "--courier", "K1", "--device", "D1")
    assert run("revoke_token", "--device", "D1")["revoked"] == 1
    with pytest.raises(Exception, match="停用"):
        tokens.bearer_of(told["token"])
    for device in ("D1", "D2"):
        with pytest.raises(SystemExit) as ended:
            call_command("revoke_token", "--device", device, stderr=io.StringIO())
        assert ended.value.code == 2


def test_without_json_a_person_can_read_it():
    out = io.StringIO()
    call_command("issue_token", "--courier", "K1", "--device", "D1", stdout=out)
    assert re.search(r"^token: puyou_[\w-]{43}$", out.getvalue(), re.M)
