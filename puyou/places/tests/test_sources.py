"""Reading the supplied files: what is missing is told, and the points may be taken away."""

from pathlib import Path

import pytest
from django.conf import settings

from puyou.core.problems import Problem
from puyou.places import shapes, sources

DATA = Path(settings.DATA_DIR)


def test_a_missing_file_of_divisions_is_told(tmp_path):
    with pytest.raises(Problem, match="divisions.parquet"):
        sources.read_divisions(tmp_path)


def test_a_missing_layer_is_told(tmp_path):
    with pytest.raises(Problem, match="counties.geojson"):
        shapes.find(tmp_path, 3, "520526")
    with pytest.raises(Problem, match="boundary_lines.geojson"):
        shapes.boundary_lines(tmp_path)


def test_without_the_file_of_points_nobody_has_one(tmp_path):
    rows = sources.read_divisions(DATA, ["82", "46"])
    bare, none = sources.with_points(rows, tmp_path)
    full, some = sources.with_points(rows, DATA)
    assert (none, bare["lon"].null_count, bare["point_in_county"].null_count) == (0, len(rows), len(rows))
    assert some == len(rows) - full["lat"].null_count > 0
    assert bare.schema == full.schema


def test_a_province_has_the_ids_of_the_whole_edition():
    alone = sources.read_divisions(DATA, ["82"])
    assert alone["name"].to_pylist() == ["澳门特别行政区"]
    assert alone["id"].to_pylist() == [sources.LAST_ID]
    assert alone["parent_id"].to_pylist() == [sources.ROOT]
    assert sources.province_codes(alone) == ["82"]


def test_bounds_hold_every_kind_of_geometry():
    line = {"coordinates": [[1.0, 2.0], [3.0, -4.0]]}
    polygons = {"coordinates": [[[[0.5, 0.0], [9.0, 9.0], [1.0, 1.0]]]]}
    assert shapes.bounds([line, polygons]) == [0.5, -4.0, 9.0, 9.0]
    assert shapes.bounds([]) == []
