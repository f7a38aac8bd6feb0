"""A village's year as a calendar."""

from dataclasses import dataclass
from datetime import date

from puyou.atlas import strip
from puyou.core.periods import Week

WEEK = Week.parse("2026-W40")


@dataclass(frozen=True)
class Made:
    week: Week = WEEK
    in_force: int = 127
    served: int = 0
    excused: int = 0
    refused: int = 0
    standing: str = "missed"
    trips: int = 0
    trips_due: int = 3


def codes(week: Made, today: date = date(2026, 11, 23)) -> list[str]:
    return [strip.day_code(week, weekday, today) for weekday in range(7)]


def draw(*weeks: Made, festivals: dict[Week, str] | None = None) -> strip.Strip:
    return strip.draw(weeks, date(2026, 11, 23), WEEK, festivals or {}, lambda week: f"?week={week.name}")


class TestDays:
    def test_a_counting_visit_wins_over_everything(self) -> None:
        assert codes(Made(served=1, excused=1, refused=1))[0] == "served"

    def test_a_day_outside_the_duty_is_not_missed(self) -> None:
        assert codes(Made(in_force=0b1111000))[:4] == ["outside"] * 3 + ["idle"]

    def test_an_excused_day_is_not_idle(self) -> None:
        assert codes(Made(excused=0b11))[:3] == ["excused", "excused", "idle"]

    def test_a_visit_that_does_not_count_is_seen(self) -> None:
        assert codes(Made(refused=0b100))[2] == "refused"

    def test_days_to_come_are_not_idle(self) -> None:
        assert codes(Made(), today=date(2026, 9, 30)) == ["idle"] * 2 + ["future"] * 5


class TestStrip:
    def test_it_has_a_row_a_weekday_and_a_column_a_week(self) -> None:
        drawn = draw(*(Made(week=WEEK.shift(ago)) for ago in range(-52, 1)))
        assert [line.label for line in drawn.days] == ["周一", "周二", "周三", "周四", "周五", "周六", "周日"]
        assert {len(line.cells) for line in drawn.days} == {53}
        assert len(drawn.weeks) == 53
        assert sum(month.weeks for month in drawn.months) == 53

    def test_the_year_is_named_where_it_begins(self) -> None:
        labels = [
            month.label for month in draw(*(Made(week=WEEK.shift(ago)) for ago in range(-52, 1))).months
        ]
        assert [label for label in labels if "年" in label] == ["2025年9月", "2026年1月"]

    def test_a_week_says_its_verdict_and_leads_to_its_page(self) -> None:
        cell = draw(Made(trips=2, in_force=31), festivals={WEEK: "国庆节"}).weeks[0]
        assert cell.told == "2026年第40周（9.28—10.04） 未达标，计次 2 / 应投 3，部分天数有投递要求，国庆节"
        assert (cell.href, cell.festival, cell.here) == ("?week=2026-W40", "国庆节", True)

    def test_every_code_has_its_words(self) -> None:
        for standing in strip.STANDING_WORDS:
            assert strip.STANDING_WORDS[standing] in draw(Made(standing=standing)).weeks[0].told
