"""Threads that ask at once are served together, in order, and one's fault stays its own."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from puyou.core.together import Together


class Counter:
    """Doubles numbers, remembering whom it served together; the first call waits until told to go on."""

    def __init__(self, expected: int = 0) -> None:
        self.calls: list[list[int]] = []
        self.begun, self.go_on = threading.Event(), threading.Event()
        self.expected = expected

    def double(self, asked: list[int]) -> list[int]:
        self.calls.append(list(asked))
        if len(self.calls) == 1:
            self.begun.set()
            self.go_on.wait(10)
        if any(one < 0 for one in asked):
            raise ValueError(f"negative among {len(asked)}")
        if 13 in asked:
            raise RuntimeError("the house is down")
        return [2 * one for one in asked]


def ask_at_once(counter: Counter, together: "Together[int, int]", rest: list[int]) -> list[object]:
    """Ask 0 first, the rest while it is being served; each one's answer or error."""
    with ThreadPoolExecutor(len(rest) + 1) as pool:
        first = pool.submit(together.ask, 0)
        counter.begun.wait(10)
        others = [pool.submit(together.ask, one) for one in rest]
        while len(together._waiting) < len(rest):
            threading.Event().wait(0.005)
        counter.go_on.set()
        return [found.exception() or found.result() for found in (first, *others)]


def test_alone_is_served_at_once():
    counter = Counter()
    counter.go_on.set()
    assert Together(counter.double).ask(4) == 8
    assert counter.calls == [[4]]


def test_those_who_come_meanwhile_are_served_together_each_with_its_own_answer():
    counter = Counter()
    together = Together(counter.double)
    answers = ask_at_once(counter, together, [1, 2, 3, 4, 5])
    assert sorted(answers) == [0, 2, 4, 6, 8, 10]
    assert len(counter.calls) == 2 and sorted(counter.calls[1]) == [1, 2, 3, 4, 5]


def test_no_more_than_so_many_at_once():
    counter = Counter()
    answers = ask_at_once(counter, Together(counter.double, most=2), [1, 2, 3, 4, 5])
    assert sorted(answers) == [0, 2, 4, 6, 8, 10]
    assert max(len(call) for call in counter.calls) == 2


def test_the_heavy_go_by_themselves():
    counter = Counter()
    answers = ask_at_once(counter, Together(counter.double, most=10, weigh=abs), [50, 4, 5, 6])
    assert sorted(answers) == [0, 8, 10, 12, 100]
    assert all(len(call) == 1 or sum(call) <= 10 for call in counter.calls)


def test_ones_own_fault_is_not_anothers():
    counter = Counter()
    answers = ask_at_once(counter, Together(counter.double, alone=(ValueError,)), [1, -2, 3])
    assert [one for one in answers if isinstance(one, int)] == [0, 2, 6]
    assert [str(one) for one in answers if isinstance(one, ValueError)] == ["negative among 1"]


def test_what_fails_for_all_is_told_to_all_and_the_next_is_served():
    counter = Counter()
    together = Together(counter.double, alone=(ValueError,))
    answers = ask_at_once(counter, together, [1, 13])
    assert [isinstance(one, RuntimeError) for one in answers] == [False, True, True]
    assert together.ask(5) == 10


@pytest.mark.django_db
def test_within_a_transaction_nobody_else_takes_part():
    counter = Counter()
    counter.go_on.set()
    together = Together(counter.double)
    together._busy = True  # somebody is at work, and would never end
    assert together.ask(3) == 6
