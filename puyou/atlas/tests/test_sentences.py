"""The answer of a page, in words."""

from dataclasses import dataclass
from datetime import date

from puyou.atlas import sentences
from puyou.core.periods import Week

WEEK = Week.parse("2026-W40")
MONDAY = WEEK.monday
SETTLED = date(2026, 11, 23)


@dataclass(frozen=True)
class Made:
    met: int = 0
    missed: int = 0
    excused: int = 0
    pending: int = 0
    provisional: int = 0

    @property
    def villages(self) -> int:
        return self.met + self.missed + self.excused + self.pending

    @property
    def rate(self) -> float | None:
        judged = self.met + self.missed
        return self.met / judged if judged else None


def tell(figures: Made | None, before: Made | None = None, today: date = SETTLED) -> str:
    return sentences.tell_place("贵州省", figures, before, WEEK, today, 10)


class TestStanding:
    def test_a_week_runs_until_its_sunday_is_over(self) -> None:
        assert sentences.standing_of(WEEK, WEEK.sunday, 10) == "running"
        assert sentences.standing_of(WEEK, date(2026, 10, 5), 10) == "provisional"

    def test_it_settles_ten_days_after_its_end(self) -> None:
        assert sentences.standing_of(WEEK, date(2026, 10, 14), 10) == "provisional"
        assert sentences.standing_of(WEEK, date(2026, 10, 15), 10) == "settled"
        assert sentences.settled_on(WEEK, 10) == date(2026, 10, 15)


class TestPlace:
    def test_a_settled_week_is_compared_with_the_one_before(self) -> None:
        told = tell(Made(met=13_575, missed=112), Made(met=13_544, missed=143))
        assert (
            told == "贵州省2026年第40周 13,687 个建制村应投，达标 99.2%，未达标 112 个，较前一周减少 31 个。"
        )

    def test_more_misses_and_as_many_misses_are_said(self) -> None:
        assert "较前一周增加 2 个" in tell(Made(met=8, missed=3), Made(met=10, missed=1))
        assert "与前一周持平" in tell(Made(met=8, missed=3), Made(met=8, missed=3))

    def test_a_provisional_miss_is_called_so(self) -> None:
        told = tell(Made(met=8, missed=2, provisional=2), today=date(2026, 10, 6))
        assert "初判未达标 2 个" in told
        assert "2026年10月15日结算" in told

    def test_a_running_week_accuses_nobody(self) -> None:
        told = tell(Made(met=6, pending=3, excused=1), today=date(2026, 10, 1))
        assert told == (
            "贵州省本周 10 个建制村应投，已达标 6 个（66.7%），待定 3 个，免责 1 个；"
            "本周到 10月4日结束，之后才判定未达标。"
        )

    def test_a_week_all_excused_has_no_rate(self) -> None:
        assert "全部免责" in tell(Made(excused=4))

    def test_no_data_is_not_zero(self) -> None:
        for nothing in (None, Made()):
            assert "没有应投的建制村" in tell(nothing)
            assert "0" not in tell(nothing).replace("2026年第40周", "")

    def test_almost_all_is_not_all(self) -> None:
        assert "达标 99.9%" in tell(Made(met=999_999, missed=1))


class TestReasons:
    def test_the_most_frequent_comes_first_and_absent_ones_are_left_out(self) -> None:
        counts = {"not_enrolled": 3, "no_service": 80, "uncounted": 0, "too_few": 12}
        assert sentences.tell_reason(counts) == "零投递 80、次数不足 12、未接入 3"
