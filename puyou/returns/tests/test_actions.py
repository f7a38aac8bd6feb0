"""Asking, filling, signing, checking up the levels, returning, approving, restating."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from puyou.accounts.scopes import scope_for
from puyou.core.problems import Problem
from puyou.indicators.models import ReportedValue
from puyou.indicators.periods import Period
from puyou.places.models import Place
from puyou.returns import actions, knowing, queries, reading, rules
from puyou.returns.models import DueReturn, Submission
from puyou.returns.tests import cast
from puyou.returns.tests.cast import NOW, Offices

pytestmark = pytest.mark.django_db


@pytest.fixture
def offices():
    return Offices()


def write(offices, user, cells=None, base=None, words=None):
    due = offices.due(user)
    form = knowing.form_of(due.version)
    read = reading.read_cells(form, cells or {"done.now": "5", "open.now": "2"})
    return actions.save_draft(
        due_id=due.pk,
        base=due.data if base is None else base,
        read=read,
        explanations=words,
        **offices.ask(user),
    ).due


def hand_in(offices, cells=None):
    due = write(offices, offices.filler, cells)
    due = actions.submit_return(due_id=due.pk, expected=due.turn, **offices.ask(offices.filler))
    return actions.sign_return(due_id=due.pk, expected=due.turn, **offices.ask(offices.head))


def refused(code):
    return pytest.raises(Problem, match=".*") if code is None else pytest.raises(Problem)


def test_each_office_is_asked_once_with_a_working_day_as_its_date(offices):
    assert DueReturn.objects.count() == 2
    assert (
        actions.open_round(form=offices.form, period=cast.PERIOD, scope=cast.EVERYTHING, by="t", now=NOW) == 0
    )
    assert offices.due().due_on == date(
        2026, 10, 20
    )  # ten working days after 30 September, the holiday between
    assert actions.open_due(now=NOW) == 2  # the shipped form that provinces owe
    assert actions.open_due(now=NOW) == 0


@pytest.mark.parametrize(
    ("period", "code"),
    [("2026-09", "wrong_period"), ("2024-Q1", "not_in_force"), ("2026-Q4", "not_over")],
)
def test_a_period_that_cannot_be_asked_for(offices, period, code):
    with pytest.raises(Problem) as raised:
        actions.open_round(
            form=offices.form, period=Period.parse(period), scope=cast.EVERYTHING, by="t", now=NOW
        )
    assert raised.value.code == f"returns.{code}"


def test_from_draft_to_values(offices):
    due = hand_in(offices)
    assert (due.status, due.level, due.first_signed_at) == (rules.WAITING, 0, NOW)
    assert list(queries.to_check(scope_for(offices.nation))) == [due]
    due = actions.approve_return(due_id=due.pk, expected=due.turn, **offices.ask(offices.nation))
    assert due.status == rules.APPROVED
    held = {row.item.code: row for row in ReportedValue.objects.all()}
    assert (held["sample_all"].value, held["sample_done"].value) == (7, 5)
    assert (
        held["sample_all"].address == f"/returns/{due.pk}/#all.now"
        and "第 1 次报送" in held["sample_all"].source
    )


def test_nobody_signs_or_checks_their_own(offices):
    due = write(offices, offices.filler)
    due = actions.submit_return(due_id=due.pk, expected=due.turn, **offices.ask(offices.filler))
    with pytest.raises(Problem) as raised:
        actions.sign_return(due_id=due.pk, expected=due.turn, **offices.ask(offices.filler))
    assert raised.value.code == "returns.same_person"
    with pytest.raises(Problem) as raised:
        actions.sign_return(due_id=due.pk, expected=due.turn, **offices.ask(offices.stranger))
    assert raised.value.code == "returns.not_filler"


def test_errors_and_silent_warnings_stand_in_the_way(offices):
    due = write(offices, offices.filler, {"done.now": "1", "open.now": "2"})
    with pytest.raises(Problem) as raised:
        actions.submit_return(due_id=due.pk, expected=due.turn, **offices.ask(offices.filler))
    assert raised.value.code == "returns.has_faults"
    due = write(offices, offices.filler, {"done.now": "1", "open.now": "2"}, words={"check:some": "新受理"})
    assert actions.submit_return(due_id=due.pk, expected=due.turn, **offices.ask(offices.filler))


def test_returned_with_a_ground_and_handed_in_again(offices):
    due = hand_in(offices)
    with pytest.raises(Problem) as raised:
        actions.return_return(due_id=due.pk, expected=due.turn, ground=" ", **offices.ask(offices.nation))
    assert raised.value.code == "returns.no_ground"
    due = actions.return_return(
        due_id=due.pk, expected=due.turn, ground="口径不对", **offices.ask(offices.nation)
    )
    assert due.status == rules.RETURNED and not ReportedValue.objects.exists()
    due = hand_in(offices, {"done.now": "6", "open.now": "2"})
    changed = [
        each.cell.code
        for each in knowing.differences(due, knowing.form_of(due.version), due.data)
        if each.changed
    ]
    assert changed == ["all.now", "done.now"] and due.submissions.count() == 2


def test_restating_keeps_what_was_said(offices):
    due = hand_in(offices)
    due = actions.approve_return(due_id=due.pk, expected=due.turn, **offices.ask(offices.nation))
    due = actions.restate_return(
        due_id=due.pk, expected=due.turn, ground="漏报一件", **offices.ask(offices.filler)
    )
    standing = ReportedValue.objects.filter(superseded_at=None, item__code="sample_done")
    assert standing.get().value == 5
    due = hand_in(offices, {"done.now": "6", "open.now": "2"})
    actions.approve_return(due_id=due.pk, expected=due.turn, **offices.ask(offices.nation))
    assert (standing.get().value, standing.get().ground) == (6, "漏报一件")
    assert ReportedValue.objects.filter(item__code="sample_done").count() == 2


def test_two_people_write_at_once(offices):
    write(offices, offices.filler, {"done.now": "5"}, base={})
    joined = write(offices, offices.head, {"open.now": "2"}, base={})
    assert joined.data == {"done.now": "5", "open.now": "2"}
    with pytest.raises(Problem) as raised:
        write(offices, offices.head, {"done.now": "9"}, base={})
    assert raised.value.code == "returns.clash" and "已办" in raised.value.message
    assert offices.due().data == {"done.now": "5", "open.now": "2"}


def test_a_stale_click_and_a_state_that_does_not_allow_it(offices):
    due = hand_in(offices)
    for expected, code in ((due.turn - 1, "turned"), (due.turn, None)):
        if code:
            with pytest.raises(Problem) as raised:
                actions.approve_return(due_id=due.pk, expected=expected, **offices.ask(offices.nation))
            assert raised.value.code == f"returns.{code}"
    with pytest.raises(Problem) as raised:
        write(offices, offices.filler)
    assert raised.value.code == "returns.wrong_state"


def test_a_place_that_is_gone(offices):
    Place.objects.filter(pk=offices.other.pk).update(valid_to=date(2026, 10, 1))
    with pytest.raises(Problem) as raised:
        write(offices, offices.stranger)
    assert raised.value.code == "returns.place_gone"


def test_several_are_approved_each_by_itself(offices):
    due = hand_in(offices)
    other = offices.due(offices.stranger)
    done, why = actions.approve_many(
        chosen=[(other.pk, other.turn), (due.pk, due.turn)], **offices.ask(offices.nation)
    )
    assert done == 1 and why[0][0] == other.pk


def test_scope_everywhere(offices):
    hand_in(offices)
    assert {row.place_id for row in queries.list_returns(scope_for(offices.stranger))} == {offices.other.pk}
    with pytest.raises(Problem) as raised:
        queries.get_return(scope_for(offices.stranger), offices.due().pk)
    assert raised.value.status == 404
    assert not queries.to_check(scope_for(offices.filler)).exists()


def test_what_was_handed_in_cannot_be_changed(offices):
    hand_in(offices)
    with pytest.raises(DatabaseError), transaction.atomic():
        Submission.objects.update(ground="x")


def test_the_shipped_forms_are_sound():
    assert actions.load_forms(by="test", now=NOW) == 4
    assert actions.load_forms(by="test", now=NOW) == 4 and len(queries.every_form()) == 4
