import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from puyou.registry.arrays import RoundMembership

small = st.integers(1, 4)
rows = st.lists(st.tuples(small, small, st.integers(0, 20), st.integers(0, 20)), max_size=30)
asked = st.lists(st.tuples(small, small, st.integers(0, 20)), min_size=1, max_size=20)


def columns(rows, width):
    return (
        [np.array(column, np.int64) for column in zip(*rows, strict=True)]
        if rows
        else [np.zeros(0, np.int64)] * width
    )


@given(rows, asked)
def test_membership_agrees_with_looking_at_every_row(rows, asked):
    membership = RoundMembership(*columns(rows, 4))
    found = membership.holds(*columns(asked, 3))
    expected = [
        any(c == courier and p == place and first <= day < end for c, p, first, end in rows)
        for courier, place, day in asked
    ]
    assert found.tolist() == expected


@given(rows, st.lists(small, min_size=1, max_size=5))
def test_a_courier_has_a_round_when_any_row_says_so(rows, couriers):
    membership = RoundMembership(*columns(rows, 4))
    assert membership.has_round(couriers).tolist() == [any(row[0] == one for row in rows) for one in couriers]
