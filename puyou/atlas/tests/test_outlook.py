"""No address is an error: what cannot be followed is noted, and a view writes itself back."""

from datetime import date
from urllib.parse import parse_qsl

from hypothesis import given
from hypothesis import strategies as st

from puyou.atlas import outlook
from puyou.compliance.rules import AREA_CLASSES
from puyou.core.periods import Week

RUNNING = Week(date(2026, 11, 23))
WEEKS = outlook.Weeks(first=Week.parse("2025-W01"), running=RUNNING, settled=Week.parse("2026-W45"))


def read(**query: str) -> outlook.Outlook:
    return outlook.read(query, WEEKS, default=WEEKS.ended, place_sets=("west",), levels=(2, 3, 4))


class TestWeek:
    def test_it_is_the_default_when_nothing_is_asked(self) -> None:
        assert read().week == WEEKS.ended
        assert read().notes == ()

    def test_it_is_the_week_asked_for(self) -> None:
        assert read(week="2026-W10").week == Week.parse("2026-W10")

    def test_it_says_so_when_the_week_is_no_week(self) -> None:
        for nonsense in ("2026", "2026-W54", "0000-W01", "9999-W53", "2026-W1", "二〇二六", "2026-W٤٧"):
            view = read(week=nonsense)
            assert view.week == WEEKS.ended
            assert "无法识别的周" in view.notes[0] or "还没有开始" in view.notes[0]

    def test_it_says_so_when_the_week_has_not_begun(self) -> None:
        assert read(week="2026-W49").notes == ("2026年第49周（11.30—12.06）还没有开始",)

    def test_it_shows_the_first_week_kept_when_asked_for_an_earlier_one(self) -> None:
        view = read(week="2019-W20")
        assert view.week == WEEKS.first
        assert "早于保留的数据" in view.notes[0]

    def test_the_settled_view_goes_no_further_than_the_last_settled_week(self) -> None:
        assert read(basis="settled").week == WEEKS.settled
        view = read(basis="settled", week="2026-W47")
        assert view.week == WEEKS.settled
        assert "尚未结算" in view.notes[0]


class TestChoices:
    def test_it_notes_what_it_does_not_know(self) -> None:
        view = read(area="moon", set="nowhere", basis="x", tree="y", festivals="z", level="9")
        assert (view.area, view.place_set, view.basis, view.tree, view.level) == ("", "", "live", "week", 0)
        assert len(view.notes) == 6

    def test_it_knows_the_area_class_by_its_index(self) -> None:
        assert [read(area=name).area_class for name in AREA_CLASSES] == [0, 1, 2, 3]
        assert read().area_class is None

    def test_it_lists_deeper_levels_only_where_they_exist(self) -> None:
        assert read(level="3").level == 3
        assert read(level="5").level == 0


@given(
    st.dictionaries(
        st.sampled_from(["week", "area", "set", "basis", "tree", "festivals", "level", "sort"]),
        st.text(max_size=30),
    )
)
def test_no_address_is_an_error(query: dict[str, str]) -> None:
    view = outlook.read(query, WEEKS, default=WEEKS.ended)
    assert WEEKS.first <= view.week <= WEEKS.running


@given(
    week=st.integers(0, 98),
    area=st.sampled_from(["", *AREA_CLASSES]),
    place_set=st.sampled_from(["", "west"]),
    tree=st.sampled_from(outlook.TREES),
    festivals=st.sampled_from(outlook.FESTIVALS),
    level=st.sampled_from([0, 2, 3, 4]),
)
def test_a_view_reads_back_from_its_own_address(
    week: int, area: str, place_set: str, tree: str, festivals: str, level: int
) -> None:
    view = outlook.Outlook(
        WEEKS.first.shift(week), area, place_set, "live", tree, festivals, level, "-missed"
    )
    assert read(**dict(parse_qsl(view.query()))) == view
