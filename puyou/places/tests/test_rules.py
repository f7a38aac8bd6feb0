"""The code rules, as tables of cases that an officer can read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puyou.places import rules


@pytest.mark.parametrize(
    ("code", "village", "with_similar"),
    [
        ("520502100001", False, False),  # 居委会
        ("520502100199", False, False),
        ("520502100200", True, True),  # 村委会
        ("520502100399", True, True),
        ("520502100400", False, False),
        ("520502100498", False, False),
        ("520502100500", False, True),  # 类似村委会
        ("520502100599", False, True),
        ("520502100600", False, False),
    ],
)
def test_it_tells_an_established_village_by_its_last_three_digits(code, village, with_similar):
    assert rules.is_established_village(code) is village
    assert rules.is_established_village(int(code)) is village
    assert rules.is_established_village(code, with_similar=True) is with_similar


@pytest.mark.parametrize(
    ("typed", "full"),
    [
        ("52", "520000000000"),
        ("5205", "520500000000"),
        ("520502", "520502000000"),
        ("520502100", "520502100000"),
        ("520502100200", "520502100200"),
        (" ５２ ", "520000000000"),
        ("000000000000", "000000000000"),
    ],
)
def test_it_completes_the_codes_that_people_type(typed, full):
    assert rules.full_code(typed) == full


@pytest.mark.parametrize(
    "typed", ["", "5", "520", "52050", "贵州", "52050210020x", "5205021002001", "-52", "٥٢"]
)
def test_it_refuses_what_is_no_code(typed):
    with pytest.raises(ValueError):
        rules.full_code(typed)


@given(st.integers(0, 10**12 - 1))
def test_a_short_code_reads_back_as_the_same_place(number):
    code = f"{number:012d}"
    assert rules.full_code(rules.short_code(code)) == code
