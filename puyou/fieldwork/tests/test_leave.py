"""Leave and substitution in two taps, whole or in part, ended early or taken back."""

from datetime import date, timedelta

import pytest

from puyou.fieldwork.tests.cast import TODAY, desk_of
from puyou.places.queries import get_place
from puyou.registry.models import Leave, RoundCourier
from puyou.registry.tests.conftest import make_network, villages_under

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(network):
    return desk_of(get_place(network.villages[0].code[:6]))


@pytest.fixture
def other(network):
    """A colleague in the same county."""
    county = network.villages[0].code[:6]
    return make_network(villages_under(county, 8)[5:], "丙")


def tap(desk, network, **changes):
    """The second tap, with what the page had ready."""
    address = f"/fieldwork/leave/new/?courier={network.courier.pk}"
    told = {
        "first": "2026-11-20", "last": "2026-11-22", "leave": "on", "ground": "病假",
        "village": [str(village.pk) for village in network.villages],
    }  # fmt: skip
    return desk.post(address, told | changes)


def test_two_taps_arrange_leave_and_substitution(desk, network, other):
    first = desk.get("/fieldwork/leave/new/").content.decode()
    assert f"?courier={network.courier.pk}" in first
    second = desk.get(f"/fieldwork/leave/new/?courier={network.courier.pk}").content.decode()
    assert f'value="{other.courier.pk}"' in second and second.count("checked") >= 4
    assert tap(desk, network, substitute=other.courier.pk).status_code == 302
    leave, taken = Leave.objects.get(), RoundCourier.objects.get(substitute=True)
    assert (leave.courier, leave.valid_from, leave.valid_to) == (network.courier, TODAY, date(2026, 11, 23))
    assert (taken.courier, taken.whole, taken.valid_to) == (other.courier, True, date(2026, 11, 23))
    listed = desk.get("/fieldwork/leave/").content.decode()
    assert other.courier.name in listed and "整段" in listed and "11.22 周日" in listed


def test_a_part_of_the_round_keeps_the_courier_on_the_rest(desk, network, other):
    chosen = [str(network.villages[0].pk)]
    tap(desk, network, substitute=other.courier.pk, village=chosen, leave="")
    taken = RoundCourier.objects.get(substitute=True)
    assert not taken.whole and [part.place for part in taken.part.all()] == [network.villages[0]]
    assert not Leave.objects.exists()


def test_leave_without_a_substitute(desk, network):
    tap(desk, network, substitute="0")
    assert Leave.objects.count() == 1 and not RoundCourier.objects.filter(substitute=True).exists()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"last": "2026-11-19"}, "结束日期不能早于开始日期"),
        ({"first": "morgen"}, "输入一个有效的日期"),
        ({"leave": "", "substitute": "0"}, "请选择代班人和村"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_done(desk, network, other, changes, told):
    answer = tap(desk, network, **({"substitute": other.courier.pk} | changes))
    assert answer.status_code == 422 and told in answer.content.decode()
    assert not Leave.objects.exists() and not RoundCourier.objects.filter(substitute=True).exists()


def test_both_or_neither(desk, network, other):
    tap(desk, network, substitute=other.courier.pk)
    answer = tap(desk, network, substitute=other.courier.pk, first="2026-11-22", last="2026-11-25")
    assert answer.status_code == 422 and "请假" in answer.content.decode()
    assert Leave.objects.count() == 1 and RoundCourier.objects.filter(substitute=True).count() == 1


def test_undo_takes_both_back_and_early_ends_today(desk, network, other):
    tap(desk, network, substitute=other.courier.pk, first="2026-11-18")
    leave, taken = Leave.objects.get(), RoundCourier.objects.get(substitute=True)
    desk.post(f"/fieldwork/leave/{leave.pk}/end/")
    desk.post(f"/fieldwork/substitutions/{taken.pk}/end/", {"undo": "1"})
    leave.refresh_from_db(), taken.refresh_from_db()
    assert leave.valid_to == TODAY and taken.valid_to == taken.valid_from
    page = desk.get("/fieldwork/leave/").content.decode()
    assert "现在没有代班" in page and "现在没有人请假" in page


def test_regulators_look_and_do_not_arrange(network, other, officer):
    assert officer.get("/fieldwork/leave/").status_code == 200
    assert tap(officer, network, substitute=other.courier.pk).status_code == 403
    assert not Leave.objects.exists()


def test_another_county_cannot(network, other, desk, far_network):
    tap(desk, network, substitute=other.courier.pk)
    leave, taken = Leave.objects.get(), RoundCourier.objects.get(substitute=True)
    far = desk_of(get_place("5203"))
    assert other.courier.name not in far.get("/fieldwork/leave/").content.decode()
    assert tap(far, network, substitute=far_network.courier.pk).status_code == 404
    assert far.post(f"/fieldwork/leave/{leave.pk}/end/", {"undo": "1"}).status_code == 404
    assert far.post(f"/fieldwork/substitutions/{taken.pk}/end/", {"undo": "1"}).status_code == 404
    leave.refresh_from_db()
    assert leave.valid_to == date(2026, 11, 23)


def test_a_substitute_from_out_of_sight_cannot_be_named(network, desk, far_network):
    assert tap(desk, network, substitute=far_network.courier.pk).status_code == 404


def test_the_calendar_shows_both_sides(desk, network, other):
    tap(desk, network, substitute=other.courier.pk, last=str(TODAY + timedelta(days=1)))
    away = desk.get(f"/fieldwork/couriers/{network.courier.pk}/").content.decode()
    assert "请假 2 天" in away and f"由{other.courier.name}代班" in away
    standing_in = desk.get(f"/fieldwork/couriers/{other.courier.pk}/").content.decode()
    assert "代班 2 天" in standing_in and network.courier.name in standing_in
