"""Judgements of the room: forecasts with their interval, how targets stand, how tasks stand, sets as one value."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from puyou.plans import forecasting, rules, tasking
from puyou.plans.forecasting import Point
from puyou.plans.tasking import Facts

DUE, BEFORE, AFTER = date(2020, 12, 31), date(2020, 6, 1), date(2021, 1, 2)


def points(*values, first=2016):
    return [Point(first + at, value) for at, value in enumerate(values)]


class TestForecasts:
    def test_a_straight_line_goes_on_without_doubt(self):
        found = forecasting.forecast(points(10, 20, 30), 2020, 0.9)
        assert found is not None and (found.value, found.low, found.high) == pytest.approx((50, 50, 50))
        assert found.yearly == pytest.approx(10) and found.known == 3

    def test_the_interval_is_the_textbooks(self):
        """2, 4, 5, 4, 5 at 1…5: b = 0.6, s² = 0.8; at 6: 5.8 ± t(0.95; 3)·√(0.8·(1 + 1/5 + 9/10)) = 2.3534·1.2961."""
        found = forecasting.forecast(points(2, 4, 5, 4, 5, first=1), 6, 0.9)
        assert found is not None and found.value == pytest.approx(5.8)
        assert (found.low, found.high) == pytest.approx((5.8 - 3.0502, 5.8 + 3.0502), abs=1e-3)

    def test_under_three_years_or_too_far_ahead_nothing_is_said(self):
        assert forecasting.forecast(points(1, 2), 2018, 0.9) is None
        assert "不足 3 个" in forecasting.refusal(points(1, 2), 2018)
        assert forecasting.forecast(points(1, 2, 3), 2021, 0.9) is None
        assert "不能外推 3 年" in forecasting.refusal(points(1, 2, 3), 2021)

    def test_a_share_stays_a_share(self):
        found = forecasting.forecast(points(80, 91, 99), 2020, 0.9, (0, 100))
        assert found is not None and found.value == 100 and 0 <= found.low <= found.high == 100


class TestTargets:
    def stands(self, values, targets, expected=None, relation="at_least"):
        values = {year: Decimal(value) for year, value in values.items()}
        targets = {year: Decimal(value) for year, value in targets.items()}
        return rules.progress(
            values=values, targets=targets, relation=relation, final=2020, expected=expected
        ).standing

    def test_how_a_target_stands(self):
        assert self.stands({2018: 100}, {2020: 100}) == "met"
        assert self.stands({2018: 100}, {2020: 100}, relation="more") == "open"
        assert self.stands({}, {2020: 100}) == "unknown" and self.stands({2018: 1}, {}) == "unknown"
        assert self.stands({2018: 90}, {2018: 85, 2020: 100}) == "on_path"
        assert self.stands({2018: 80}, {2018: 85, 2020: 100}) == "behind"
        assert self.stands({2020: 99}, {2020: 100}) == "behind"
        assert self.stands({2018: 3}, {2020: 2}, relation="at_most") == "open"

    @pytest.mark.parametrize(("wanted", "standing"), [(49, "likely"), (51, "unlikely")])
    def test_by_the_trend(self, wanted, standing):
        expected = forecasting.forecast(points(10, 20, 30), 2020, 0.9)
        assert self.stands({2018: 30}, {2020: wanted}, expected) == standing

    def test_a_target_inside_the_interval_is_uncertain(self):
        expected = forecasting.forecast(points(10, 22, 29), 2020, 0.9)
        assert self.stands({2018: 29}, {2020: 50}, expected) == "uncertain"

    def test_what_is_lacking_and_how_much_a_year(self):
        found = rules.progress(
            values={2018: Decimal(80)},
            targets={2020: Decimal(100)},
            relation="at_least",
            final=2020,
            base=Decimal(60),
        )
        assert (found.gap, found.yearly, found.done) == (20, 10, Decimal("0.5"))

    def test_a_third_of_31_provinces_are_11(self):
        assert rules.fewest(1, 3, 31) == 11 and rules.fewest(1, 3, 30) == 10 and rules.fewest(1, 1, 7) == 7

    def test_a_plan_ended(self):
        assert rules.outcome(None, "at_least", Decimal(1)) == "not_known"
        assert rules.outcome(Decimal(1), "at_least", Decimal(1)) == "met"
        assert rules.outcome(Decimal(1), "more", Decimal(1)) == "not_met"


class TestScenario:
    def test_a_share_is_asked_of_all_alike_an_amount_in_proportion(self):
        values = {2018: Decimal(60), 2020: Decimal(70)}
        share = rules.ask(values=values, whole=None, wanted=Decimal(100), final=2025, ratio=True)
        assert (share.wanted, share.yearly, share.before, share.times) == (100, 6, 5, Decimal("1.2"))
        amount = rules.ask(values=values, whole=Decimal(700), wanted=Decimal(1400), final=2025, ratio=False)
        assert (amount.wanted, amount.yearly) == (140, 14)

    def test_without_a_value_nothing_is_made_up(self):
        assert (
            rules.ask(values={}, whole=None, wanted=Decimal(1), final=2025, ratio=False).missing == "没有现值"
        )
        assert (
            rules.ask(
                values={2020: Decimal(1)}, whole=None, wanted=Decimal(1), final=2025, ratio=False
            ).wanted
            is None
        )


whole = some.decimals(0, 10**6, places=2)


class TestSets:
    @given(some.lists(some.tuples(whole, some.decimals(1, 10**6, places=2)), min_size=1))
    def test_a_share_over_a_set_is_the_ratio_of_sums(self, sides):
        parts = [(above / below, above, below) for above, below in sides]
        value, above, below, lacking = rules.pooled(parts, ratio=True)
        assert (
            lacking == 0
            and above == sum(each[0] for each in sides)
            and below == sum(each[1] for each in sides)
        )
        assert value == above / below

    def test_one_member_lacking_and_there_is_no_sum(self):
        assert rules.pooled([(Decimal(1), None, None), (None, None, None)], ratio=False) == (
            None,
            None,
            None,
            1,
        )
        assert rules.pooled([(Decimal(1), None, None), (Decimal(2), None, None)], ratio=False)[0] == 3


class TestTasks:
    @pytest.mark.parametrize(
        ("facts", "today", "state"),
        [
            (Facts(), BEFORE, "idle"),
            (Facts(), AFTER, "overdue"),
            (Facts(reported=True), BEFORE, "running"),
            (Facts(accepted=True, reported=True), AFTER, "done"),
            (Facts(accepted=True, reported=True, open_cases=1), BEFORE, "running"),
            (Facts(measures=("met", "met")), AFTER, "done"),
            (Facts(measures=("met", "met"), open_cases=2), AFTER, "overdue"),
            (Facts(measures=("met", "not_met"), accepted=True), BEFORE, "running"),
            (Facts(measures=("not_known",)), BEFORE, "unknown"),
            (Facts(measures=("not_known",)), AFTER, "overdue"),
            (Facts(measures=("not_met",)), BEFORE, "idle"),
        ],
    )
    def test_how_a_task_stands(self, facts, today, state):
        assert tasking.state(facts, DUE, today) == state

    def test_it_stands_on_its_due_date_until_the_day_is_over(self):
        assert tasking.state(Facts(), DUE, DUE) == "idle"

    def test_sub_tasks_make_their_task(self):
        assert tasking.joined(["done", "done"]) == "done" and tasking.joined([]) == "idle"
        assert (
            tasking.joined(["done", "idle"]) == "running" and tasking.joined(["done", "overdue"]) == "overdue"
        )
        assert tasking.joined(["unknown", "unknown"]) == "unknown"

    def test_the_reasons_are_told(self):
        facts = Facts(measures=("met", "not_known"), open_cases=1)
        assert tasking.reasons(facts, DUE, AFTER) == [
            "1 项指标达到", "1 项指标无数据", "1 个关联案件未办结", "尚无报告", "已超期 2 天",
        ]  # fmt: skip
