"""Recruiting, appointing, tasks and credits, against the database."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from puyou.accounts import problems as accounts
from puyou.cases.models import Case
from puyou.cases.supervisors import actions, coverage, queries
from puyou.cases.supervisors.models import (
    AppointmentLetter,
    PointEntry,
    Supervisor,
    TaskAssignment,
    TaskResult,
)
from puyou.cases.supervisors.tests.cast import GOOD, NOW, TODAY
from puyou.core.models import Event
from puyou.core.problems import Problem
from puyou.places.queries import get_place


def refused(code, act, *args, **named):
    with pytest.raises(Problem) as caught, transaction.atomic():
        act(*args, **named)
    assert caught.value.code == code, caught.value.message


class TestRecruiting:
    def test_places_are_shared_among_counties_with_rural_ones_by_the_rule(self, world):
        held = world.open(places=40, place=get_place("5205"))
        quotas = list(held.quotas.all())
        assert sum(one.places for one in quotas) == 40
        assert sum(one.rural_places for one in quotas) == 24 and held.rural_share == 0.6
        assert all(one.places for one in quotas)

    def test_another_province_opens_nothing(self, world):
        named = {"place": world.county, "title": "x", "places": 3, "first": TODAY, "last": TODAY}
        refused("accounts.out_of_scope", actions.open_round, **named, **world.how(world.stranger))
        assert accounts.OUT_OF_SCOPE.code == "accounts.out_of_scope"

    @pytest.mark.parametrize(
        ("places", "last", "code"), [(0, TODAY, "bad_places"), (3, date(2026, 9, 1), "backwards")]
    )
    def test_senseless_rounds(self, world, places, last, code):
        named = {"place": world.county, "title": "x", "places": places, "first": TODAY, "last": last}
        refused(f"cases.supervisor_{code}", actions.open_round, **named, **world.how())

    def test_one_telephone_is_one_candidate_and_a_closed_round_takes_none(self, world):
        held = world.open()
        one = world.candidate(held)
        refused("cases.supervisor_candidate_twice", world.candidate, held, phone=one.phone)
        actions.close_round(round_id=held.pk, **world.how())
        refused("cases.supervisor_round_closed", world.candidate, held)
        refused("cases.supervisor_round_closed", actions.close_round, round_id=held.pk, **world.how())


class TestAppointing:
    def test_only_who_was_approved_last(self, world):
        candidate = world.candidate(world.open())
        appoint = {"candidate_id": candidate.pk, "first": TODAY} | world.how()
        refused("cases.supervisor_not_approved", actions.appoint_candidate, **appoint)
        for decision in ("approved", "refused"):
            actions.review_candidate(
                candidate_id=candidate.pk, decision=decision, ground="理由", **world.how()
            )
        refused("cases.supervisor_not_approved", actions.appoint_candidate, **appoint)
        actions.review_candidate(candidate_id=candidate.pk, decision="approved", ground="复议", **world.how())
        actions.appoint_candidate(**appoint)
        refused("cases.supervisor_appointed_already", actions.appoint_candidate, **appoint)

    def test_numbers_have_no_gap_and_the_letter_is_kept_as_bytes(self, world):
        first = world.supervisor()
        failing = world.candidate(world.open())
        refused(
            "cases.supervisor_not_approved",
            actions.appoint_candidate,
            candidate_id=failing.pk,
            first=TODAY,
            **world.how(),
        )
        second = world.supervisor()
        orders = list(AppointmentLetter.objects.order_by("order").values_list("order", flat=True))
        assert orders == [1, 2] and first.number != second.number
        letter = AppointmentLetter.objects.get(term__supervisor=first)
        assert bytes(letter.data).startswith(b"%PDF") and len(letter.sha256) == 64
        with pytest.raises(DatabaseError), transaction.atomic():
            AppointmentLetter.objects.filter(pk=letter.pk).update(number="x")

    def test_town_people_do_not_take_rural_places(self, world):
        held = world.open(places=1)
        candidate = world.candidate(held, area_class="urban")
        actions.review_candidate(candidate_id=candidate.pk, decision="approved", ground="可", **world.how())
        refused(
            "cases.supervisor_quota_rural",
            actions.appoint_candidate,
            candidate_id=candidate.pk,
            first=TODAY,
            **world.how(),
        )

    def test_renewed_once_and_ended_whole(self, world):
        one = world.supervisor()
        term = actions.renew_supervisor(supervisor_id=one.pk, **world.how())
        assert (term.valid_from, term.valid_to) == (date(2029, 9, 24), date(2032, 9, 24))
        refused(
            "cases.supervisor_renewed_already", actions.renew_supervisor, supervisor_id=one.pk, **world.how()
        )
        end = {"supervisor_id": one.pk, "ground": "moved"}
        refused("cases.supervisor_ground_needed", actions.end_supervisor, **end, words=" ", **world.how())
        actions.end_supervisor(**end, words="迁往外省", **world.how())
        assert not queries.get_supervisor(world.scope(), one.pk, TODAY).active
        refused("cases.supervisor_not_active", actions.end_supervisor, **end, words="再次", **world.how())

    @pytest.mark.parametrize("who", ["stranger", "company"])
    def test_nobody_else_touches_a_supervisor(self, world, who):
        one, how = world.supervisor(), world.how(getattr(world, who))
        before = Event.objects.count()
        for act, named in (
            (actions.renew_supervisor, {}),
            (actions.end_supervisor, {"ground": "moved", "words": "x"}),
            (actions.commend_supervisor, {"title": "x", "ground": "x"}),
        ):
            refused("cases.supervisor_unknown_supervisor", act, supervisor_id=one.pk, **named, **how)
        assert Event.objects.count() == before


class TestCoverage:
    def test_a_county_is_covered_by_whoever_is_active_at_or_below_it(self, world):
        def held(user=None):
            rows = coverage.list_counties(world.scope(user), get_place("52"), TODAY)
            return {row.place.pk: row for row in rows}

        assert held()[world.county.pk].covered == 0
        one = world.supervisor()
        row = held()[world.county.pk]
        assert (row.covered, row.supervisors, row.rural, row.step) == (1, 1, 1, "0")
        city = coverage.list_children(world.scope(), get_place("52"), held().values(), TODAY)
        assert sum(child.covered for child in city) == 1 and sum(child.counties for child in city) == len(
            held()
        )
        actions.end_supervisor(supervisor_id=one.pk, ground="moved", words="迁离", **world.how())
        assert held()[world.county.pk].covered == 0
        assert held(world.stranger) == {}


class TestTasks:
    def test_given_to_those_below_else_to_the_nearest_above(self, world):
        refused("cases.supervisor_nobody", world.task)
        one = world.supervisor(place=world.county)
        for place in (get_place("5205"), world.county, world.village):
            task = world.task(place)
            assert [row.supervisor_id for row in task.assignments.all()] == [one.pk]
        assert TaskAssignment.objects.count() == 3

    def test_a_result_comes_once_and_earns_once(self, world):
        one, client_id = world.supervisor(), uuid4()
        task = world.task()
        first = world.result(one, task, client_id)
        assert world.result(one, task, client_id).pk == first.pk
        refused(
            "cases.supervisor_result_conflict",
            world.result,
            one,
            task,
            client_id,
            answers=GOOD | {"times": 2},
        )
        later = world.result(one, task, answers=GOOD | {"kept": "yes"})
        assert later.bad == ["kept"] and TaskResult.objects.count() == 2
        assert queries.points_of(one) == 1 and PointEntry.objects.get().deed == "task"
        held = queries.get_task(world.scope(), task.pk)
        assert (held.asked, held.reported, held.wanting) == (1, 1, 1)
        assert not Case.objects.exists()  # a lead, never a case by itself

    def test_only_for_whom_it_was_asked_where_and_while_it_ran(self, world):
        one, other = world.supervisor(), world.supervisor(place=world.county)
        task = world.task(world.village)
        refused("cases.supervisor_not_assigned", world.result, other, task)
        refused("cases.supervisor_bad_answer", world.result, one, task, place=get_place("5201"))
        refused("cases.supervisor_bad_answer", world.result, one, task, answers={})
        refused("cases.supervisor_bad_answer", world.result, one, task, photos=["x"])
        refused("cases.supervisor_bad_answer", world.result, one, task, cost_cents=-1)
        actions.withdraw_task(task_id=task.pk, words="改期", **world.how())
        refused(
            "cases.supervisor_task_ended", actions.withdraw_task, task_id=task.pk, words="改期", **world.how()
        )
        late = world.result(one, task, happened_at=NOW - timedelta(hours=1))
        assert late.pk
        refused(
            "cases.supervisor_not_assigned", world.result, one, task, happened_at=NOW + timedelta(hours=1)
        )

    def test_another_province_gives_and_takes_back_nothing(self, world):
        world.supervisor()
        task = world.task()
        refused("accounts.out_of_scope", world.task, **world.how(world.stranger))
        refused(
            "cases.supervisor_unknown_task",
            actions.withdraw_task,
            task_id=task.pk,
            words="x",
            **world.how(world.stranger),
        )

    def test_due_in_the_past_and_an_unknown_list(self, world):
        world.supervisor()
        named = {"places": [world.county], "title": "", "words": ""} | world.how()
        refused("cases.supervisor_unknown_checklist", actions.issue_tasks, checklist_id=0, due=TODAY, **named)
        known = queries.list_tasks(world.scope())
        assert not known.exists()


class TestCredits:
    def test_lessons_and_interests_come_once(self, world):
        one, client_id = world.supervisor(), uuid4()
        for _ in range(2):
            actions.complete_training(supervisor=one, lesson="first", version=1, score=90, now=NOW)
            actions.declare_interest(
                client_id=client_id, supervisor=one, version=1, tied=False, words="", happened_at=NOW, now=NOW
            )
        assert queries.points_of(one) == 1
        assert one.trainings.count() == one.declarations.count() == 1
        tied = {"supervisor": one, "version": 1, "tied": True, "words": "", "happened_at": NOW, "now": NOW}
        refused("cases.supervisor_interest_words", actions.declare_interest, client_id=uuid4(), **tied)

    def test_points_stay_as_they_were_written(self, world):
        one = world.supervisor()
        actions.complete_training(supervisor=one, lesson="first", version=1, score=None, now=NOW)
        with pytest.raises(DatabaseError), transaction.atomic():
            PointEntry.objects.update(points=99)

    def test_certificates_open_by_their_code_alone(self, world):
        one = world.supervisor()
        told = queries.certificate_of(one)
        assert queries.find_certificate(told["number"], told["code"]) == one
        for number, code in ((told["number"], "0" * 12), ("x", told["code"]), (told["number"], "证")):
            refused("cases.supervisor_bad_certificate", queries.find_certificate, number, code)
        assert Supervisor.objects.count() == 1


def test_reports_earn_when_accepted_and_when_verified(world):
    from puyou.cases.feedback.tests.cast import World as Reports  # noqa: PLC0415

    one, reports = world.supervisor(), Reports()
    waiting, fixed = (
        reports.reach("received", source="supervisor"),
        reports.reach("confirming", source="supervisor"),
    )
    for filed in (waiting, fixed):
        actions.attribute_report(supervisor=one, report=filed.report, now=NOW)
    assert actions.award_report_points(now=NOW) == 1
    Case.objects.filter(pk=fixed.report.case_id).update(outcome="verified")
    assert actions.award_report_points(now=NOW) == 1 and actions.award_report_points(now=NOW) == 0
    assert queries.points_of(one) == 2 and queries.reports_count(one) == 2
