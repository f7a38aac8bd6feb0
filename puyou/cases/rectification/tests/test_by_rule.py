"""Orders that nobody clicks: as many weeks in a row as the rule of the place says, no order twice."""

from datetime import date, timedelta

import pytest

from puyou.cases.models import Case
from puyou.cases.rectification.actions import order_rectification
from puyou.cases.rectification.by_rule import AFTER_WEEKS, order_by_rule
from puyou.cases.rectification.models import RectifiedWeek
from puyou.cases.rectification.tests.test_loop import MONDAY, World, moment, serve_week
from puyou.cases.tests.cast import do
from puyou.compliance.actions import close_weeks, judge_pending
from puyou.core import clock
from puyou.core.periods import Week
from puyou.places.queries import get_place
from puyou.standards import actions as standards
from puyou.standards.models import Rule

pytestmark = pytest.mark.django_db
SETTLED = MONDAY + timedelta(days=24)  # the second week is final, the third provisional


def rule(weeks: str, place: str | None = None, on: date = date(2026, 1, 1)) -> None:
    standards.publish_rule_version(
        rule=Rule.objects.get(code=AFTER_WEEKS),
        area_class="",
        place=get_place(place) if place else None,
        value=weeks,
        unit="weeks",
        valid_from=on,
        source="试行办法",
        by="test",
        now=clock.now(),
    )


@pytest.fixture
def world(monkeypatch):
    """Three villages; the first missed both weeks, the second only the last, the third none."""
    with clock.frozen(moment(MONDAY)):
        made = World()
        close_weeks(now=clock.now())
    serve_week(made.villages[1], MONDAY)
    for monday in (MONDAY, MONDAY + timedelta(days=7)):
        serve_week(made.villages[2], monday)
    with clock.frozen(moment(SETTLED)):
        judge_pending(clock.now())
        close_weeks(now=clock.now())
        yield made


def ordered() -> set[tuple[int, date]]:
    order_by_rule(now=clock.now())
    return set(RectifiedWeek.objects.values_list("place", "monday"))


def both(village) -> set[tuple[int, date]]:
    return {(village.pk, MONDAY), (village.pk, MONDAY + timedelta(days=7))}


def test_without_a_rule_nothing_is_ordered(world):
    assert ordered() == set()


def test_two_weeks_in_a_row_and_no_fewer(world):
    rule("2")
    assert ordered() == both(world.villages[0])
    case = Case.objects.get()
    assert (case.state, case.operator is not None, case.shared) == ("ordered", True, True)
    assert "连续 2 周期满未达标" in case.fields["ground"]
    assert order_by_rule(now=clock.now()) == 0


def test_a_province_decides_for_itself(world):
    rule("1", place="53")
    assert ordered() == set()
    rule("1", place="5205")
    last = MONDAY + timedelta(days=7)
    assert ordered() == {(one.pk, last) for one in world.villages[:2]}


def test_a_provisional_week_waits(world):
    rule("3")
    assert ordered() == set()


def test_who_stands_in_an_order_gets_no_second_one(world):
    order_rectification(
        villages=[world.villages[0]], weeks=[Week(MONDAY)], actor=world.officer, now=clock.now()
    )
    rule("1")
    assert ordered() == {(world.villages[0].pk, MONDAY), (world.villages[1].pk, MONDAY + timedelta(days=7))}
    case = Case.objects.get(rectified_weeks__place=world.villages[0])
    do(case, "withdraw", world.officer, clock.now(), ground="设备故障，原判有误")
    assert order_by_rule(now=clock.now()) == 1  # the last week, which nobody judged yet


def test_what_an_officer_withdrew_is_not_ordered_again(world):
    rule("2")
    assert ordered() == both(world.villages[0])
    do(Case.objects.get(), "withdraw", world.officer, clock.now(), ground="设备故障，原判有误")
    assert order_by_rule(now=clock.now()) == 0
