from datetime import UTC, datetime

import pytest

from puyou.accounts.tests.offices import signed_in
from puyou.cases import definition, names, reading, rules
from puyou.cases.models import CaseNotice
from puyou.cases.papers import actions
from puyou.cases.papers.models import MaterialRecord
from puyou.cases.tests import cast, sample
from puyou.cases.tests.cast import NOW, do, open_sample
from puyou.core import clock
from puyou.core.models import Event
from puyou.core.problems import Problem

pytestmark = pytest.mark.django_db
MATERIALS = [
    {"code": "licence", "name": "营业执照", "legal_basis": "测试"},
    {"code": "plan", "name": "整改方案"},
]


def with_materials():
    """The sample procedure: verifying needs both papers, reopening has ten days."""
    value = sample.value()
    for action in value["actions"]:
        if action["code"] == "verify":
            action["materials"] = ["licence", "plan"]
        if action["code"] == "reopen":
            action["reopens_within"] = "10d"
    return {"materials": MATERIALS, "actions": value["actions"]}


@pytest.fixture
def judged(people, monkeypatch):
    """A case whose verification needs papers, with the people around it."""
    version = cast.actions.draft_version(value=sample.value(**with_materials()), by="test", now=NOW)
    cast.actions.publish_version(version=version, valid_from=NOW.date(), by="test", now=NOW)
    case = open_sample(people)
    do(case, "accept", people.officer)
    do(case, "reply", people.company, kind="fixed", text="已整改")
    with clock.frozen(NOW):
        yield case


def hand_in(case, code, who):
    return actions.hand_in_material(case_id=case.pk, code=code, actor=who, now=NOW)


def review(case, who, **decisions):
    return actions.review_materials(case_id=case.pk, decisions=decisions, actor=who, now=NOW)


def refusal(function, *arguments, **more):
    with pytest.raises(Problem) as caught:
        function(*arguments, **more)
    return caught.value


def why_not(case, who, action, now=NOW):
    case.refresh_from_db()
    return next(one.reason for one in reading.available(case, who, now) if one.action.code == action)


def text(response):
    return response.content.decode()


class TestChecklist:
    def test_an_action_waits_until_its_papers_are_accepted(self, people, judged):
        assert why_not(judged, people.officer, "verify") == "材料未齐：营业执照（待提交）、整改方案（待提交）"
        assert refusal(do, judged, "verify", people.officer).code == "cases.denied"
        hand_in(judged, "licence", people.company)
        hand_in(judged, "plan", people.company)
        assert "待审查" in why_not(judged, people.officer, "verify")
        review(judged, people.officer, licence=("accepted", ""), plan=("accepted", ""))
        assert why_not(judged, people.officer, "verify") == ""
        assert do(judged, "verify", people.officer).state == "verified"

    def test_what_is_amiss_is_told_at_once(self, people, judged):
        hand_in(judged, "licence", people.company)
        lacking = review(judged, people.officer, licence=("returned", "缺公章"))
        assert [item.material.code for item in lacking] == ["licence", "plan"]
        notice = CaseNotice.objects.filter(user=people.company.user).latest("id").sentence
        assert "营业执照（需补正）" in notice and "整改方案（待提交）" in notice
        hand_in(judged, "licence", people.company)
        assert MaterialRecord.objects.filter(case=judged, code="licence").count() == 3

    def test_all_that_wait_are_decided_together(self, people, judged):
        hand_in(judged, "licence", people.company)
        hand_in(judged, "plan", people.company)
        problem = refusal(review, judged, people.officer, plan=("accepted", ""))
        assert problem.code == "cases.review_whole" and "营业执照" in problem.message
        bad = refusal(review, judged, people.officer, licence=("returned", " "), plan=("accepted", ""))
        assert bad.code == "cases.return_ground"
        assert not MaterialRecord.objects.exclude(status="handed_in").exists()

    def test_nothing_is_handed_in_twice_or_unknown_or_late(self, people, judged):
        hand_in(judged, "licence", people.company)
        events = Event.objects.count()
        assert refusal(hand_in, judged, "licence", people.company).code == "cases.material_stands"
        assert refusal(hand_in, judged, "../../etc", people.company).code == "cases.unknown_material"
        assert refusal(hand_in, judged, "plan", people.stranger).code == "cases.unknown_case"
        assert refusal(review, judged, people.company, licence=("accepted", "")).code == "cases.not_yours"
        assert Event.objects.count() == events
        fresh = open_sample(people)
        do(fresh, "refuse", people.officer, ground="不属实")
        assert refusal(hand_in, fresh, "plan", people.officer).code == "cases.closed"


class TestReopening:
    def test_it_is_open_until_the_last_day_and_no_longer(self, people):
        version = cast.actions.draft_version(value=sample.value(**with_materials()), by="test", now=NOW)
        cast.actions.publish_version(version=version, valid_from=NOW.date(), by="test", now=NOW)
        case = open_sample(people)
        do(case, "refuse", people.officer, ground="不属实")
        # 24 September and ten days is 4 October, in the holiday: the term runs to the 8th.
        last = datetime(2026, 10, 8, 10, tzinfo=UTC)
        assert why_not(case, people.officer, "reopen", last) == ""
        late = last.replace(day=9)
        assert "已过重新办理的期限" in why_not(case, people.officer, "reopen", late)
        assert refusal(do, case, "reopen", people.officer, now=late).code == "cases.denied"

    def test_a_window_without_an_end_to_begin_from_is_a_fault(self):
        value = sample.value(**with_materials())
        for action in value["actions"]:
            if action["code"] == "pause":
                action["reopens_within"] = "10d"
            if action["code"] == "reply":
                action["reopens_within"] = "10d"
        found = rules.faults(definition.read(value), names.known())
        assert any("“答复”：重新办理只能从终结状态开始" in one for one in found)
        assert any("“中止”：重新办理须写明" in one for one in found)


class TestPages:
    def test_a_paper_goes_from_wanted_to_accepted(self, people, judged):
        company, officer = signed_in(people.company.user), signed_in(people.officer.user)
        address = f"/cases/{judged.pk}/"
        assert "登记提交营业执照" in text(company.get(address))
        for code in ("licence", "plan"):
            assert company.post(f"{address}materials/", {"code": code}).status_code == 302
        assert "审查材料" not in text(company.get(address))
        assert "审查材料" in text(officer.get(address))
        review = f"{address}materials/review/"
        filled = {"licence-status": "returned", "licence-ground": "<b>缺公章</b>", "plan-status": "accepted"}
        assert officer.post(review, filled | {"plan-status": "burnt"}).status_code == 422
        again = officer.post(review, filled | {"licence-ground": ""})
        assert again.status_code == 422 and "须写明应如何补正" in text(again)
        assert officer.post(review, filled).status_code == 302
        assert "&lt;b&gt;缺公章&lt;/b&gt;" in text(company.get(address))
        assert officer.get(review).status_code == 409

    def test_others_cannot(self, people, judged):
        hand_in(judged, "licence", people.company)
        address, before = f"/cases/{judged.pk}/materials/", MaterialRecord.objects.count()
        filled = {"code": "plan", "licence-status": "accepted"}
        for who, status in ((people.stranger, 404), (people.company, 403)):
            client = signed_in(who.user)
            assert client.get(f"{address}review/").status_code == status
            assert client.post(f"{address}review/", filled).status_code == status
        assert signed_in(people.stranger.user).post(address, filled).status_code == 404
        assert MaterialRecord.objects.count() == before
