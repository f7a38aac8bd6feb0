import json
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from puyou.accounts.scopes import Scope
from puyou.core.problems import Problem
from puyou.standards import queries
from puyou.standards.models import RuleVersion

pytestmark = pytest.mark.django_db
DAY = date(2026, 9, 1)


def test_a_measure_is_a_number_and_a_method_is_a_word():
    assert queries.get_value("too_far_m", DAY, "remote").value == Decimal(30000)
    assert queries.get_value("part_week_rule", DAY).value == "floor"


def test_a_value_carries_its_version_and_its_standing():
    value = queries.get_value("delivery_floor", DAY, "rural")
    version = RuleVersion.objects.get(pk=value.version_id)
    assert (value.value, value.unit, value.verification) == (Decimal(3), "per week", "unverified")
    assert value.source == version.source


def test_without_a_version_there_is_no_value():
    assert queries.find_value("holiday_exemption", DAY) is None
    with pytest.raises(Problem, match="没有有效版本"):
        queries.get_value("holiday_exemption", DAY)


def test_a_change_is_seen_at_once():
    assert queries.get_value("settle_days", DAY).number == 10
    RuleVersion.objects.filter(rule__code="settle_days").update(value="12")
    assert queries.get_value("settle_days", DAY).number == 12


def test_many_weeks_cost_one_look(django_assert_num_queries):
    queries.get_value("settle_days", DAY)
    mondays = [date(2026, 1, 5) + timedelta(weeks=week) for week in range(46)]
    with django_assert_num_queries(1):
        values = queries.values_by_week("settle_days", mondays)
    assert [value.number for value in values] == [10] * 46


def test_rules_are_public():
    current = queries.list_current(Scope.public(), DAY)
    codes = {row.rule.code for row in current}
    assert {"delivery_floor", "holiday_exemption"} <= codes
    assert [row.version for row in current if row.rule.code == "holiday_exemption"] == [None]


def test_the_published_calendar_knows_days_made_up_and_off():
    assert queries.is_working_day(date(2026, 10, 10))
    assert not queries.is_working_day(date(2026, 10, 1))
    assert queries.add_working_days(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert queries.holiday_weeks(date(2026, 2, 16), date(2026, 2, 16)) == {date(2026, 2, 16): "春节"}


def run(*arguments):
    out = StringIO()
    call_command("due", *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_the_command_answers_the_reference_terms():
    assert run("2026-09-24", "20wd") == {"due": "2026-10-29", "provisional": False, "counted": 20}
    paused = run("2026-09-24", "20wd", "--suspend", "2026-09-29..2026-10-12")
    assert paused["due"] == "2026-11-06"
    overlapping = run(
        "2026-09-24", "20wd", "--suspend", "2026-09-29..2026-10-08", "--suspend", "2026-10-05..2026-10-12"
    )
    assert overlapping == paused


@pytest.mark.parametrize(
    "arguments",
    [("2026-9-24x", "20wd"), ("2026-09-24", "20"), ("2026-09-24", "20wd", "--suspend", "2026-09-29")],
)
def test_wrong_use_of_the_command_ends_with_two(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        run(*arguments)
    assert caught.value.code == 2


def test_a_calendar_is_imported_by_command(tmp_path):
    path = tmp_path / "2027.csv"
    path.write_text("date,kind,name,sources\n2027-01-01,holiday,元旦,通知\n")
    out = StringIO()
    call_command("import_calendar", str(path), "--json", stdout=out)
    assert json.loads(out.getvalue())["years"] == 1
