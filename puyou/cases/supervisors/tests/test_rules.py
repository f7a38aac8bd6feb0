"""Sharing out places and judging answers, without a database."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puyou.cases.supervisors import rules, seeds
from puyou.cases.supervisors.rules import County

COUNTIES = st.lists(
    st.tuples(st.integers(0, 400), st.integers(0, 400), st.booleans()), min_size=1, max_size=20
).map(lambda rows: [County(at, a + b, b, c) for at, (a, b, c) in enumerate(rows)])


class TestSharingOut:
    @given(COUNTIES, st.integers(1, 200), st.floats(0, 1))
    def test_every_place_is_given_and_no_county_has_more_rural_ones_than_places(
        self, counties, places, share
    ):
        found = rules.share_out(places, counties, share)
        assert sum(one.places for one in found) == places
        assert all(0 <= one.rural <= one.places for one in found)

    @given(COUNTIES, st.integers(20, 200))
    def test_no_county_stays_bare_while_places_last(self, counties, places):
        found = {one.key: one.places for one in rules.share_out(places, counties, 0.6)}
        assert all(found[one.key] >= 1 for one in counties if not one.covered)

    def test_rural_villages_weigh_more(self):
        town, land = County(1, 100, 0, True), County(2, 100, 100, True)
        found = {one.key: one for one in rules.share_out(10, [town, land], 0.6)}
        assert (found[1].places, found[2].places) == (4, 6)
        assert (found[1].rural, found[2].rural) == (0, 6)

    def test_a_part_of_a_rural_place_is_a_whole_one(self):
        assert rules.share_out(3, [County(1, 9, 9, False)], 0.34)[0].rural == 2

    def test_terms_end_on_the_day_years_later(self):
        assert rules.term_end(date(2026, 9, 24), 3) == date(2029, 9, 24)
        assert rules.term_end(date(2028, 2, 29), 3) == date(2031, 3, 1)


def items(code):
    return next(row["items"] for row in seeds.CHECKLISTS if row["code"] == code)


class TestAnswers:
    GOOD = {"times": 3, "enough": "yes", "kept": "no", "charged": "no", "record": "yes"}

    def test_good_ones_have_no_fault_and_bad_points_are_found(self):
        assert rules.fault_of(items("village_delivery"), self.GOOD) is None
        assert rules.bad_points(items("village_delivery"), self.GOOD) == []
        assert rules.bad_points(items("village_delivery"), self.GOOD | {"kept": "yes"}) == ["kept"]

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"times": None}, "times"), ({"times": -1}, "times"), ({"times": True}, "times"), ({"times": "3"}, "times"),
            ({"enough": "maybe"}, "enough"), ({"note": "长" * 1001}, "note"), ({"other": 1}, "other"),
            ({"enough": ["yes"]}, "enough"), ({"times": float("nan")}, "times"),
        ],
    )  # fmt: skip
    def test_what_makes_no_sense_is_named(self, change, code):
        fault = rules.fault_of(items("village_delivery"), self.GOOD | change)
        assert fault is not None and fault[0] == code and fault[1]

    def test_answers_must_be_answers(self):
        assert rules.fault_of(items("questionnaire"), ["yes"]) == ("answers", "应为各项的回答")
        scale = {"delivery": 5, "outlet": 2, "attitude": 4, "price": 6}
        assert rules.fault_of(items("questionnaire"), scale)[0] == "price"
        assert rules.bad_points(items("questionnaire"), scale | {"price": 3}) == ["outlet"]

    def test_every_shipped_list_is_whole(self):
        for row in seeds.CHECKLISTS:
            codes = [item["code"] for item in row["items"]]
            assert len(codes) == len(set(codes)), row["code"]
            for item in row["items"]:
                assert item["answer"] in rules.ANSWERS
                assert item["answer"] != "choice" or item["choices"]
