"""Officers of a case: given and taken, qualified, kept away; an officer whose grant ends mid-case."""

from datetime import date, timedelta
from typing import Any

import pytest

from puyou.accounts.models import Grant
from puyou.cases import forms, queries, reading
from puyou.cases.models import Case, Party, Qualification, Recusal
from puyou.cases.names import Actor
from puyou.cases.officers import assigning, qualifying, recusing
from puyou.cases.tests import sample
from puyou.cases.tests.cast import NOW, Cast, actor, do, gather, open_sample, publish
from puyou.core import clock
from puyou.core.problems import Problem

PERSON = [{"code": "person", "name": "人员", "kind": "person"}]
OFFICE: dict[str, Any] = {"who": ["office"], "primary": False}
ACTIONS = [
    OFFICE | {"code": "assign", "name": "交办", "effects": ["assign"], "fields": PERSON},
    OFFICE | {"code": "join", "name": "协办", "effects": ["join"], "fields": PERSON},
    OFFICE | {"code": "leave", "name": "退出协办", "effects": ["leave"], "fields": PERSON},
    OFFICE
    | {"code": "punish", "name": "处罚", "guards": ["qualified", "two_qualified_officers", "not_recused"]},
]
DAYS = {"first": date(2026, 1, 1), "last": date(2026, 12, 31)}


@pytest.fixture
def people(db: None) -> Any:
    publish(actions=[*sample.value()["actions"], *ACTIONS])
    with clock.frozen(NOW):
        yield gather()


@pytest.fixture
def second(people: Cast) -> Actor:
    """Another officer of the very office in charge."""
    from puyou.accounts.tests.offices import officer  # noqa: PLC0415
    from puyou.places.queries import get_place  # noqa: PLC0415

    made = officer("case.second", "city_regulator", get_place("520526"), "王五")
    made.appointments.update(valid_from=date(2026, 1, 1))
    Grant.objects.filter(valid_from__gt=date(2026, 1, 1)).update(valid_from=date(2026, 1, 1))
    return actor(made)


@pytest.fixture
def case(people: Cast) -> Case:
    return do(open_sample(people), "accept", people.colleague)


def number(who: Actor) -> int:
    assert who.user is not None
    return int(who.user.pk)


def certify(who: Actor, text: str, by: Actor, **days: date) -> Qualification:
    assert who.user is not None
    return qualifying.register_qualification(user=who.user, number=text, **(DAYS | days), actor=by, now=NOW)


def reason(case: Case, who: Actor, action: str = "punish") -> str:
    return next(one.reason for one in reading.available(case, who, NOW) if one.action.code == action)


class TestAssigning:
    def test_it_is_given_to_somebody_of_the_office(self, people: Cast, case: Case, second: Actor) -> None:
        given = do(case, "assign", people.colleague, person=number(second))
        assert given.handler == second.user
        action = reading.definition_of(case.version_id).action("assign")
        event = given.events.order_by("-revision").first()
        assert action is not None and event is not None
        assert forms.spoken(action, event.data) == [("人员", "王五")]

    def test_nobody_else_may_be_chosen(self, people: Cast, case: Case) -> None:
        for other in (people.stranger, people.company):
            with pytest.raises(Problem, match="没有这名"):
                do(case, "assign", people.colleague, person=number(other))
        for nonsense in ("x", -1, 0, 2**70):
            with pytest.raises(Problem, match="所列人员"):
                do(case, "assign", people.colleague, person=nonsense)

    def test_a_grant_that_ends_is_told_and_another_takes_over(
        self, people: Cast, case: Case, second: Actor
    ) -> None:
        given = do(case, "assign", people.colleague, person=number(people.colleague))
        assert people.colleague.user is not None
        people.colleague.user.appointments.update(valid_to=NOW.date())
        late = actor(people.colleague.user)
        with pytest.raises(Problem, match="找不到这个案件|由主管部门办理"):
            do(given, "pause", late, ground="等材料")
        assert number(late) not in {one.pk for one in assigning.candidates(given)}
        assert do(given, "assign", second, person=number(second)).handler == second.user

    def test_helpers_come_and_go(self, people: Cast, case: Case, second: Actor) -> None:
        do(case, "join", people.colleague, person=number(second))
        do(case, "join", people.colleague, person=number(second))
        assert Party.objects.filter(case=case, role="officer").count() == 1
        do(case, "leave", people.colleague, person=number(second))
        with pytest.raises(Problem, match="没有这名"):
            do(case, "leave", people.colleague, person=number(second))


class TestQualification:
    def test_an_action_waits_for_two_who_are_qualified(self, people: Cast, case: Case, second: Actor) -> None:
        assert reason(case, people.colleague) == "您没有有效的执法资格"
        certify(people.colleague, "贵01", people.officer)
        assert "现有 1 名" in reason(
            do(case, "assign", people.colleague, person=number(people.colleague)), people.colleague
        )
        certify(second, "贵02", people.officer)
        do(case, "join", people.colleague, person=number(second))
        assert reason(Case.objects.get(pk=case.pk), people.colleague) == ""

    def test_one_that_ended_counts_no_more(self, people: Cast, case: Case) -> None:
        made = certify(people.colleague, "贵01", people.officer)
        ended = qualifying.end_qualification(
            qualification_id=made.pk, ground="调离执法岗位", actor=people.officer, now=NOW
        )
        assert ended.valid_to == NOW.date() and reason(case, people.colleague) == "您没有有效的执法资格"
        with pytest.raises(Problem, match="已经到期或终止"):
            qualifying.end_qualification(
                qualification_id=made.pk, ground="再次", actor=people.officer, now=NOW
            )

    @pytest.mark.parametrize(
        ("text", "days"),
        [("", {}), ("长" * 41, {}), ("贵9", {"last": date(2025, 1, 1)}), ("贵9", {"last": date(2099, 1, 1)})],
    )
    def test_what_is_no_certificate_is_refused(self, people: Cast, text: str, days: dict[str, date]) -> None:
        with pytest.raises(Problem, match="须填写证号"):
            certify(people.colleague, text, people.officer, **days)

    def test_a_number_is_used_once_and_by_officers_of_the_scope_only(self, people: Cast) -> None:
        certify(people.colleague, "贵01", people.officer)
        with pytest.raises(Problem, match="已经登记"):
            certify(people.officer, "贵01", people.officer)
        for other in (people.stranger, people.company):
            with pytest.raises(Problem, match="没有这名"):
                certify(other, "贵03", people.officer)
        assert list(qualifying.list_qualifications(people.stranger.scope)) == []

    def test_the_last_day_counts(self, people: Cast, case: Case) -> None:
        certify(people.colleague, "贵01", people.officer, last=NOW.date())
        assert qualifying.qualified({number(people.colleague)}, NOW.date()) == {number(people.colleague)}
        assert qualifying.qualified({number(people.colleague)}, NOW.date() + timedelta(days=1)) == set()


class TestRecusal:
    def ask(self, case: Case, about: Actor, by: Actor, ground: str = "与企业负责人是亲属") -> Recusal:
        return recusing.ask_recusal(case_id=case.pk, user_id=number(about), ground=ground, actor=by, now=NOW)

    def decide(self, made: Recusal, by: Actor, upheld: bool = True) -> Recusal:
        return recusing.decide_recusal(
            case_id=made.case_id, recusal_id=made.pk, upheld=upheld, ground="情况属实", actor=by, now=NOW
        )

    def test_upheld_the_officer_neither_acts_nor_sees_the_inner_parts(
        self, people: Cast, case: Case, second: Actor
    ) -> None:
        given = do(case, "assign", people.colleague, person=number(people.colleague))
        made = self.ask(given, people.colleague, people.company)
        self.decide(made, second)
        held = Case.objects.get(pk=case.pk)
        assert held.handler is None
        assert not reading.relations_held(held, people.colleague) & {"office", "handler"}
        with pytest.raises(Problem, match="由主管部门办理"):
            do(held, "pause", people.colleague, ground="等材料")
        assert held not in queries.list_waiting(people.colleague.scope, people.colleague.user)
        last = held.events.order_by("-revision").first()
        assert last is not None and (last.name, last.data) == (
            "回避",
            {"recused": people.colleague.user.name},
        )  # type: ignore[union-attr]
        assert do(held, "assign", second, person=number(second)).handler == second.user

    def test_nobody_decides_about_himself(self, people: Cast, case: Case) -> None:
        made = self.ask(case, people.colleague, people.colleague)
        with pytest.raises(Problem, match="不能决定自己"):
            self.decide(made, people.colleague)
        assert self.decide(made, people.officer).decision == "upheld"

    def test_refused_everything_goes_on_and_it_may_be_asked_again(self, people: Cast, case: Case) -> None:
        made = self.ask(case, people.colleague, people.company)
        self.decide(made, people.officer, upheld=False)
        assert do(case, "pause", people.colleague, ground="等材料").flags == ["paused"]
        with pytest.raises(Problem, match="已有结果"):
            self.decide(made, people.officer)
        assert self.ask(case, people.colleague, people.company).pk != made.pk

    def test_while_it_waits_a_definition_may_stop_the_officer(self, people: Cast, case: Case) -> None:
        certify(people.colleague, "贵01", people.officer)
        certify(people.officer, "贵02", people.officer)
        Party.objects.create(case=case, role="officer", user=people.officer.user, valid_from=NOW.date())
        assert reason(case, people.colleague) == ""
        self.ask(case, people.colleague, people.company)
        assert reason(case, people.colleague) == "对您的回避申请尚未决定"
        with pytest.raises(Problem, match="已对此人提出过回避"):
            self.ask(case, people.colleague, people.company)

    def test_only_officers_of_the_case_by_people_of_the_case(self, people: Cast, case: Case) -> None:
        with pytest.raises(Problem, match="没有这名"):
            self.ask(case, people.stranger, people.company)
        with pytest.raises(Problem, match="找不到这个案件"):
            self.ask(case, people.colleague, people.stranger)
        with pytest.raises(Problem, match="写明理由"):
            self.ask(case, people.colleague, people.company, " ")
