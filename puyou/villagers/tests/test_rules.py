"""What a day's words weigh."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puyou.villagers import rules
from puyou.villagers.rules import Said

NINE = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


def said(device: str, word: str, hours: float = 0, address: str = "n") -> Said:
    return Said(device, address, word, NINE + timedelta(hours=hours))


def test_nobody_said_anything():
    assert not rules.weigh([]).spoken and rules.tell(rules.weigh([])) == ""


def test_a_device_counts_once_by_its_last_word():
    tally = rules.weigh([said("a", "absent"), said("a", "came", 3), said("b", "absent", 1)])
    assert (tally.absent, tally.came) == (1, 1)


def test_only_words_after_the_visit_speak_against_it():
    words = [said("a", "absent"), said("b", "absent", 5, "m")]
    tally = rules.weigh(words, NINE + timedelta(hours=2))
    assert (tally.absent, tally.after, tally.networks) == (2, 1, 2)


@pytest.mark.parametrize(
    ("absent", "came", "enough", "look"),
    [(1, 0, 2, False), (2, 0, 2, True), (3, 3, 2, False), (3, 2, 2, True)],
)
def test_a_look_needs_enough_words_and_more_than_those_who_saw_him(absent, came, enough, look):
    words = [said(f"a{i}", "absent", 5) for i in range(absent)] + [said(f"c{i}", "came") for i in range(came)]
    assert rules.worth_a_look(rules.weigh(words, NINE), enough) is look


def test_words_are_told_with_the_networks_they_came_from():
    words = [said("a", "absent"), said("b", "absent"), said("c", "came")]
    assert rules.tell(rules.weigh(words)) == "2 人次反映没来（来自 1 个网络），1 人次反映来了"


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["absent", "came"]), st.integers(0, 9))))
def test_devices_add_up_and_order_of_arrival_does_not_matter(rows):
    words = [said(device, word, hour) for device, word, hour in dict.fromkeys(rows)]
    unique = {(word.device, word.at): word for word in words}.values()  # one word a moment, as rows have it
    tally = rules.weigh(unique)
    assert tally.absent + tally.came == len({word.device for word in unique})
    assert tally == rules.weigh(reversed(list(unique))) and tally.after == tally.absent
