"""A layout under edits: nothing is lost or doubled but what the edit names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puyou.reports import layout
from puyou.reports.layout import LayoutError, Section, Tile

TILES = st.builds(Tile, indicator=st.sampled_from(["a", "b", "c", "d"]))
LAYOUTS = st.lists(
    st.builds(Section, title=st.sampled_from(["一", "二"]), tiles=st.lists(TILES, max_size=4).map(tuple)), max_size=4
).map(tuple)  # fmt: skip
CHANGES = st.tuples(
    st.sampled_from(["add", "up", "down", "remove", "odd"]), st.lists(st.integers(0, 5), max_size=2)
).map(lambda each: ":".join([each[0], *map(str, each[1])]))


def _all(consists):
    return sorted(tile.indicator for section in consists for tile in section.tiles)


@given(LAYOUTS, CHANGES)
def test_moving_keeps_everything_and_the_rest_changes_by_what_it_names(before, change):
    after = layout.edited(before, change)
    verb = change.split(":")[0]
    if verb in ("up", "down", "odd"):
        assert _all(after) == _all(before)
        assert len(after) == len(before)
    if verb == "add":
        assert 0 <= len(_all(after)) + len(after) - len(_all(before)) - len(before) <= 1
    if verb == "remove":
        assert set(_all(after)) <= set(_all(before))


@given(LAYOUTS)
def test_what_is_kept_reads_back(consists):
    assert layout.read(layout.kept(consists)) == consists


@pytest.mark.parametrize(
    ("section", "words"),
    [
        (Section("", "", (Tile("a"),)), "请写标题"),
        (Section("题" * 41, "", ()), "标题最多 40 字"),
        (Section("题", "评" * 301, ()), "评语最多 300 字"),
        (Section("题", "", (Tile(""),)), "第 1 节第 1 项：请选择指标"),
        (Section("题", "", (Tile("a"), Tile("z"))), "第 1 节第 2 项：没有指标“z”"),
        (Section("题", "", (Tile("a", comparison="odd"),)), "没有这种比较"),
        (Section("题", "", (Tile("a", by="a"),)), "请选择比较的方式"),
        (Section("题", "", (Tile("a", note="注" * 121),)), "说明最多 120 字"),
        (Section("题", "", (Tile("a", period="明年"),)), "时期“明年”应写作"),
        (Section("题", "", (Tile("a"),) * 61), "一节最多 60 项"),
    ],
)
def test_what_is_not_right_is_said_with_its_place(section, words):
    with pytest.raises(LayoutError, match=words):
        layout.examine((section,), ["a"])
