"""Two cities of Guizhou, their villages, a small network, and officers who see parts of it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from puyou.accounts import actions as accounts
from puyou.accounts.scopes import Scope
from puyou.core import clock
from puyou.places.models import Place
from puyou.places.queries import get_place, get_root
from puyou.registry import actions
from puyou.registry.models import Courier, DeliveryPoint, Device, Round

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
START = date(2026, 1, 1)
BY = {"by": "system:tests", "now": NOW}


@pytest.fixture(autouse=True)
def _frozen():
    with clock.frozen(NOW):
        yield


def villages_under(code: str, count: int) -> list[Place]:
    """The first level-5 places of a division, by code."""
    place = get_place(code)
    return list(
        Place.objects.filter(level=5, valid_to=None, path__startswith=place.path).order_by("code")[:count]
    )


@pytest.fixture
def villages(db) -> list[Place]:
    """Three villages of Guiyang (5201)."""
    return villages_under("5201", 3)


@pytest.fixture
def far_villages(db) -> list[Place]:
    """Two villages of Zunyi (5203)."""
    return villages_under("5203", 2)


@dataclass
class Network:
    courier: Courier
    device: Device
    round: Round
    point: DeliveryPoint
    villages: list[Place]


def make_network(villages: list[Place], mark: str) -> Network:
    """A round with one courier, one device and one delivery point, serving the villages since START."""
    courier = actions.register_courier(number=f"C{mark}", name=f"张{mark}", valid_from=START, **BY)
    device = actions.register_device(identifier=f"D{mark}", **BY)
    actions.bind_device(device=device, courier=courier, valid_from=START, **BY)
    round_ = actions.create_round(number=f"R{mark}", name=f"{mark}线", **BY)
    actions.assign_courier(round_=round_, courier=courier, valid_from=START, **BY)
    point = actions.create_delivery_point(
        code=f"P{mark}", name=f"{mark}村邮站", kind="station", lon=106.7, lat=26.6, **BY
    )
    for place in villages:
        actions.put_village_on_round(round_=round_, place=place, valid_from=START, **BY)
        actions.serve_village_through_point(point=point, place=place, valid_from=START, **BY)
    return Network(courier, device, round_, point, villages)


@pytest.fixture
def network(villages) -> Network:
    return make_network(villages, "甲")


@pytest.fixture
def far_network(far_villages) -> Network:
    return make_network(far_villages, "乙")


def client_of(role: str, place: Place) -> Client:
    user, _ = accounts.open_account(
        username=f"{role}.{place.code}",
        name="李四",
        role=role,
        place=place,
        by=Scope.system("tests"),
        now=NOW,
    )
    user.must_change_password = False
    user.save()
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def officer(db) -> Client:
    """An officer of Guiyang."""
    return client_of("city_regulator", get_place("5201"))


@pytest.fixture
def stranger(db) -> Client:
    """An officer of Zunyi, who may see nothing of Guiyang."""
    return client_of("city_regulator", get_place("5203"))


@pytest.fixture
def national(db) -> Client:
    return client_of("national_regulator", get_root())


HEAD = "village_code,area_class,times,period,from,to\n"


@pytest.fixture
def duty_file(tmp_path):
    """Writes rows below the usual head and returns the path."""

    def write(*rows: str, name: str = "duties.csv", encoding: str = "utf-8"):
        path = tmp_path / name
        path.write_bytes((HEAD + "".join(row + "\n" for row in rows)).encode(encoding))
        return path

    return write
