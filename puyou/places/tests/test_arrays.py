"""The tree as arrays against the plain reading of a parent list."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from puyou.core import paths
from puyou.places import arrays


@st.composite
def trees(draw):
    """Places (id, level, parent) with levels skipped at random; the nation is id 1."""
    places = {1: (0, None)}
    for identifier in draw(st.lists(st.integers(2, 36**4 - 1), max_size=25, unique=True)):
        parent = draw(st.sampled_from([i for i, (level, _) in places.items() if level < 5]))
        places[identifier] = (draw(st.integers(places[parent][0] + 1, 5)), parent)
    return places


def path_of(places, identifier):
    level, parent = places[identifier]
    return (path_of(places, parent) if parent else "") + paths.step(identifier)


def standing(places, identifier, level):
    """The nearest ancestor at or above a level."""
    while places[identifier][0] > level:
        identifier = places[identifier][1]
    return identifier


def built(places):
    ids = np.array(list(places), np.int32)
    levels = np.array([level for level, _ in places.values()], np.int8)
    return arrays.build_tree(
        ids, ids.astype(np.int64) * 10, levels, [path_of(places, i).encode() for i in places]
    )


@given(trees())
def test_anchors_are_the_nearest_ancestors(places):
    tree = built(places)
    villages = [i for i, (level, _) in places.items() if level == 5]
    assert sorted(tree.village_ids.tolist()) == sorted(villages)
    for at, village in enumerate(tree.village_ids.tolist()):
        for level in range(5):
            expected = standing(places, village, level)
            assert tree.anchor[level][at] == expected
            assert tree.stand_in[level][at] == (places[expected][0] != level)


@given(trees())
def test_under_a_path_lie_exactly_its_descendants(places):
    tree = built(places)
    for identifier in places:
        path = path_of(places, identifier)
        below = {i for i, (level, _) in places.items() if level == 5 and path_of(places, i).startswith(path)}
        assert set(tree.village_ids[tree.under(path)].tolist()) == below


@given(trees())
def test_a_position_leads_back_to_the_village(places):
    tree = built(places)
    everyone = np.array([*places, 36**4], np.int64)
    for identifier, at in zip(everyone.tolist(), tree.position(everyone).tolist(), strict=True):
        is_village = places.get(identifier, (0, None))[0] == 5
        assert (at >= 0) == is_village
        assert not is_village or tree.village_ids[at] == identifier


@given(trees())
def test_paths_are_those_of_the_core(places):
    ordered = sorted(places, key=lambda i: (places[i][0], i))
    ids, rows = np.array(ordered, np.int32), {i: row for row, i in enumerate(ordered)}
    parents = np.array([rows.get(places[i][1], -1) for i in ordered])
    levels = np.array([places[i][0] for i in ordered], np.int8)
    made = arrays.chain_paths(ids, parents, levels)
    assert [path.decode() for path in made] == [path_of(places, i) for i in ordered]


def test_a_code_of_the_past_leads_to_its_place_until_somebody_else_has_it():
    codes, ids = np.array([20, 10], np.int64), np.array([2, 1], np.int32)
    past = np.array([30, 10, 30], np.int64), np.array([1, 2, 2], np.int32)
    index = arrays.build_code_index(codes, ids, *past)
    assert index.lookup([10, 20, 30, 40]).tolist() == [1, 2, 2, -1]


@given(trees())
def test_a_packed_tree_opens_as_it_was(places):
    tree = built(places)
    opened = arrays.unpacked_tree(tree.packed())
    for name, column in tree.packed().items():
        assert np.array_equal(column, opened.packed()[name])
    assert opened.position(tree.village_ids).tolist() == list(range(len(tree)))


def test_an_empty_index_knows_nobody():
    empty = np.array([], np.int64), np.array([], np.int32)
    assert arrays.build_code_index(*empty, *empty).lookup([1]).tolist() == [-1]
