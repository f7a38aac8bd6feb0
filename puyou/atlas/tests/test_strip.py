"""A village's year as a calendar."""

from dataclasses import dataclass
from datetime import date

from puyou.atlas import strip
from puyou.core.periods import Week

WEEK = Week.parse("2026-W40")
YEAR = [WEEK.shift(ago) for ago in range(-52, 1)]


@dataclass(frozen=True)
class Made:
    week: Week = WEEK
    days: tuple[str, ...] = ("served", "missing", "missing", "excused", "idle", "ahead", "ahead")
    standing: str = "missed"
    trips: int = 1
    trips_due: int = 3
    part_week: bool = True


def draw(*details: Made, refused: tuple[date, ...] = (), festival: str = "") -> strip.Strip:
    festivals = {WEEK.monday: festival} if festival else {}
    return strip.draw(
        YEAR, details, festivals, lambda week: f"?week={week.name}", shown=WEEK, refused=refused
    )


def last_days(drawn: strip.Strip) -> list[str]:
    return [line.cells[-1].code for line in drawn.days]


class TestDays:
    def test_each_kind_of_day_has_its_own_mark(self) -> None:
        assert last_days(draw(Made())) == ["served", "idle", "idle", "excused", "outside", "future", "future"]

    def test_a_visit_that_does_not_count_is_seen(self) -> None:
        monday, tuesday = date(2026, 9, 28), date(2026, 9, 29)
        assert last_days(draw(Made(), refused=(monday, tuesday)))[:3] == ["served", "refused", "idle"]

    def test_a_day_says_its_date_and_what_it_was(self) -> None:
        assert draw(Made()).days[1].cells[-1].told == "2026年9月29日 未投递"

    def test_a_week_without_a_duty_is_outside(self) -> None:
        assert last_days(draw()) == ["outside"] * 7
        assert draw().weeks[-1].told == "2026年第40周（9.28—10.04） 无投递要求"


class TestStrip:
    def test_it_has_a_row_a_weekday_and_a_column_a_week(self) -> None:
        drawn = draw()
        assert [line.label for line in drawn.days] == ["周一", "周二", "周三", "周四", "周五", "周六", "周日"]
        assert {len(line.cells) for line in drawn.days} == {53}
        assert len(drawn.weeks) == sum(month.weeks for month in drawn.months) == 53

    def test_the_year_is_named_where_it_begins(self) -> None:
        labels = [month.label for month in draw().months]
        assert [label for label in labels if "年" in label] == ["2025年9月", "2026年1月"]

    def test_a_week_says_its_verdict_and_leads_to_its_page(self) -> None:
        cell = draw(Made(), festival="国庆节").weeks[-1]
        assert cell.told == "2026年第40周（9.28—10.04） 未达标，计次 1 / 应投 3，部分天数有投递要求，国庆节"
        assert (cell.href, cell.festival, cell.here) == ("?week=2026-W40", "国庆节", True)

    def test_every_standing_has_its_words(self) -> None:
        for standing, words in strip.STANDING_WORDS.items():
            assert words in draw(Made(standing=standing)).weeks[-1].told
