"""The lot is fair and the same for everybody: any order, any machine, every unit of a stratum alike."""

import hashlib
import uuid
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puyou.audits import rules

FRAMES = st.dictionaries(
    st.uuids(version=4).map(str),
    st.sampled_from(["52-risky-rural", "52-good-rural", "53-good-remote"]),
    max_size=60,
)


@settings(deadline=None)
@given(FRAMES, st.text(max_size=20), st.integers(0, 40), st.integers(0, 3), st.randoms(use_true_random=False))
def test_the_order_of_the_frame_changes_nothing(frame, seed, size, least, random):
    sizes = rules.allocate(rules.count_strata(frame.items()), size, least)
    shuffled = list(frame.items())
    random.shuffle(shuffled)
    drawn = rules.draw(frame.items(), sizes, seed)
    assert drawn == rules.draw(shuffled, sizes, seed) == sorted(drawn)


@settings(deadline=None)
@given(FRAMES, st.text(max_size=20), st.integers(0, 40), st.integers(0, 3))
def test_it_draws_the_lowest_tickets_and_as_many_as_allotted(frame, seed, size, least):
    sizes = rules.allocate(rules.count_strata(frame.items()), size, least)
    drawn = rules.draw(frame.items(), sizes, seed)
    for stratum, number in sizes.items():
        lots = sorted(rules.ticket(seed, one) for one, of in frame.items() if of == stratum)
        assert [each.ticket for each in drawn if each.stratum == stratum] == lots[:number]


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(1, 500), max_size=8),
       st.integers(0, 900), st.integers(0, 5))  # fmt: skip
def test_what_is_allotted_adds_up(counts, size, least):
    sizes = rules.allocate(counts, size, least)
    assert set(sizes) == set(counts)
    assert all(min(counts[name], least) <= number <= counts[name] for name, number in sizes.items())
    floor = sum(min(count, least) for count in counts.values())
    assert sum(sizes.values()) == max(floor, min(size, sum(counts.values())))


def test_shares_follow_what_strata_hold():
    assert rules.allocate({"a": 900, "b": 90, "c": 10}, 100, 2) == {"a": 87, "b": 10, "c": 3}
    assert rules.allocate({"a": 3, "b": 1000}, 100, 5) == {"a": 3, "b": 97}


def test_a_ticket_is_what_the_page_says():
    one = "018f0000-0000-7000-8000-000000000001"
    assert rules.ticket("种子", one) == hashlib.sha256("种子".encode() + one.encode()).hexdigest()


def test_every_unit_of_a_stratum_has_the_same_chance():
    """2,000 seeds, 3 of 12: each drawn 500 times give or take; the statistic is below the 99.9 % point of χ²(11)."""
    units = [(str(uuid.UUID(int=n)), "s") for n in range(12)]
    counts = dict.fromkeys((one for one, _ in units), 0)
    for seed in range(2000):
        for each in rules.draw(units, {"s": 3}, str(seed)):
            counts[each.visit_id] += 1
    # variance of a count is n·p·(1 − p), and the counts add up to a constant: scale by (1 − p)·12/11
    statistic = sum((count - 500) ** 2 / (500 * 0.75) for count in counts.values()) * 11 / 12
    assert sum(counts.values()) == 6000 and statistic < 31.26


def test_another_seed_draws_others():
    units = [(str(uuid.UUID(int=Random(n).getrandbits(128))), "s") for n in range(200)]
    assert rules.draw(units, {"s": 20}, "1") != rules.draw(units, {"s": 20}, "2")


def test_differences_are_told_in_words():
    one, other = rules.Drawn("s", "aa", "1"), rules.Drawn("s", "bb", "2")
    assert rules.compare([one], [one]) == []
    assert [text[:2] for text in rules.compare([one], [other])] == ["公布", "应抽"]


@pytest.mark.parametrize("size", [0, 1, 7])
def test_no_frame_no_draw(size):
    assert rules.draw([], rules.allocate({}, size, 2), "s") == []
