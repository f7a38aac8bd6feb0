from datetime import UTC, date, datetime

import pytest

from puyou.accounts.models import User
from puyou.core.models import Event
from puyou.core.problems import Problem
from puyou.places.queries import get_place
from puyou.standards import actions, queries
from puyou.standards.models import CalendarDay, Rule, RuleVersion

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
BY = {"by": "system:tests", "now": NOW}


def publish(code="settle_days", **changes):
    content = {
        "rule": Rule.objects.get(code=code),
        "area_class": "",
        "place": None,
        "value": "14",
        "unit": "days",
        "valid_from": date(2027, 1, 1),
        "source": "试行通知",
    }
    return actions.publish_rule_version(**(content | BY | changes))


def test_loading_twice_changes_nothing():
    assert actions.load_standards(**BY) == {"rules": 0, "versions": 0}
    assert actions.load_calendar(**BY) | {"read": 0} == {"read": 0, "changed": 0, "years": 0}


def test_law_is_verified_and_everything_else_is_not():
    verified = RuleVersion.objects.filter(verification="verified")
    assert set(verified.values_list("rule__code", "area_class", "value", "unit")) == {
        ("delivery_floor", "urban", "1", "per day"),
        ("delivery_floor", "township_seat", "5", "per week"),
    }
    assert all("邮政法" in version.source for version in verified)


def test_loading_keeps_what_officers_published():
    publish()
    actions.load_standards(**BY)
    assert RuleVersion.objects.filter(rule__code="settle_days").count() == 2


def test_publishing_ends_the_open_version_and_says_so():
    made = publish()
    former = RuleVersion.objects.filter(rule__code="settle_days").exclude(pk=made.pk).get()
    assert former.valid_to == date(2027, 1, 1)
    said = Event.objects.filter(kind="rule.published").latest("id")
    assert said.subject == f"rule_version:{made.pk}" and said.data["closed"] == former.pk
    assert queries.get_value("settle_days", date(2026, 12, 31)).number == 10
    assert queries.get_value("settle_days", date(2027, 1, 1)).number == 14


def test_without_being_asked_it_ends_nothing():
    with pytest.raises(Problem) as caught:
        publish(close_previous=False)
    assert caught.value.code == "standards.overlaps"


def test_a_version_between_others_is_refused_when_they_overlap():
    publish(valid_from=date(2027, 1, 1), valid_to=date(2027, 7, 1))
    with pytest.raises(Problem, match="重叠"):
        publish(valid_from=date(2027, 6, 1))
    assert publish(valid_from=date(2027, 7, 1)).valid_to is None


def test_a_province_has_its_own_value():
    guizhou = get_place("52")
    publish("too_far_m", area_class="rural", unit="m", value="8000", place=guizhou)
    day = date(2027, 2, 1)
    assert queries.get_value("too_far_m", day, "rural", guizhou.path).number == 8000
    assert queries.get_value("too_far_m", day, "rural", "").number == 5000
    assert queries.override_paths("too_far_m") == [guizhou.path]


# what is changed, and the code of the refusal
REFUSED = [
    ({"value": "很多"}, "standards.value_not_a_number"),
    ({"value": "-1"}, "standards.value_not_a_number"),
    ({"value": "NaN"}, "standards.value_not_a_number"),
    ({"unit": "m"}, "standards.unit_not_offered"),
    ({"area_class": "rural"}, "standards.area_class_unfit"),
    ({"source": " "}, "standards.source_missing"),
    ({"valid_to": date(2027, 1, 1)}, "standards.ends_before_start"),
    ({"verification": "verified"}, "standards.needs_a_person"),
    ({"code": "part_week_rule", "value": "halve", "unit": "method"}, "standards.value_not_offered"),
    ({"code": "delivery_floor", "unit": "per week"}, "standards.area_class_unfit"),
]


@pytest.mark.parametrize(("change", "code"), REFUSED)
def test_a_version_that_says_nothing_sensible_is_refused(change, code):
    before = RuleVersion.objects.count()
    with pytest.raises(Problem) as caught:
        publish(**change)
    assert caught.value.code == code
    assert RuleVersion.objects.count() == before


def test_a_person_verifies_once():
    person = User.objects.create(username="checker", name="王五")
    made = publish()
    done = actions.verify_rule_version(version=made, by=f"user:{person.pk}", now=NOW)
    assert (done.verification, done.verified_by, done.verified_at) == ("verified", person, NOW)
    assert Event.objects.filter(kind="rule.verified", subject=f"rule_version:{made.pk}").exists()
    with pytest.raises(Problem, match="已核实"):
        actions.verify_rule_version(version=made, by=f"user:{person.pk}", now=NOW)


def test_a_process_cannot_verify():
    with pytest.raises(Problem, match="具名"):
        actions.verify_rule_version(version=publish(), **BY)


@pytest.fixture
def next_year(tmp_path):
    path = tmp_path / "2027.csv"
    path.write_text("date,kind,name,sources\n2027-01-01,holiday,元旦,通知\n2027-01-02,调休上班,元旦,通知\n")
    return path


def test_a_new_year_becomes_published(next_year):
    assert queries.due(date(2026, 12, 30), "2wd").provisional
    assert actions.load_calendar(path=next_year, **BY) == {"read": 2, "changed": 2, "years": 1}
    found = queries.due(date(2026, 12, 30), "2wd")
    assert (found.due, found.provisional) == (date(2027, 1, 2), False)
    assert Event.objects.filter(kind="calendar.extended").latest("id").data["published"] == [2027]


FAULTY = [
    ("2027-13-01,holiday,元旦,x", "第 3 行“date”"),
    ("1970-01-01,holiday,元旦,x", "不在 2000"),
    ("2027-02-01,weekend,元旦,x", "第 3 行“kind”"),
    ("2027-02-01,holiday,,x", "第 3 行“name”"),
    ("2027-01-01,holiday,元旦,x", "不止一次"),
    ("2027-02-01,holiday", "单元格"),
]


@pytest.mark.parametrize(("row", "message"), FAULTY)
def test_a_faulty_row_refuses_the_whole_calendar(tmp_path, row, message):
    path = tmp_path / "faulty.csv"
    path.write_text(f"date,kind,name,sources\n2027-01-01,holiday,元旦,通知\n{row}\n")
    with pytest.raises(Problem, match=message):
        actions.load_calendar(path=path, **BY)
    assert not CalendarDay.objects.filter(day__year=2027).exists()


def test_an_empty_calendar_is_refused(tmp_path):
    path = tmp_path / "empty.csv"
    path.write_text("date,kind,name,sources\n")
    with pytest.raises(Problem, match="没有任何一天"):
        actions.load_calendar(path=path, **BY)
