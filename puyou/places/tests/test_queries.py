"""Reading divisions: codes as people type them, the chain above, the tree kept in memory."""

from datetime import UTC, date, datetime

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from puyou.core import paths
from puyou.core.problems import Problem
from puyou.places import actions, boundaries, queries, rules, snapshot
from puyou.places.models import Place

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("000000000000", "全国"),
        ("52", "贵州省"),
        ("5205", "毕节市"),
        ("520526", "威宁彝族回族苗族自治县"),
        ("520526100", "草海镇"),
        ("５２０５", "毕节市"),
    ],
)
def test_a_place_is_found_by_every_form_of_its_code(typed, name):
    assert queries.get_place(typed).name == name


@pytest.mark.parametrize(
    ("typed", "code"), [("5", "places.bad_code"), ("贵州", "places.bad_code"), ("99", "places.unknown")]
)
def test_a_wrong_code_is_told_in_chinese(typed, code):
    with pytest.raises(Problem) as caught:
        queries.get_place(typed)
    assert caught.value.code == code
    assert f"“{typed}" in caught.value.message


def test_the_chain_above_a_place_starts_with_the_nation():
    above = queries.ancestors(queries.get_place("520526100"))
    assert [place.name for place in above] == ["全国", "贵州省", "毕节市", "威宁彝族回族苗族自治县"]
    assert queries.ancestors(queries.get_root()) == []


def test_children_come_in_code_order():
    children = queries.list_children(None, queries.get_place("52"))
    assert [place.code for place in children] == sorted(place.code for place in children)
    assert len(children) == 9


def test_the_tree_holds_every_village_under_each_of_its_anchors():
    tree = queries.current_tree()
    assert len(tree) == Place.objects.filter(level=5).count()
    place = queries.get_place("520526")
    inside = tree.under(place.path)
    assert (tree.anchor[3][inside] == place.pk).all()
    assert np.count_nonzero(tree.anchor[3] == place.pk) == inside.stop - inside.start
    assert tree.paths[inside.start].decode().startswith(place.path)
    assert paths.ids(tree.paths[0].decode())[-1] == tree.village_ids[0]


def test_the_tree_is_kept_until_it_changes():
    first = queries.current_tree()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert queries.current_tree() is first
    assert len(asked) == 1
    town = queries.get_place("520526100")
    told = {"ground": "某文件", "by": "user:1", "now": NOW, "on": date(2026, 1, 5)}
    actions.rename_place(place=town, name="新名镇", **told)
    assert queries.current_tree() is not first


def test_a_finder_left_by_another_process_is_opened_as_it_is(settings, tmp_path):
    settings.PUYOU_HOME = tmp_path
    snapshot.forget()
    found = queries.search("草海", 5)
    snapshot.forget()
    with CaptureQueriesContext(connection) as asked:
        assert queries.search("草海", 5) == found
    assert len(asked) == 1
    assert found[0].chain_text == "贵州省 › 毕节市 › 威宁彝族回族苗族自治县 › 草海镇"


def test_codes_lead_to_villages_alone():
    village = Place.objects.filter(level=5).first()
    index = queries.code_index()
    assert index.lookup([int(village.code), 520000000000, 1]).tolist() == [village.pk, -1, -1]
    established = sum(rules.is_established_village(int(code)) for code in index.codes)
    assert 13_000 < established < len(index.codes)


def test_nothing_loaded_is_told_as_such():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM places_treestamp")
    with pytest.raises(Problem) as caught:
        queries.search("贵州")
    assert caught.value.code == "places.not_loaded"


class TestMaps:
    def features(self, code):
        drawn = boundaries.collection(queries.get_place(code))
        kinds = [feature["properties"]["kind"] for feature in drawn["features"]]
        return drawn, kinds

    def test_a_province_shows_its_cities_and_a_city_its_counties(self):
        for code, count in (("52", 9), ("5205", 8)):
            drawn, kinds = self.features(code)
            assert kinds == ["place"] * count
            assert not drawn["outline"]
            codes = [feature["properties"]["code"] for feature in drawn["features"]]
            assert Place.objects.filter(code__in=codes).count() == count

    @pytest.mark.parametrize("code", ["520526", "520526100", "520526100034"])
    def test_below_a_county_the_county_is_the_outline(self, code):
        drawn, _ = self.features(code)
        assert drawn["outline"]
        assert [feature["properties"]["code"] for feature in drawn["features"]] == ["520526000000"]

    def test_the_nation_shows_the_whole_territory_with_its_lines(self):
        drawn, kinds = self.features("000000000000")
        assert kinds.count("line") == 4
        assert "九段线" in {feature["properties"]["name"] for feature in drawn["features"]}

    def test_points_are_those_inside_the_place(self):
        towns = boundaries.points_under(queries.get_place("520526"), level=4)
        assert towns
        assert all(point.code.startswith("520526") and 103 < point.lon < 105 for point in towns)
