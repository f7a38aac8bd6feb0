"""Notices hung and ended; words taken down once, limited, weighed, and never telling who spoke."""

import threading
from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from puyou.accounts.scopes import Scope
from puyou.core.models import Event
from puyou.core.problems import Problem
from puyou.places.queries import get_place
from puyou.registry.tests.conftest import NOW, villages_under
from puyou.standards.models import RuleVersion
from puyou.villagers import actions, queries
from puyou.villagers.models import NoticeCode, VillagerWord

ALL = Scope.system("tests")
TODAY = date(2026, 11, 20)
BY = {"by": "public", "now": NOW}


@pytest.fixture
def code(db) -> NoticeCode:
    village = villages_under("520526", 1)[0]
    return actions.issue_code(place=village, hangs="committee", valid_from=TODAY, by="system:tests", now=NOW)


def say(code, said="absent", device="phone-1", address="192.0.2.7", day=TODAY, now=NOW):
    return actions.give_word(
        code=code, said=said, day=day, device=device, address=address, by="public", now=now
    )


def test_only_villages_get_notices(db):
    with pytest.raises(Problem, match="不是村级单位"):
        actions.issue_code(place=get_place("520526"), hangs="shop", valid_from=TODAY, **BY)


def test_a_notice_hangs_somewhere(db):
    with pytest.raises(Problem, match="张贴的地方"):
        actions.issue_code(place=villages_under("520526", 1)[0], hangs="x", valid_from=TODAY, **BY)


def test_a_code_is_found_until_it_is_ended(code):
    text = queries.code_text(code)
    assert queries.get_code(text, TODAY) == code
    actions.end_code(code=code, on=TODAY, ground="被撕毁", **BY)
    with pytest.raises(Problem) as refused:
        queries.get_code(text, TODAY)
    assert refused.value.status == 410
    with pytest.raises(Problem, match="停用"):
        say(code)
    with pytest.raises(Problem, match="已于"):
        actions.end_code(code=code, on=TODAY, ground="又撕毁", **BY)


def test_a_notice_is_not_ended_without_a_reason(code):
    with pytest.raises(Problem, match="原因"):
        actions.end_code(code=code, on=TODAY, ground=" ", **BY)


def test_a_double_click_is_one_word_and_one_event(code):
    first, second = say(code), say(code)
    assert first == second and VillagerWord.objects.count() == 1
    assert Event.objects.filter(kind="villager_word.given").count() == 1


def test_clicks_at_the_same_moment_are_one_word(own_database):
    village = villages_under("520526", 1)[0]
    code = actions.issue_code(place=village, hangs="station", valid_from=TODAY, by="system:tests", now=NOW)
    trouble: list[BaseException] = []

    def click() -> None:
        try:
            say(code)
        except BaseException as error:
            trouble.append(error)
        finally:
            connection.close()

    clicks = [threading.Thread(target=click) for _ in range(6)]
    for each in clicks:
        each.start()
    for each in clicks:
        each.join()
    assert trouble == [] and VillagerWord.objects.count() == 1


def test_the_other_word_from_the_same_device_holds_from_then_on(code):
    say(code)
    say(code, said="came", now=NOW + timedelta(hours=1))
    tally = queries.tallies(ALL, [code.place_id], TODAY, TODAY)[code.place_id, TODAY]
    assert (tally.absent, tally.came) == (0, 1) and VillagerWord.objects.count() == 2


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), TODAY + timedelta(days=1), date.min])
def test_a_page_of_another_day_says_nothing(code, day):
    with pytest.raises(Problem) as refused:
        say(code, day=day)
    assert refused.value.status == 409 and not VillagerWord.objects.exists()


@pytest.mark.parametrize("said", ["", "miss", "<b>", "没来", "absent'--"])
def test_only_two_words_exist(code, said):
    with pytest.raises(Problem, match="请点"):
        say(code, said=said)


def limit(rule: str, value: str) -> None:
    RuleVersion.objects.filter(rule__code=rule).update(value=value)


def test_one_network_says_only_so_much_of_a_village_and_day(code):
    limit("villager_words_network", "3")
    for at in range(3):
        say(code, device=f"phone-{at}")
    with pytest.raises(Problem) as refused:
        say(code, device="phone-9")
    assert refused.value.status == 429 and VillagerWord.objects.count() == 3
    say(code, device="phone-9", address="192.0.2.8")
    say(code, device="phone-8", now=NOW + timedelta(days=1), day=TODAY + timedelta(days=1))


def test_one_village_takes_only_so_many_a_day(code):
    limit("villager_words_village", "2")
    for at in range(2):
        say(code, device=f"phone-{at}", address=f"192.0.2.{at}")
    with pytest.raises(Problem, match="上限"):
        say(code, device="phone-9", address="192.0.2.9")
    assert say(code, device="phone-1", address="192.0.2.1").pk  # a repetition is no news


def test_rows_and_events_do_not_tell_who_spoke(code):
    other = actions.issue_code(
        place=villages_under("520526", 2)[1], hangs="shop", valid_from=TODAY, by="system:tests", now=NOW
    )
    rows = [say(code), say(other), say(code, now=NOW + timedelta(days=1), day=TODAY + timedelta(days=1))]
    assert len({row.device for row in rows}) == 3 and len({row.address for row in rows}) == 3
    told = str(list(Event.objects.filter(kind="villager_word.given").values())) + str([vars(r) for r in rows])
    assert "phone-1" not in told and "192.0.2" not in told


def test_a_visit_is_weighed_against_words_after_it(code):
    say(code, now=NOW)
    say(code, device="phone-2", address="192.0.2.8", now=NOW + timedelta(hours=2))
    tally = queries.tally_beside(ALL, code.place_id, TODAY, NOW + timedelta(hours=1))
    assert (tally.absent, tally.after) == (2, 1)
    assert queries.enough_on(TODAY) == 2


def test_absences_of_a_day_come_as_columns(code):
    say(code)
    say(code, device="phone-2")
    say(code, device="phone-3")
    say(code, device="phone-3", said="came", now=NOW + timedelta(hours=1))
    found = queries.absences_on(TODAY)
    assert found.place_ids.tolist() == [code.place_id] and found.devices.tolist() == [2]
    assert datetime.fromtimestamp(found.last_us[0] / 1e6, tz=NOW.tzinfo) == NOW
    assert queries.absences_on(TODAY - timedelta(days=1)).place_ids.tolist() == []


def test_a_notice_publishes_its_own_village_and_nothing_else(code):
    scope = queries.scope_of(code)
    assert scope.covers(code.place.path) and not scope.covers(code.place.parent.path)
    assert not scope.covers(code.place.path, "visits.review") and not scope.may("registry.edit")


def test_words_and_notices_are_read_in_scope(code):
    say(code)
    county = get_place("520526")
    nothing = Scope.public()
    assert queries.list_words(ALL, county).count() == queries.list_codes(ALL, county).count() == 1
    assert not queries.list_words(nothing, county) and not queries.list_codes(nothing, county)
    assert queries.tallies(nothing, [code.place_id], TODAY, TODAY) == {}
    assert not queries.tally_beside(nothing, code.place_id, TODAY, None).spoken
