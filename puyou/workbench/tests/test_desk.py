from datetime import date, timedelta

import pytest

from puyou.accounts import actions as accounts
from puyou.accounts.models import User
from puyou.accounts.tests.offices import signed_in
from puyou.cases import actions
from puyou.cases.models import Case
from puyou.cases.tests import cast
from puyou.cases.tests.cast import NOW, do, open_sample
from puyou.compliance.models import Excuse
from puyou.compliance.tests.cast import excuse
from puyou.core import clock
from puyou.places.models import Place
from puyou.workbench.kinds import KINDS
from puyou.workbench.spans import spans

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def people(db, monkeypatch):
    """The sample procedure in force, and the people around a case on it; the company holds the office's cases."""
    cast.publish()
    found = cast.gather()
    with clock.frozen(NOW):
        yield found


def office_of(people):
    return people.officer.user.appointments.get().post.organisation


def opened(people, count=1, **more):
    """Cases in the hands of the officer's own office."""
    return [open_sample(people, office=office_of(people), **more) for _ in range(count)]


def desk_of(who):
    return signed_in(who.user).get("/workbench/").context["desk"]


class TestList:
    def test_cases_stand_in_the_group_of_their_due_date_with_the_next_step(self, people):
        cases = opened(people, 4)
        dues = [TODAY - timedelta(days=1), TODAY + timedelta(days=1), TODAY + timedelta(days=30), None]
        for case, due in zip(cases, dues, strict=True):
            Case.objects.filter(pk=case.pk).update(due_on=due)
        desk = desk_of(people.officer)
        assert [(group.span.code, [row.case.pk for row in group.rows]) for group in desk.groups] == [
            (code, [case.pk]) for code, case in zip(("today", "week", "later", "none"), cases, strict=True)
        ]
        html = signed_in(people.officer.user).get("/workbench/").content.decode()
        assert "超 1 天" in html and "还有 30 天" in html
        # 受理 is guarded, so its button would be a guess: the case's own page judges.
        assert html.count("查看办理") == 4 and "/actions/accept/" not in html

    def test_the_button_is_a_step_that_is_not_denied(self, people):
        (case,) = opened(people)
        do(case, "accept", people.officer)
        client = signed_in(people.company.user)
        assert f'href="/cases/{case.pk}/actions/reply/"' in client.get("/workbench/").content.decode()
        assert client.get(f"/cases/{case.pk}/actions/reply/").status_code == 200

    def test_every_number_is_its_lists(self, people):
        cases = opened(people, 23)
        for case in cases[:3]:
            do(case, "accept", people.officer)
        Case.objects.filter(pk__in=[one.pk for one in cases[:2]]).update(due_on=TODAY - timedelta(days=2))
        Case.objects.filter(pk=cases[2].pk).update(due_on=TODAY + timedelta(days=1), warn_on=TODAY)
        actions.watch(case=cases[5], by=people.officer.user, now=NOW)
        for who in (people.officer, people.company, people.colleague, people.stranger):
            client, desk = signed_in(who.user), desk_of(who)
            for name, queue in (("overdue",) * 2, ("soon",) * 2, ("watched",) * 2, ("office",) * 2,
                                ("elsewhere",) * 2, ("waiting",) * 2):  # fmt: skip
                listed = client.get(f"/cases/?queue={queue}").context["table"].pager.total
                assert desk.counted[name].count == listed, (who.name, name)
            for span in spans(TODAY):
                listed = client.get(f"/cases/?queue=mine&{span.asked}").context["table"].pager.total
                assert desk.counted[span.code].count == listed, (who.name, span.code)
        assert desk_of(people.officer).total == 20
        assert desk_of(people.officer).groups[3].more == 10

    def test_what_lower_offices_should_do_is_not_mine(self, people):
        open_sample(people)
        Case.objects.update(office=people.colleague.user.appointments.get().post.organisation)
        desk = desk_of(people.officer)
        assert (desk.total, desk.counted["waiting"].count) == (0, 1)
        assert desk_of(people.colleague).total == 1

    def test_fourteen_queries_whatever_waits(self, people, django_assert_max_num_queries):
        for count in (2, 40):
            for case in opened(people, count)[::2]:
                do(case, "accept", people.officer)
            for who in (people.officer, people.company, people.stranger):
                client = signed_in(who.user)
                client.get("/workbench/")
                with django_assert_max_num_queries(14):
                    assert client.get("/workbench/").status_code == 200

    def test_an_empty_desk_says_so(self, people):
        assert "没有等待您办理的事" in signed_in(people.stranger.user).get("/workbench/").content.decode()


class TestChanges:
    def test_what_others_did_since_yesterday_and_no_names(self, people):
        (case,) = opened(people)
        do(case, "accept", people.officer)
        do(case, "reply", people.company, NOW + timedelta(hours=1), kind="fixed", text="已改")
        client = signed_in(people.officer.user)
        assert [event.action for event in desk_of(people.officer).changes] == ["reply"]
        page = client.get("/workbench/changes/")
        assert [row.cells[1].shown for row in page.context["table"].rows] == ["答复"]
        assert client.get("/workbench/changes/?format=csv").status_code == 200
        with clock.frozen(NOW + timedelta(days=2)):
            assert desk_of(people.officer).changes == []
        assert desk_of(people.stranger).changes == []


class TestCalendar:
    def test_each_day_counts_its_own_list(self, people):
        for case in opened(people, 3):
            do(case, "accept", people.officer)
        due = Case.objects.values_list("due_on", flat=True).first()
        client = signed_in(people.company.user)
        page = client.get(f"/workbench/calendar/?month={due:%Y-%m}")
        days = {day.on: day.count for week in page.context["weeks"] for day in week}
        assert days[due] == 3 and sum(days.values()) == 3
        address = f"/cases/?queue=mine&standing=open&due_from={due}&due_to={due}"
        assert address.replace("&", "&amp;") in page.content.decode()
        assert client.get(address).context["table"].pager.total == 3
        stranger = signed_in(people.stranger.user).get(f"/workbench/calendar/?month={due:%Y-%m}&queue=")
        assert sum(day.count for week in stranger.context["weeks"] for day in week) == 0

    def test_holidays_and_days_made_up_are_marked(self, people):
        html = signed_in(people.officer.user).get("/workbench/calendar/?month=2026-10").content.decode()
        assert "国庆" in html and '<span class="day-mark">班</span>' in html

    @pytest.mark.parametrize(
        "asked", ["month=9999-99", "month=x&queue=nobody", "queue=watched", "month=2099-12"]
    )
    def test_whatever_is_asked_it_answers(self, people, asked):
        assert signed_in(people.officer.user).get(f"/workbench/calendar/?{asked}").status_code == 200


class TestKinds:
    @pytest.fixture
    def everybody(self, db):
        """A signed-in client by the beginning of its demo account's name."""
        said = accounts.create_demo_accounts(now=clock.now(), place_code="520526000000")
        return {
            account.username.rstrip("0123456789"): signed_in(User.objects.get(username=account.username))
            for account in said
        }

    def test_every_kind_opens_for_whom_it_is(self, everybody):
        seen = set()
        for who in ("national", "province", "city", "company"):
            desk = everybody[who].get("/workbench/").context["desk"]
            for kind in KINDS:
                if kind.name in desk.counted:
                    seen.add(kind.name)
                    assert everybody[who].get(kind.address).status_code == 200, kind.name
        assert seen == {kind.name for kind in KINDS}

    def test_a_proposal_waits_for_its_approver_and_not_for_another_province(self, everybody):
        county, first = Place.objects.get(code="520526000000"), date(2026, 11, 2)
        proposed = excuse(county, first, first + timedelta(days=3), status="proposed")
        desk = everybody["province"].get("/workbench/").context["desk"]
        assert desk.counted["待批准免责"].count == 1
        (task,) = [task for group in desk.groups for task in group.tasks if task.kind.name == "待批准免责"]
        assert task.due_on == date(2026, 11, 18)  # the week of 2 November is final ten days after it ends
        Excuse.objects.filter(pk=proposed.pk).update(place=Place.objects.get(level=0))
        assert everybody["province"].get("/workbench/").context["desk"].counted["待批准免责"].count == 0

    def test_a_courier_has_none(self, everybody):
        for address in ("", "changes/", "calendar/"):
            assert everybody["courier"].get(f"/workbench/{address}").status_code == 403
