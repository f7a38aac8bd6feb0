"""Marks are read once within one page, and every time outside."""

from collections.abc import Iterator
from itertools import count

import pytest

from puyou.core.steady import once, steadily


@pytest.fixture
def mark() -> Iterator[object]:
    numbers = count()
    yield lambda: once("mark", lambda: str(next(numbers)))


def test_outside_it_is_read_every_time(mark):
    assert [mark(), mark()] == ["0", "1"]


def test_within_it_is_read_once(mark):
    with steadily():
        assert [mark(), mark()] == ["0", "0"]
        with steadily():
            assert mark() == "0"
        assert mark() == "0"
    assert mark() == "1"


def test_it_forgets_when_the_page_fails(mark):
    with pytest.raises(RuntimeError), steadily():
        mark()
        raise RuntimeError
    assert mark() == "1"
