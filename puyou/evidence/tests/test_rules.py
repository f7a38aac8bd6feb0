"""What may come in, whether a part fits, and when the index is due: tables of cases."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puyou.evidence import problems, rules

PART = rules.PART_LIMIT


@pytest.mark.parametrize(
    ("start", "length", "received", "size", "expected"),
    [
        (0, 10, 0, 10, None),
        (0, 9, 0, 10, None),
        (5, 5, 5, 10, None),
        (0, PART, 0, PART, None),
        (0, 0, 0, 10, problems.EMPTY_PART),
        (0, PART + 1, 0, PART * 2, problems.PART_TOO_LARGE),
        (4, 5, 5, 10, problems.OUT_OF_STEP),
        (6, 4, 5, 10, problems.OUT_OF_STEP),
        (5, 6, 5, 10, problems.BEYOND_SIZE),
    ],
)
def test_whether_a_part_fits(start, length, received, size, expected):
    assert rules.misfit_of(start, length, received, size) is expected


@pytest.mark.parametrize(
    ("type", "head", "expected"),
    [
        ("image/jpeg", b"\xff\xd8\xff\xe0", True),
        ("image/jpeg", b"\x89PNG", False),
        ("audio/ogg", b"OggS", True),
        ("audio/webm", b"\x1a\x45\xdf\xa3", True),
        ("audio/mp4", b"\0\0\0\x20ftypM4A ", True),
        ("audio/mp4", b"OggS", False),
        ("audio/ogg", b"", False),
    ],
)
def test_whether_bytes_are_what_they_are_called(type, head, expected):
    assert rules.looks_like(type, head) is expected


def at(day, hour):
    """A moment of November 2026, hour by the clock of Shanghai."""
    return datetime(2026, 11, day, hour, tzinfo=rules.SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize(
    ("built", "now", "waiting", "expected"),
    [
        (None, at(20, 12), 0, False),
        (None, at(20, 12), 1, True),
        (at(20, 3), at(20, 23), 1, False),
        (at(20, 3), at(21, 1), 1, False),
        (at(20, 3), at(21, 2), 1, True),
        (at(20, 3), at(21, 2), 0, False),
        (at(20, 1), at(20, 12), 1, True),
        (at(18, 3), at(20, 12), 1, True),  # it was down for a night
        (at(20, 3), at(20, 4), rules.TAIL_LIMIT, True),
    ],
)
def test_when_the_index_is_due(built, now, waiting, expected):
    assert rules.index_is_due(built, now, waiting) is expected


@given(st.integers(0, 2**64 - 1))
def test_a_hash_survives_the_table(value):
    assert -(2**63) <= rules.signed(value) < 2**63
    assert rules.signed(value) % (1 << 64) == value


def test_every_type_has_a_limit_and_a_suffix():
    assert rules.LIMITS.keys() == rules.SUFFIXES.keys()
