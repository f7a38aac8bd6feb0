"""Finding the place that holds a position."""

import pytest

from puyou.places import locating, rules
from puyou.places.models import Place
from puyou.places.queries import get_place

SQUARE = [[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [0.0, 4.0], [0.0, 0.0]]
HOLE = [[1.0, 1.0], [3.0, 1.0], [3.0, 3.0], [1.0, 3.0], [1.0, 1.0]]


@pytest.mark.parametrize(
    ("x", "y", "inside"), [(0.5, 0.5, True), (2, 2, False), (5, 2, False), (-1, 0, False), (3.5, 2, True)]
)
def test_holes_are_no_part_of_an_area(x, y, inside):
    assert rules.holds([SQUARE, HOLE], x, y) is inside


def test_nothing_holds_no_point():
    assert not rules.holds([], 0, 0)


def test_a_village_is_found_at_its_own_point(db):
    known = Place.objects.filter(level=5, lon__isnull=False, point_in_county=True).order_by("code")[:5]
    assert known
    for village in known:
        found = locating.locate(village.lon, village.lat)
        assert found is not None and found.level == 5
        assert (found.lon, found.lat) == (village.lon, village.lat)


def test_far_from_every_point_the_county_is_found(db):
    Place.objects.filter(lon__isnull=False).update(lon=None, lat=None)
    found = locating.locate(104.28, 26.86)  # the seat of Weining
    assert found == get_place("520526")


@pytest.mark.parametrize(("lon", "lat"), [(0.0, 0.0), (-122.4, 37.8), (180.0, 90.0), (float("nan"), 26.0)])
def test_what_lies_outside_is_not_found(db, lon, lat):
    assert locating.locate(lon, lat) is None
