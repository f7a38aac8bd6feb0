"""From a report to its result, and every way it can go otherwise."""

from datetime import timedelta
from uuid import uuid4

import pytest

from puyou.accounts.tests.offices import officer
from puyou.cases.feedback import actions, public, queries
from puyou.cases.feedback.models import Confirmation, Report, Verification
from puyou.cases.feedback.tests.cast import ANSWER, LOOKED, NOW
from puyou.cases.models import Case
from puyou.cases.tests.cast import do
from puyou.core.problems import Problem
from puyou.places.queries import get_place


def case_of(filed) -> Case:
    return Case.objects.get(pk=filed.report.case_id)


def test_verified_by_the_office_and_confirmed_by_the_reporter(world):
    filed = world.reach("confirming")
    actions.confirm(report=filed.report, fixed=True, now=NOW + timedelta(days=1), client_id=uuid4())
    case = case_of(filed)
    assert (case.state, case.outcome) == ("verified", "verified")
    assert [step.words for step in public.status_of(filed.report, NOW + timedelta(days=1)).steps] == [
        "已收到，待受理", "已受理", "已转企业办理", "正在核实", "已核实，请您确认", "已整改，并经核实",
    ]  # fmt: skip
    report = Report.objects.get()
    assert report.accepted_at and report.dispatched_at and report.answered_at and report.answer_due_on


def test_what_is_closed_without_looking_is_only_claimed(world):
    filed = world.reach("verifying")
    do(filed.report.case, "close_claimed", world.officer, ground="路远，本季未去")
    assert case_of(filed).outcome == "claimed"
    assert not Verification.objects.exists()


def test_the_company_cannot_verify_and_the_office_cannot_skip(world):
    filed = world.reach("verifying")
    for who, action in ((world.company, "verify"), (world.officer, "confirm_fixed")):
        with pytest.raises(Problem) as caught:
            do(filed.report.case, action, who, **LOOKED)
        assert caught.value.status == 409


def test_silence_goes_on_after_the_days_of_the_rule_and_not_before(world):
    filed = world.reach("confirming")
    assert actions.settle_silent(now=NOW + timedelta(days=6)) == 0
    assert actions.settle_silent(now=NOW + timedelta(days=8)) == 1
    assert actions.settle_silent(now=NOW + timedelta(days=8)) == 0
    assert case_of(filed).outcome == "verified"


def test_not_fixed_sends_it_back_to_be_looked_at(world):
    filed = world.reach("confirming")
    actions.confirm(report=filed.report, fixed=False, now=NOW, client_id=uuid4(), text="昨天又没来")
    case = case_of(filed)
    assert (case.state, case.flags) == ("verifying", ["disputed"])
    assert actions.settle_silent(now=NOW + timedelta(days=30)) == 0


def test_not_fixed_afterwards_opens_it_again_within_the_window(world):
    filed = world.reach("confirming")
    actions.confirm(report=filed.report, fixed=True, now=NOW, client_id=uuid4())
    with pytest.raises(Problem):
        actions.confirm(report=filed.report, fixed=False, now=NOW + timedelta(days=90), client_id=uuid4())
    assert not Confirmation.objects.filter(fixed=False).exists()
    actions.confirm(report=filed.report, fixed=False, now=NOW + timedelta(days=30), client_id=uuid4())
    case = case_of(filed)
    assert (case.state, case.outcome, case.flags) == ("verifying", "", ["reopened"])
    assert Report.objects.get().reopened == 1


def test_other_bodies_reports_say_whose_they_are(world):
    filed = world.file()
    do(filed.report.case, "refer", world.officer, body="县交通运输局", ground="道路损坏不属邮政管理")
    status = public.status_of(Report.objects.get(), NOW)
    assert (status.outcome, status.other_body) == ("other_body", "县交通运输局")
    assert status.steps[-1].text == "道路损坏不属邮政管理"


def test_a_duplicate_follows_the_report_it_was_merged_into(world):
    first, second = world.reach("answering"), world.file()
    do(second.report.case, "merge", world.officer, into=case_of(first).number)
    status = public.status_of(Report.objects.get(pk=second.report.pk), NOW)
    assert status.state == "answering" and "合并" in status.words
    third = world.file()
    for into in ("没有", second.tracking, third.tracking):
        with pytest.raises(Problem):
            do(third.report.case, "merge", world.officer, into=into)
    assert case_of(third).state == "received"


def test_a_second_report_at_one_place_is_a_repeat(world):
    first = world.file()
    assert first.report.repeats is None
    assert world.file().report.repeats == first.report
    later = world.file(now=NOW + timedelta(days=200))
    assert later.report.repeats is None


def test_visits_verify_only_when_there_are_any(world):
    filed = world.reach("verifying")
    with pytest.raises(Problem) as caught:
        do(filed.report.case, "verify", world.officer, method="visits", text="看投递记录")
    assert caught.value.code == "cases.report_no_visit"


def test_the_company_hands_back_what_is_not_its_own(world):
    filed = world.reach("answering")
    do(filed.report.case, "hand_back", world.company, text="属另一企业")
    case = case_of(filed)
    assert (case.state, case.operator, case.shared) == ("accepted", None, False)


def test_an_office_above_takes_over(world):
    filed = world.file()
    with pytest.raises(Problem):
        do(filed.report.case, "escalate", world.officer, ground="久拖不决")
    officer("report.nation", "national_regulator", get_place("000000000000"))
    before = filed.report.case.office
    do(filed.report.case, "escalate", world.officer, ground="久拖不决")
    after = case_of(filed)
    assert after.office != before and after.flags == ["escalated"]
    assert before.place.path.startswith(after.office.place.path)


def test_what_lies_too_long_goes_to_the_office_above_once(world):
    officer("report.nation", "national_regulator", get_place("000000000000"))
    left, moving = world.file(), world.reach("answering")
    assert actions.escalate_overdue(now=NOW + timedelta(days=9)) == 0
    assert actions.escalate_overdue(now=NOW + timedelta(days=30)) == 1
    assert actions.escalate_overdue(now=NOW + timedelta(days=31)) == 0
    assert (case_of(left).flags, case_of(moving).flags) == (["escalated"], [])


def test_withdrawn_only_before_anybody_accepted(world):
    filed = world.file()
    actions.withdraw(report=filed.report, now=NOW)
    assert case_of(filed).outcome == "withdrawn"
    with pytest.raises(Problem):
        actions.withdraw(report=world.reach("accepted").report, now=NOW)


def test_rated_only_when_settled_and_once_per_sending(world):
    filed = world.reach("confirming")
    one = uuid4()
    with pytest.raises(Problem):
        actions.rate(report=filed.report, score=4, now=NOW, client_id=one)
    actions.confirm(report=filed.report, fixed=True, now=NOW, client_id=uuid4())
    for score in (0, 6, True):
        with pytest.raises(Problem):
            actions.rate(report=filed.report, score=score, now=NOW, client_id=one)
    actions.rate(report=filed.report, score=4, now=NOW, client_id=one)
    assert actions.rate(report=filed.report, score=5, now=NOW, client_id=one).score == 4


class TestFiling:
    def test_a_repeated_sending_answers_alike(self, world):
        one = uuid4()
        first, again = world.file(client_id=one), world.file(client_id=one)
        assert (again.report, again.tracking, again.code) == (first.report, first.tracking, first.code)
        assert again.repeated and not first.repeated and Case.objects.count() == 1
        with pytest.raises(Problem) as caught:
            world.file(client_id=one, text="别的内容")
        assert (caught.value.code, caught.value.status) == ("cases.report_conflict", 409)

    @pytest.mark.parametrize(
        "bad",
        [
            {"text": " "},
            {"text": "长" * 2001},
            {"photos": ["x"]},
            {"photos": ["a" * 64] * 7},
            {"position": actions.Position(200, 26)},
            {"contact": "长" * 101},
        ],
    )
    def test_what_does_not_fit_is_refused_whole(self, world, bad):
        with pytest.raises(Problem):
            world.file(**bad)
        assert not Case.objects.exists()

    def test_number_and_code_open_it_and_nothing_else_does(self, world):
        filed, other = world.file(), world.file()
        typed = f" {filed.tracking[:5].lower()}-{filed.tracking[5:]} "
        assert queries.find_by_tracking(typed, filed.code.lower()) == filed.report
        for number, code in ((filed.tracking, other.code), ("F", filed.code), (filed.tracking, "")):
            with pytest.raises(Problem) as caught:
                queries.find_by_tracking(number, code)
            assert caught.value.code == "cases.unknown_tracking"
        assert filed.code not in str(Report.objects.values().get(pk=filed.report.pk))

    def test_other_provinces_neither_list_nor_act(self, world):
        filed = world.file()
        assert not queries.list_reports(world.stranger.scope, world.stranger.user).exists()
        assert queries.list_reports(world.officer.scope, world.officer.user).get() == filed.report
        with pytest.raises(Problem) as caught:
            do(filed.report.case, "accept", world.stranger)
        assert caught.value.status == 404


def test_a_returned_report_gets_a_new_term_and_keeps_its_first_answer(world):
    filed = world.reach("verifying")
    first = Report.objects.get().answered_at
    do(filed.report.case, "return", world.officer, method="call", text="仍未恢复")
    assert case_of(filed).clocks.filter(code="answer", stopped_on=None).exists()
    do(filed.report.case, "answer_fixed", world.company, NOW + timedelta(days=2), **ANSWER)
    assert Report.objects.get().answered_at == first
