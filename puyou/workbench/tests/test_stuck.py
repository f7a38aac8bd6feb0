from datetime import timedelta

import pytest

from puyou.accounts.models import Appointment, User
from puyou.accounts.tests.offices import signed_in
from puyou.cases import reading
from puyou.cases.models import Case, CaseClock, Party
from puyou.cases.tests.cast import NOW, do, open_sample
from puyou.core.models import Event
from puyou.places import integrity
from puyou.workbench import stuck
from puyou.workbench.models import StuckCase
from puyou.workbench.tests.test_desk import office_of, opened, people  # noqa: F401

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=90)


def found(now=LATER):
    return {one.case_id: (one.reason, one.wanted) for one in stuck.look(now)}


def leave(*users):
    """They leave their posts the day before."""
    Appointment.objects.filter(user__in=[who.user for who in users]).update(
        valid_to=NOW.date() - timedelta(days=1)
    )


def test_what_somebody_can_do_does_not_stand_still(people):  # noqa: F811
    opened(people)
    assert found() == {}


def test_when_all_who_handle_have_left_nobody_can(people):  # noqa: F811
    (case,) = opened(people)
    leave(people.officer, people.colleague)
    assert found() == {case.pk: ("nobody", ("office",))}
    User.objects.filter(pk=people.officer.user.pk).update(is_active=False)
    leave()
    Appointment.objects.filter(user=people.officer.user).update(valid_to=None)
    assert found() == {case.pk: ("nobody", ("office",))}  # a suspended account is nobody


def test_an_office_without_people_is_told_from_one_above_which_could(people):  # noqa: F811
    (case,) = opened(people)
    leave(people.officer)
    assert found() == {case.pk: ("office_empty", ("office",))}
    case = Case.objects.get()
    assert reading.relations_held(case, people.colleague) == {"office"}  # and it is true: the colleague could


def test_a_running_term_moves_a_case_on_and_one_that_is_over_or_pauses_does_not(people):  # noqa: F811
    (case,) = opened(people)
    do(case, "accept", people.officer)
    leave(people.company)
    Case.objects.update(handler=None)
    assert found(NOW) == {}
    assert found(LATER) == {case.pk: ("nobody", ("operator",))}
    CaseClock.objects.update(due_on=LATER.date())
    assert found(LATER) == {}
    do(case, "pause", people.officer, ground="等待鉴定")
    CaseClock.objects.exclude(code="decide").update(stopped_on=NOW.date())
    # The mark hinders the company; the office could lift it, and has left too.
    assert found(LATER) == {}
    leave(people.officer, people.colleague)
    assert found(LATER) == {case.pk: ("nobody", ("office",))}


def test_a_company_that_does_not_see_the_case_cannot_answer_it(people):  # noqa: F811
    (case,) = opened(people)
    do(case, "accept", people.officer)
    CaseClock.objects.update(stopped_on=NOW.date())
    assert found() == {}
    Case.objects.update(shared=False)
    assert found() == {case.pk: ("nobody", ("operator",))}


def test_a_state_without_a_step_is_told_as_such(people, monkeypatch):  # noqa: F811
    (case,) = opened(people)
    monkeypatch.setattr(stuck, "steps_of", lambda *given: frozenset())
    assert found() == {case.pk: ("no_step", ())}


def test_it_is_noted_once_and_struck_out_when_it_goes_on(people):  # noqa: F811
    (case,) = opened(people)
    leave(people.officer)
    assert [stuck.note_stuck(now=LATER) for _ in range(2)] == [1, 0]
    assert StuckCase.objects.get().reason == "office_empty"
    leave(people.colleague)
    assert stuck.note_stuck(now=LATER) == 2 and StuckCase.objects.get().reason == "nobody"
    Party.objects.create(case=case, role="reporter", user=people.officer.user, valid_from=NOW.date())
    assert stuck.note_stuck(now=LATER) == 0  # a reporter is not asked for here
    Appointment.objects.filter(user=people.officer.user).update(valid_to=None)
    assert stuck.note_stuck(now=LATER) == 1 and not StuckCase.objects.exists()
    assert Event.objects.filter(kind="stuck.changed").count() == 3


def test_the_page_says_why_and_what_to_do_to_whom_it_concerns(people):  # noqa: F811
    case = open_sample(people, title="停住的案件", office=office_of(people))
    office = case.office.name
    leave(people.officer)
    stuck.note_stuck(now=LATER)
    html = signed_in(people.colleague.user).get("/cases/stuck/").content.decode()
    assert "停住的案件" in html and f"主管部门“{office}”没有在岗的办案人员" in html and "任命办案人员" in html
    assert "停住的案件" not in signed_in(people.stranger.user).get("/cases/stuck/").content.decode()
    assert signed_in(people.company.user).get("/cases/stuck/").status_code == 403
    assert signed_in(people.colleague.user).get("/cases/stuck/?reason=nobody").context["table"].rows == []
    desk = signed_in(people.colleague.user).get("/workbench/").context["desk"]
    assert desk.counted["停滞案件"].count == 1
    names = [one.name for one in integrity.Findings(integrity.get_check("cases.stuck"))]
    assert names == [case.number]


def test_whose_turn_it_is_depends_on_state_and_marks(people):  # noqa: F811
    case = open_sample(people)
    definition = reading.definition_of(case.version_id)
    assert stuck.steps_of(definition, "received", frozenset()) == {"office"}
    assert stuck.steps_of(definition, "answering", frozenset({"paused"})) == {"office"}
    assert stuck.steps_of(definition, "verified", frozenset()) == set()
