"""Today's rounds: who is out, what is left, whose phone is silent; live, and nobody else's."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from puyou.accounts.scopes import Scope
from puyou.fieldwork import board
from puyou.fieldwork.tests.cast import NOW, TODAY, come, desk_of, mark
from puyou.ingest.models import Contact
from puyou.places.queries import get_place
from puyou.registry import actions as registry
from puyou.registry.tests.conftest import BY, START, client_of, make_network, villages_under
from puyou.visits.rules import MASK

pytestmark = pytest.mark.django_db
EVERYTHING = Scope.system("tests")


HERE = "place=520102"  # the network's county


def rows(place="5201", on=TODAY, now=NOW):
    return board.list_rounds_of_day(EVERYTHING, get_place(place), on, now).rows


def heard(network, ago):
    Contact.objects.create(device=network.device, at=NOW - ago, skew_seconds=0)


def test_a_round_that_nobody_began_waits(network):
    row = rows()[0]
    assert (row.state, row.planned, row.visited, row.left) == ("waiting", 3, 0, 3)
    assert row.courier_name == network.courier.name and not row.substitute


def test_one_that_was_begun_is_out_and_done_when_nothing_is_left(network):
    heard(network, timedelta(minutes=5))
    mark(network.courier, network.device, "start", NOW - timedelta(hours=4))
    assert rows()[0].state == "out"
    come(network.courier, network.villages[:2])
    row = rows()[0]
    assert (row.state, row.visited, row.left) == ("out", 2, 1)
    assert (row.first_at, row.last_at) == (NOW - timedelta(hours=3), NOW - timedelta(hours=2, minutes=50))
    come(network.courier, network.villages[2:])
    assert rows()[0].state == "done"


def test_ending_the_round_ends_it_with_villages_left(network):
    come(network.courier, network.villages[:1])
    mark(network.courier, network.device, "end", NOW)
    row = rows()[0]
    assert (row.state, row.left, row.ended_at) == ("done", 2, NOW)


@pytest.mark.parametrize(("ago", "state"), [(timedelta(hours=1), "out"), (timedelta(hours=3), "silent")])
def test_a_phone_that_was_not_heard_for_longer_than_the_rule_is_silent(network, ago, state):
    heard(network, ago)
    come(network.courier, network.villages[:1])
    row = rows()[0]
    assert row.state == state
    assert ("待上传" in row.hint) == (state == "silent")


def test_nobody_waits_for_a_phone_on_a_day_that_is_over(network):
    yesterday = NOW - timedelta(days=1)
    come(network.courier, network.villages[:1], at=yesterday)
    assert rows(on=TODAY - timedelta(days=1))[0].state == "part"
    assert rows(on=TODAY - timedelta(days=2))[0].state == "absent"


def test_hints_tell_late_and_doubtful_visits_and_missing_phones(network):
    come(network.courier, network.villages[:1], late=timedelta(hours=5), findings=MASK["copied_position"])
    registry.return_device(device=network.device, on=TODAY, **BY)
    assert rows()[0].hint == "未领用设备；1 条为事后补传；1 条存疑"


def test_villages_beside_the_plan_are_extra_unless_another_round_of_his_has_them(network, villages):
    others = villages_under("5201", 5)[3:]
    second = registry.create_round(number="R二", name="二线", **BY)
    registry.assign_courier(round_=second, courier=network.courier, valid_from=START, **BY)
    registry.put_village_on_round(round_=second, place=others[0], valid_from=START, **BY)
    come(network.courier, others)
    told = {row.round_number: row for row in rows()}
    assert told["R二"].visited == 1 and [row.extra for row in told.values()] == [1, 1]


def test_a_substitute_is_marked_and_the_part_is_his(network, far_network):
    registry.substitute(
        round_=network.round, courier=far_network.courier, villages=network.villages[:1],
        valid_from=TODAY, valid_to=TODAY + timedelta(days=1), **BY,
    )  # fmt: skip
    told = {row.courier_name: row for row in rows()}
    assert told[far_network.courier.name].substitute and told[far_network.courier.name].planned == 1
    assert told[network.courier.name].planned == 2


def test_leave_without_a_substitute_leaves_villages_to_nobody(network):
    registry.take_leave(
        courier=network.courier, valid_from=TODAY, valid_to=TODAY + timedelta(days=1), ground="病假", **BY
    )
    row = rows()[0]
    assert (row.state, row.planned, row.courier_id) == ("uncovered", 3, None)
    assert "无人代班" in row.courier_name


def test_the_number_of_queries_does_not_grow_with_rounds(network, django_assert_max_num_queries):
    with CaptureQueriesContext(connection) as one:
        rows()
    for at, village in enumerate(villages_under("5201", 13)[3:]):
        made = make_network([village], f"多{at}")
        come(made.courier, [village])
    with django_assert_max_num_queries(len(one) + 1):
        assert len(rows()) == 11


def test_a_visit_taken_back_is_as_if_nobody_had_been_there(network):
    come(network.courier, network.villages[:1], findings=MASK["withdrawn"])
    assert rows()[0].visited == 0 and rows()[0].state == "waiting"


# Pages.


def test_the_page_answers_in_one_sentence_and_follows_the_day(network, officer):
    come(network.courier, network.villages[:2])
    page = officer.get(f"/fieldwork/?{HERE}").content.decode()
    assert "应到 3 个村，已到 2 个，还剩 1 个" in page and network.courier.name in page
    live = officer.get(f"/fieldwork/live/?{HERE}")
    assert live.status_code == 200 and "<html" not in live.content.decode()
    assert officer.get(f"/fieldwork/live/?{HERE}", headers={"if-none-match": live["ETag"]}).status_code == 304
    come(network.courier, network.villages[2:])
    moved = officer.get(f"/fieldwork/live/?{HERE}", headers={"if-none-match": live["ETag"]})
    assert moved.status_code == 200 and "全部到齐" in moved.content.decode()


def test_filters_narrow_and_the_file_holds_the_same_rows(network, officer):
    assert network.courier.name not in officer.get(f"/fieldwork/?{HERE}&state=done").content.decode()
    assert network.courier.name in officer.get(f"/fieldwork/?{HERE}&name=甲").content.decode()


def test_a_round_page_lists_its_villages_with_what_came_of_them(network, officer):
    come(network.courier, network.villages[:1], findings=MASK["copied_position"])
    page = officer.get(f"/fieldwork/rounds/{network.round.pk}/").content.decode()
    assert "已到 1 个" in page and "坐标完全相同" in page
    for village in network.villages:
        assert village.name in page
    live = officer.get(f"/fieldwork/rounds/{network.round.pk}/live/")
    again = officer.get(
        f"/fieldwork/rounds/{network.round.pk}/live/", headers={"if-none-match": live["ETag"]}
    )
    assert again.status_code == 304


def test_another_city_sees_none_of_it(network, stranger):
    code = network.villages[0].code[:4]
    assert network.courier.name not in stranger.get("/fieldwork/").content.decode()
    for address in ("", "live/"):
        assert stranger.get(f"/fieldwork/{address}?place={code}").status_code == 403
    for address in ("", "live/"):
        assert stranger.get(f"/fieldwork/rounds/{network.round.pk}/{address}").status_code == 404
    assert stranger.get(f"/fieldwork/couriers/{network.courier.pk}/").status_code == 404


def test_above_counties_the_page_offers_counties(network, national):
    page = national.get("/fieldwork/").content.decode()
    assert "贵州省" in page and "选择一个县" in page
    province = national.get("/fieldwork/?place=52").content.decode()
    assert "贵阳市" in province and "3" in province


def test_another_day_is_looked_at_and_no_day_to_come(network, officer):
    assert "2026年11月19日" in officer.get(f"/fieldwork/?{HERE}&day=2026-11-19").content.decode()
    assert officer.get(f"/fieldwork/?{HERE}&day=2026-11-21").status_code == 400
    assert officer.get(f"/fieldwork/?{HERE}&day=gestern").status_code == 400


def test_couriers_have_no_business_at_the_desk(network):
    client = client_of("courier", get_place("520102"))
    for address in ("", "live/", "leave/", "tags/", "training/", "leave/new/", "tags/new/"):
        assert client.get(f"/fieldwork/{address}").status_code == 403


def test_the_companys_desk_sees_its_county(network):
    county = get_place(network.villages[0].code[:6])
    assert network.courier.name in desk_of(county).get("/fieldwork/").content.decode()
