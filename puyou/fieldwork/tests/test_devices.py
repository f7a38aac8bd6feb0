"""The fleet at the desk: codes shown once, phones suspended, resumed, revoked, replaced in minutes."""

import re

import pytest

from puyou.fieldwork.tests.cast import NOW, desk_of, phone_of
from puyou.ingest import codes
from puyou.ingest.models import DeviceStanding, EnrolmentCode
from puyou.places.queries import get_place
from puyou.registry import actions as registry
from puyou.registry.models import DeviceBinding
from puyou.registry.tests.conftest import BY, START

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(network):
    phone_of(network)
    return desk_of(get_place(network.villages[0].code[:6]))


def code_on(page):
    return re.search(r"[2-9A-Z]{5}-[2-9A-Z]{5}", page)[0]


def test_a_code_is_shown_once_big_and_to_be_scanned(desk, network):
    chosen = desk.get("/fieldwork/codes/").content.decode()
    assert network.courier.name in chosen
    answer = desk.post("/fieldwork/codes/", {"courier": network.courier.pk})
    page = answer.content.decode()
    assert "<svg" in page and answer["Cache-Control"] == "no-store" and "前有效" in page
    row = EnrolmentCode.objects.get()
    assert bytes(row.digest) == codes.digest(codes.normalised(code_on(page)))
    listed = desk.get("/fieldwork/devices/").content.decode()
    assert "可用" in listed and code_on(page) not in listed


def test_a_phone_is_suspended_resumed_and_revoked_with_grounds(desk, network):
    address = f"/fieldwork/devices/{network.device.pk}/"
    assert "暂停" in desk.get(address).content.decode()
    assert desk.post(f"{address}suspend/", {"ground": " "}).status_code == 422
    for step in ("suspend", "resume", "revoke"):
        assert desk.post(f"{address}{step}/", {"ground": "手机丢失"}).status_code == 302
    assert [row.standing for row in DeviceStanding.objects.order_by("id")] == [
        "suspended",
        "active",
        "revoked",
    ]
    page = desk.get(address).content.decode()
    assert "收回" in page and "手机丢失" in page and f"{address}resume/" not in page
    assert desk.post(f"{address}resume/", {"ground": "找到了"}).status_code == 422


def test_replacing_ends_the_old_and_shows_the_new_code_on_one_page(desk, network):
    page = desk.post(f"/fieldwork/devices/{network.device.pk}/replace/").content.decode()
    assert code_on(page) and network.courier.name in page and "旧手机" in page
    assert not DeviceBinding.objects.filter(device=network.device, valid_to=None).exists()


def test_two_couriers_on_one_phone_and_two_phones_of_one_are_seen(desk, network):
    second = registry.register_device(identifier="D二", **BY)
    registry.bind_device(device=second, courier=network.courier, valid_from=START, **BY)
    page = desk.get("/fieldwork/devices/").content.decode()
    assert "一人多机（2 台）" in page and "2 台属于一人多机" in page
    assert "D二" in desk.get("/fieldwork/devices/?look=courier").content.decode()
    assert network.device.identifier not in desk.get("/fieldwork/devices/?look=phone").content.decode()


def test_regulators_look_and_do_not_touch(network, officer):
    phone_of(network)
    address = f"/fieldwork/devices/{network.device.pk}/"
    page = officer.get(address).content.decode()
    assert network.courier.name in page and f"{address}suspend/" not in page and "换手机" not in page
    for step in ("suspend", "revoke", "replace"):
        assert officer.post(f"{address}{step}/", {"ground": "无"}).status_code == 403
    assert officer.post("/fieldwork/codes/", {"courier": network.courier.pk}).status_code == 403
    assert not DeviceStanding.objects.exists() and not EnrolmentCode.objects.exists()


def test_another_county_cannot(network, far_network, desk):
    far = desk_of(get_place("5203"))
    address = f"/fieldwork/devices/{network.device.pk}/"
    assert network.device.identifier not in far.get("/fieldwork/devices/").content.decode()
    assert far.get(address).status_code == 404
    for step in ("suspend", "revoke", "replace"):
        assert far.post(f"{address}{step}/", {"ground": "无"}).status_code == 404
    assert far.post("/fieldwork/codes/", {"courier": network.courier.pk}).status_code == 404
    assert not EnrolmentCode.objects.exists()


def test_a_phone_in_nobodys_hands_says_so(desk, network):
    registry.return_device(device=network.device, on=NOW.date(), **BY)
    assert "无人领用" in desk.get("/fieldwork/devices/").content.decode()
    assert "换手机：" not in desk.get(f"/fieldwork/devices/{network.device.pk}/").content.decode()
