from datetime import date

import pytest
from django.test import Client

from puyou.registry import actions
from puyou.registry.models import VillagePoint
from puyou.registry.tests.conftest import BY, START

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


@pytest.fixture
def with_duties(villages):
    actions.fill_duties(
        place_ids=[place.pk for place in villages],
        area_classes=["rural", "rural", "remote"],
        times=[3, 2, 1],
        periods=["week"] * 3,
        valid_from=[START] * 3,
        valid_to=["NaT"] * 3,
        **BY,
    )
    return villages


class TestVillages:
    def test_it_lists_the_officers_own_place(self, officer, with_duties, network):
        page = text(officer.get("/registry/"))
        assert all(place.name in page for place in with_duties)
        assert "每周 3 次" in page and "低于下限" in page and "张甲" in page and "R甲" in page

    def test_a_place_is_chosen_by_its_code(self, national, with_duties):
        page = text(national.get("/registry/?place=5201"))
        assert with_duties[0].name in page and "共 3 个村" in page.replace("\n", "")
        assert with_duties[0].name not in text(national.get("/registry/?place=5203"))

    @pytest.mark.parametrize(
        ("asked", "shown"),
        [
            ("area_class=remote", [2]),
            ("finding=below_floor", [1]),
            ("finding=no_round", [0, 1, 2]),
            ("standing=none", [0, 1, 2]),
            ("standing=confirmed", []),
        ],
    )
    def test_filters_narrow_it(self, officer, with_duties, asked, shown):
        page = text(officer.get(f"/registry/?{asked}"))
        assert [at for at, place in enumerate(with_duties) if place.code in page] == shown

    @pytest.mark.parametrize("sort", ["place__name", "-duty_times", "round_number", "nonsense"])
    def test_it_sorts(self, officer, with_duties, sort):
        assert officer.get(f"/registry/?sort={sort}").status_code == 200

    @pytest.mark.parametrize("kind", ["xlsx", "csv"])
    def test_it_exports(self, officer, with_duties, kind):
        answer = officer.get(f"/registry/?format={kind}")
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content if answer.streaming else [answer.content])

    def test_the_number_of_queries_does_not_grow_with_the_list(
        self, officer, with_duties, django_assert_max_num_queries
    ):
        with django_assert_max_num_queries(14):
            officer.get("/registry/")

    @pytest.mark.parametrize("code", ["99", "abc", "999999", "1'--"])
    def test_a_strange_place_is_told(self, officer, code):
        assert officer.get("/registry/", {"place": code}).status_code in (404, 422)

    def test_another_province_cannot(self, stranger, with_duties):
        assert stranger.get("/registry/?place=5201").status_code == 403
        assert with_duties[0].name not in text(stranger.get("/registry/"))

    def test_strangers_are_sent_to_sign_in(self):
        assert Client().get("/registry/").status_code == 302


class TestVillage:
    def test_it_shows_everything_dated(self, officer, with_duties, network):
        page = text(officer.get(f"/registry/villages/{with_duties[0].code}/"))
        assert "每周 3 次" in page and "R甲" in page and "甲村邮站" in page and "2026年1月1日" in page
        assert "确认村点" in page

    def test_a_place_that_is_no_village_is_told(self, officer):
        assert officer.get("/registry/villages/520102000000/").status_code == 422

    def test_another_province_cannot(self, stranger, with_duties):
        answer = stranger.get(f"/registry/villages/{with_duties[0].code}/")
        assert answer.status_code == 403 and "不在您的管辖范围" in text(answer)


class TestConfirmingAPoint:
    content = {"lon": "106.7", "lat": "26.6", "source": "现场核实", "valid_from": "2026-11-20"}

    def address(self, place):
        return f"/registry/villages/{place.code}/point/"

    def test_an_officer_confirms(self, officer, villages):
        assert officer.get(self.address(villages[0])).status_code == 200
        assert officer.post(self.address(villages[0]), self.content).status_code == 302
        point = VillagePoint.objects.get()
        assert (point.standing, point.lon, point.valid_from) == ("confirmed", 106.7, date(2026, 11, 20))

    @pytest.mark.parametrize(
        "wrong",
        [{"lon": "0", "lat": "0"}, {"lon": "东"}, {"lat": "nan"}, {"source": ""}, {"valid_from": "x"}],
    )
    def test_a_refusal_is_told_above_the_form(self, officer, villages, wrong):
        assert officer.post(self.address(villages[0]), self.content | wrong).status_code == 422
        assert not VillagePoint.objects.exists()

    def test_another_province_cannot(self, stranger, villages):
        assert stranger.get(self.address(villages[0])).status_code == 403
        assert stranger.post(self.address(villages[0]), self.content).status_code == 403
        assert not VillagePoint.objects.exists()


# list, the filter that finds the one row, what it shows, the attribute of the network behind its detail
LISTS = [
    ("couriers", "number=C甲", "张甲", "courier"),
    ("devices", "identifier=D甲", "D甲", "device"),
    ("rounds", "courier=张甲", "R甲", "round"),
    ("delivery-points", "kind=station", "甲村邮站", "point"),
]


@pytest.mark.parametrize(("name", "asked", "shown", "attribute"), LISTS)
class TestLists:
    def test_it_lists_filters_and_leads_to_one(
        self, officer, network, far_network, name, asked, shown, attribute
    ):
        page = text(officer.get(f"/registry/{name}/?{asked}"))
        row = getattr(network, attribute)
        assert shown in page and "乙" not in page
        assert f"/registry/{name}/{row.pk}/" in page
        assert officer.get(f"/registry/{name}/{row.pk}/").status_code == 200
        assert officer.get(f"/registry/{name}/?format=csv").status_code == 200

    def test_one_shows_its_neighbours(self, officer, network, name, asked, shown, attribute):
        page = text(officer.get(f"/registry/{name}/{getattr(network, attribute).pk}/"))
        expected = {
            "courier": ["R甲", "D甲"],
            "device": ["张甲"],
            "round": ["张甲", network.villages[0].name],
            "point": [network.villages[0].name],
        }
        assert all(one in page for one in expected[attribute])

    def test_another_province_cannot(self, stranger, network, name, asked, shown, attribute):
        assert shown not in text(stranger.get(f"/registry/{name}/"))
        assert stranger.get(f"/registry/{name}/{getattr(network, attribute).pk}/").status_code == 404
