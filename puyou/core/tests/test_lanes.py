"""Background work: one piece at a time, and no error is lost."""

import pytest

from puyou.core.lanes import open_lane


def _fail() -> None:
    raise ValueError("lost")


class TestALane:
    def test_it_does_everything_in_order(self) -> None:
        done: list[int] = []
        with open_lane() as lane:
            for number in range(5):
                lane.put(lambda number=number: done.append(number))
        assert done == [0, 1, 2, 3, 4]

    def test_it_raises_when_asked_to_wait(self) -> None:
        with open_lane() as lane:
            lane.put(_fail)
            with pytest.raises(ValueError, match="lost"):
                lane.wait()

    def test_it_raises_at_the_end_of_the_block(self) -> None:
        with pytest.raises(ValueError, match="lost"), open_lane() as lane:
            lane.put(_fail)
