from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils.html import escape

from puyou.accounts.tests.offices import signed_in
from puyou.cases import actions, definition, queries, reading, relations, rules
from puyou.cases.actions.bulk import DENIED, DONE, MOST, STALE, Chosen
from puyou.cases.models import Case, CaseEvent
from puyou.cases.tests import sample
from puyou.cases.tests.cast import NOW, do, open_sample
from puyou.cases.views.lists import QUEUES, rows_of
from puyou.core import clock
from puyou.core.problems import Problem

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _time():
    with clock.frozen(NOW):
        yield


def text(response):
    return response.content.decode()


def numbers(client, query):
    """The numbers of the cases that a list shows, in its order."""
    rows = client.get(f"/cases/?{query}").context["table"].rows
    return [int(row.key) for row in rows]


class TestQueues:
    def test_what_an_office_is_in_charge_of_waits_for_it_or_for_somebody_else(self, people):
        who, mine, theirs = people.officer, open_sample(people), open_sample(people)
        do(theirs, "accept", who)
        Case.objects.update(office=who.user.appointments.get().post.organisation)
        assert set(queries.list_office(who.scope, who.user, TODAY)) == {mine, theirs}
        assert list(queries.list_waiting(who.scope, who.user)) == [mine]
        assert list(queries.list_elsewhere(who.scope, who.user, TODAY)) == [theirs]
        company = people.company
        assert list(queries.list_office(company.scope, company.user, TODAY)) == [theirs]
        assert list(queries.list_elsewhere(company.scope, company.user, TODAY)) == []
        stranger = people.stranger
        assert not queries.list_office(stranger.scope, stranger.user, TODAY).exists()

    def test_a_case_without_a_company_can_wait_elsewhere(self, people):
        case = open_sample(people)
        do(case, "accept", people.officer)
        Case.objects.update(operator=None)
        assert list(queries.list_elsewhere(people.officer.scope, people.officer.user, TODAY)) == [case]

    def test_changes_are_what_others_did_in_ones_own_cases_since(self, people):
        case = open_sample(people)
        do(case, "accept", people.officer)
        do(case, "reply", people.company, NOW + timedelta(hours=1), kind="fixed", text="已改")
        who = people.officer
        said = queries.list_changes(who.scope, who.user, NOW - timedelta(days=1), TODAY)
        assert [event.action for event in said] == ["reply"]
        later = NOW + timedelta(hours=2)
        assert not queries.list_changes(who.scope, who.user, later, TODAY).exists()
        stranger = people.stranger
        assert not queries.list_changes(
            stranger.scope, stranger.user, NOW - timedelta(days=9), TODAY
        ).exists()

    def test_days_count_what_is_due_on_them(self, people):
        for _ in range(2):
            do(open_sample(people), "accept", people.officer)
        due = Case.objects.filter(due_on__isnull=False).values_list("due_on", flat=True).first()
        found = queries.list_office(people.company.scope, people.company.user, TODAY)
        counted = queries.count_by_day(found, TODAY, TODAY + timedelta(days=60))
        assert counted == {due: 2}

    def test_every_queue_answers_inside_what_one_may_see(self, people):
        open_sample(people, title="威宁县投递不及时")
        for queue in QUEUES:
            assert not rows_of(people.stranger, queue).exists(), queue
            assert signed_in(people.officer.user).get(f"/cases/?queue={queue}").status_code == 200


class TestNextAction:
    def test_it_is_the_first_that_the_state_waits_for_and_the_person_may_do(self, people):
        barred, case = open_sample(people, title="禁止办理"), open_sample(people)
        found = reading.next_actions([barred, case], people.officer, NOW)
        assert found[case.pk].code == "accept"
        assert found[barred.pk].code == "refuse"  # a guard keeps the first away
        assert reading.next_actions([case], people.stranger, NOW) == {}

    def test_it_agrees_with_what_the_page_of_the_case_offers(self, people):
        case = open_sample(people)
        for action, who, data in (
            ("accept", people.officer, {}),
            ("reply", people.company, {"kind": "fixed", "text": "已改"}),
            ("verify", people.officer, {}),
        ):
            for actor in (people.officer, people.colleague, people.company, people.stranger):
                fresh = Case.objects.get(pk=case.pk)
                allowed = [
                    offer.action
                    for offer in reading.available(fresh, actor, NOW)
                    if offer.allowed and offer.action.primary
                ]
                assert reading.next_actions([fresh], actor, NOW).get(case.pk) == next(iter(allowed), None)
            do(case, action, who, **data)

    def test_many_cost_as_much_as_one(self, people, django_assert_num_queries):
        cases = [open_sample(people) for _ in range(9)]
        who = replace(people.officer, roles=relations.roles_of(people.officer.user))
        reading.next_actions(cases, who, NOW)
        with django_assert_num_queries(1):
            assert len(reading.next_actions(cases, who, NOW)) == 9


class TestFilters:
    @pytest.fixture
    def two(self, people):
        first, second = open_sample(people, title="威宁县投递不及时"), open_sample(people, title="另一件")
        do(first, "accept", people.officer)
        do(second, "refuse", people.officer, ground="超出范围")
        return first, second

    def test_each_narrows(self, people, two):
        first, second = two
        client = signed_in(people.officer.user)
        due = Case.objects.get(pk=first.pk).due_on
        office = people.operator.name
        for query, expected in (
            ("place=520526", {first.pk, second.pk}),
            ("place=威宁", {first.pk, second.pk}),
            ("place=522301", set()),
            ("place=没有这个地方", set()),
            (f"operator={office[:4]}", {first.pk, second.pk}),
            ("operator=没有这家", set()),
            (f"office={first.office.name}", {first.pk, second.pk}),
            (f"handler={people.officer.user.username}", {first.pk}),
            ("handler=没有这人", set()),
            (f"due_from={due}&due_to={due}", {first.pk}),
            (f"due_from={due + timedelta(days=1)}", set()),
            ("outcome=refused", {second.pk}),
            ("outcome=verified", set()),
            ("standing=open", {first.pk}),
            ("procedure=sample&standing=closed", {second.pk}),
        ):
            assert set(numbers(client, query)) == expected, query
            assert set(numbers(signed_in(people.stranger.user), query)) == set(), query

    def test_a_wrong_value_says_so_and_gives_no_rows(self, people, two):
        client = signed_in(people.officer.user)
        for query in ("due_from=2026-13-01", "outcome=odd", "due_from=2026-09-02&due_to=2026-09-01"):
            page = client.get(f"/cases/?{query}")
            assert page.context["table"].rows == [] and "field-error" in text(page), query

    def test_an_export_holds_what_the_filters_leave(self, people, two):
        file = signed_in(people.officer.user).get("/cases/?outcome=refused&format=csv")
        body = file.getvalue().decode("utf-8-sig")
        assert "另一件" in body and "威宁县" not in body and "不予受理" in body

    def test_what_is_rare_stands_folded_until_it_is_used(self, people, two):
        client = signed_in(people.officer.user)
        assert '<details class="filter-further" >' in text(client.get("/cases/?q=投递"))
        assert '<details class="filter-further" open>' in text(client.get("/cases/?outcome=refused"))


class TestSnippets:
    def test_the_words_stand_marked_where_they_were_written(self, people):
        open_sample(people, title="一件事", fields={"text": "村民说<三个星期>没有见到投递员来过"})
        page = text(signed_in(people.officer.user).get("/cases/?q=没有见到"))
        assert f"{escape('村民说<三个星期>')}<mark>没有见到</mark>投递员来过" in page

    def test_a_company_sees_no_piece_of_what_was_written_for_the_office(self, people):
        case = open_sample(people, title="一件事", fields={"text": "村民说没有见到投递员"})
        do(case, "accept", people.officer)
        page = text(signed_in(people.company.user).get("/cases/?q=没有见到"))
        assert case.number in page and "<mark>" not in page


class TestBulk:
    def choose(self, *cases):
        return [Chosen(case.pk, Case.objects.get(pk=case.pk).revision) for case in cases]

    def perform(self, chosen, action, actor, **data):
        return actions.perform_each(
            chosen=chosen, procedure="sample", action=action, actor=actor, data=data, now=NOW
        )

    def test_each_case_has_a_result_of_its_own(self, people):
        fine, stale, barred, early = (
            open_sample(people),
            open_sample(people),
            open_sample(people, title="禁止办理"),
            open_sample(people),
        )
        chosen = self.choose(fine, stale, barred)
        do(stale, "pause", people.officer, ground="听证")
        do(early, "refuse", people.officer, ground="超出范围")
        chosen += self.choose(early)
        before = CaseEvent.objects.count()
        results = self.perform(chosen, "accept", people.officer)
        assert [one.standing for one in results] == [DONE, STALE, DENIED, DENIED]
        assert "中止" in results[1].reason and "标题含“禁”" in results[2].reason
        assert CaseEvent.objects.count() == before + 1
        assert Case.objects.get(pk=fine.pk).state == "answering"
        assert results[0].revision == Case.objects.get(pk=fine.pk).revision

    def test_what_is_not_for_many_is_refused_one_by_one(self, people):
        case = open_sample(people)
        (result,) = self.perform(self.choose(case), "refuse", people.officer, ground="超出范围")
        assert (result.standing, result.reason) == (DENIED, "这一事项须逐件办理")
        (result,) = self.perform(self.choose(case), "accept", people.stranger)
        assert result.standing == DENIED and "找不到" in result.reason
        assert Case.objects.get(pk=case.pk).state == "received"

    def test_another_procedures_case_is_not_touched(self, people):
        case = open_sample(people)
        (result,) = actions.perform_each(
            chosen=self.choose(case),
            procedure="rectification",
            action="pause",
            actor=people.officer,
            data={"ground": "汛期"},
            now=NOW,
        )
        assert result.reason == "不是这一程序的案件"

    def test_chosen_twice_is_done_once_and_too_many_not_at_all(self, people):
        case = open_sample(people)
        chosen = self.choose(case) * 2
        assert len(self.perform(chosen, "pause", people.officer, ground="听证")) == 1
        with pytest.raises(Problem) as caught:
            self.perform([Chosen(n, 1) for n in range(MOST + 1)], "accept", people.officer)
        assert caught.value.code == "cases.too_many"

    def test_the_page_goes_from_boxes_to_results_and_back_again(self, people):
        cases = [open_sample(people, title=f"第{n}件") for n in range(3)]
        client = signed_in(people.officer.user)
        page = client.get("/cases/?queue=waiting")
        assert {choice.action.code for choice in page.context["bulk"]} == {"accept", "pause"}
        values = [f"{case.pk}.1" for case in cases]
        assert all(f'value="{value}"' in text(page) for value in values)
        do(cases[2], "refuse", people.officer, ground="超出范围")
        asked = {"action": "sample.pause", "case": values}
        form = client.post("/cases/bulk/", asked)
        assert "现在可以办理 2 件" in text(form) and "当前状态为“不予受理”" in text(form)
        missing = client.post("/cases/bulk/", asked | {"confirmed": "1"})
        assert missing.status_code == 422 and not Case.objects.filter(flags__contains=["paused"]).exists()
        done = client.post("/cases/bulk/", asked | {"confirmed": "1", "ground": "汛期"})
        assert (done.context["done"], done.context["undone"]) == (2, 1)
        assert "情况已变" in text(done)
        assert done.context["opposite"].value == "sample.resume"
        again = {"action": "sample.resume", "case": done.context["again"], "confirmed": "1"}
        back = client.post("/cases/bulk/", again)
        assert back.context["done"] == 2
        assert not Case.objects.filter(flags__contains=["paused"]).exists()

    def test_nobody_is_offered_boxes_without_something_to_do(self, people):
        case = open_sample(people)
        do(case, "accept", people.officer)
        page = signed_in(people.company.user).get("/cases/")
        assert page.context["bulk"] == [] and 'type="checkbox"' not in text(page)

    def test_another_province_cannot(self, people):
        case = open_sample(people, title="威宁县投递不及时")
        client = signed_in(people.stranger.user)
        asked = {"action": "sample.accept", "case": [f"{case.pk}.1"], "confirmed": "1"}
        answer = client.post("/cases/bulk/", asked)
        assert answer.status_code in (400, 422) and "威宁县" not in text(answer)
        assert Case.objects.get(pk=case.pk).state == "received"

    @pytest.mark.parametrize("case", ["x", "1", "1.x", "9" * 30 + ".1", "٣.1", ""])
    def test_odd_values_are_none_chosen(self, people, case):
        client = signed_in(people.officer.user)
        answer = client.post("/cases/bulk/", {"action": "sample.accept", "case": [case]})
        assert answer.status_code in (400, 422) and "没有选中案件" in text(answer)


class TestOpposites:
    @pytest.mark.parametrize(
        ("action", "expected"),
        [("pause", "resume"), ("resume", "pause"), ("accept", None), ("reply", None), ("extend", None)],
    )
    def test_marks_are_turned_round(self, action, expected):
        found = definition.read(sample.value())
        back = rules.opposite(found, found.action(action))
        assert (back.code if back else None) == expected

    def test_a_way_there_and_a_way_back(self):
        value = sample.value()
        there = {
            "code": "hold",
            "name": "搁置",
            "who": ["office"],
            "sources": ["judging"],
            "target": "received",
        }
        back = there | {"code": "unhold", "sources": ["received"], "target": "judging"}
        value["actions"] += [there, back]
        found = definition.read(value)
        assert rules.opposite(found, found.action("hold")).code == "unhold"
        assert rules.opposite(found, found.action("unhold")).code == "hold"
