"""The one test that loads all divisions: every count of the edition, and levels that sum to the nation."""

from datetime import UTC, date, datetime

import numpy as np
import pytest
from django.db import connection
from django.db.models import Count

from puyou.places import actions, boundaries, integrity, queries, rules, shapes
from puyou.places.models import Kind, Place, Vintage

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
VILLAGES = 620_572


@pytest.fixture
def nation(own_database):
    """All divisions in a database of the test's own."""
    before = indexes()
    assert actions.load_divisions(by="system:tests", now=NOW) > 600_000
    assert indexes() == before
    assert actions.load_divisions(by="system:tests", now=NOW) == 0
    return queries.current_tree()


def indexes():
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'places_place' ORDER BY 1")
        found = cursor.fetchall()
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = 'places_place'::regclass ORDER BY 1"
        )
        return found + cursor.fetchall()


def found(code):
    return len(integrity.Findings(integrity.get_check(code)))


def test_the_whole_nation_is_as_the_edition_says(nation):
    levels = dict(Place.objects.values_list("level").annotate(Count("id")))
    assert levels == {0: 1, 1: 34, 2: 342, 3: 3_013, 4: 41_351, 5: VILLAGES}
    edition = Vintage.objects.get()
    assert (edition.rows, edition.points, len(edition.provinces)) == (665_312, 75_367, 34)

    codes = list(Place.objects.order_by("path").values_list("code", flat=True))
    assert codes == sorted(codes)

    expected = {
        "county_missing": 77,
        "virtual": 9,
        "stat_zone": 124,
        "county_without_outline": 5,
        "city_missing": 38,
        "outline_without_place": 3,
        "area_class_weak": 29_648,
        "area_class_unknown": VILLAGES - 497_032,
    }
    assert {name: found(f"places.{name}") for name in expected} == expected
    wrong = [check.code for check in integrity.checks() if check.severity == "error" and found(check.code)]
    assert wrong == []

    village_codes = nation.village_codes
    assert sum(map(rules.is_established_village, village_codes.tolist())) == 487_144
    assert (
        sum(rules.is_established_village(code, with_similar=True) for code in village_codes.tolist())
        == 493_236
    )
    assert queries.code_index().lookup(village_codes).tolist() == nation.village_ids.tolist()

    sizes = {0: 1, 1: 31, 2: 342, 3: 2_977, 4: 41_351}
    for level, size in sizes.items():
        anchors, villages = np.unique(nation.anchor[level], return_counts=True)
        assert villages.sum() == VILLAGES
        stand_ins = np.unique(nation.anchor[level][nation.stand_in[level]])
        assert Place.objects.filter(pk__in=anchors.tolist()).exclude(level=level).count() == len(stand_ins)
        assert len(anchors) == size
    assert queries.tree_on(date(2020, 1, 1)) is nation

    assert len(queries.members_of("west-12", date(2026, 1, 1))) == 12
    assert queries.search("东莞市", 1)[0].code == "441900000000"
    _check_maps()


def _check_maps():
    """Every place above the townships is drawn once on the map above it, or told as missing."""
    drawn = boundaries.collection(queries.get_root())
    kinds = [feature["properties"]["kind"] for feature in drawn["features"]]
    assert (kinds.count("place"), kinds.count("line"), drawn["missing"]) == (34, 4, [])
    assert drawn["bbox"][1] < 4 and drawn["bbox"][3] > 53

    told, neutral, seen = set(), set(), set()
    for place in Place.objects.filter(level__in=(1, 2)).exclude(kind=Kind.VIRTUAL):
        drawn = boundaries.collection(place)
        told |= {row["code"] for row in drawn["missing"]}
        for feature in drawn["features"]:
            own = feature["properties"]
            (neutral if own["kind"] == "neutral" else seen).add(own["code"])
    assert neutral == {"629700000000", "629800000000", "629900000000"}
    below = Place.objects.filter(level__in=(2, 3)).exclude(kind=Kind.VIRTUAL)
    expected = set(below.values_list("code", flat=True))
    assert expected <= seen | told
    zones = set(Place.objects.filter(kind=Kind.STAT_ZONE).values_list("code", flat=True))
    assert {code[:6] for code in told - zones} == {"232761", "232762", "232763", "232764", "460323"}
    claimed = set(Place.objects.exclude(geo_code="").values_list("geo_code", flat=True))
    assert {
        code for level in shapes.LAYERS for code in shapes.codes(boundaries._folder(), level)
    } - claimed == {
        "629700",
        "629800",
        "629900",
    }
