"""Two pairs of eyes: who may do what about a doubtful visit, and what a refused click leaves behind."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from puyou.accounts.models import User
from puyou.core.models import Event
from puyou.core.problems import Problem
from puyou.reviews import actions, standing
from puyou.reviews.models import Question, RejectionProposal
from puyou.reviews.tests.cast import GROUND, NOW, doubtful_day, is_served, officer, say
from puyou.visits.models import Review, VillageChange, Visit
from puyou.visits.tests import cast as visit_cast

pytestmark = pytest.mark.django_db


def refused(code: str, act: Any, **how: Any) -> None:
    before = Event.objects.count()
    with pytest.raises(Problem) as raised, transaction.atomic():
        act(**how, now=NOW)
    assert raised.value.code == code
    assert Event.objects.count() == before


def propose(doubtful: list[Visit], by: User) -> None:
    actions.propose_rejection(doubtful=doubtful, ground=GROUND, by=by, now=NOW)


class TestRejecting:
    def test_a_proposal_alone_leaves_the_visit_counting(self, visits: list[Visit]) -> None:
        propose(visits, officer("first"))
        visits[0].refresh_from_db()
        assert visits[0].counting and is_served(visits[0]) and not Review.objects.exists()

    def test_the_second_person_un_counts_it(self, visits: list[Visit]) -> None:
        first, second = officer("first"), officer("second", "5201")
        propose(visits, first)
        VillageChange.objects.all().delete()
        assert actions.confirm_rejection(doubtful=visits, by=second, now=NOW) == 4
        for visit in visits:
            visit.refresh_from_db()
            assert visit.rejected and not visit.counting and not is_served(visit)
        proposal = RejectionProposal.objects.first()
        assert (
            proposal and proposal.review and proposal.review.by == second and proposal.review.ground == GROUND
        )
        assert set(VillageChange.objects.values_list("cause", flat=True)) == {"review"}
        assert Event.objects.filter(kind="rejection.confirmed").count() == 1
        assert Event.objects.filter(kind="visit.reviewed").count() == 4

    def test_the_first_person_cannot_confirm_nor_accept_around_it(self, visits: list[Visit]) -> None:
        first, second = officer("first"), officer("second")
        propose(visits, first)
        refused("reviews.same_person", actions.confirm_rejection, doubtful=visits, by=first)
        refused("reviews.proposed", actions.accept_visits, doubtful=visits, by=second)
        refused("reviews.proposed", actions.propose_rejection, doubtful=visits, ground=GROUND, by=second)

    def test_nobody_decides_about_an_own_visit(self) -> None:
        me = officer("me")
        person, phone = visit_cast.courier("K9", "D9", user=me)
        own = doubtful_day(person, phone, 1)
        refused("visits.own_visit", actions.propose_rejection, doubtful=own, ground=GROUND, by=me)
        propose(own, officer("first"))
        refused("visits.own_visit", actions.confirm_rejection, doubtful=own, by=me)

    def test_another_city_and_a_mere_reader_cannot(self, visits: list[Visit]) -> None:
        elsewhere, reader = officer("elsewhere", "5203"), officer("reader", "52", "see")
        for by, code in ((elsewhere, "accounts.out_of_scope"), (reader, "accounts.no_permission")):
            refused(code, actions.propose_rejection, doubtful=visits, ground=GROUND, by=by)
        propose(visits, officer("first"))
        refused("accounts.out_of_scope", actions.confirm_rejection, doubtful=visits, by=elsewhere)

    def test_a_return_says_why_and_puts_it_back(self, visits: list[Visit]) -> None:
        propose(visits[:1], officer("first"))
        second = officer("second")
        refused("reviews.no_text", actions.return_proposal, doubtful=visits[:1], note=" ", by=second)
        actions.return_proposal(doubtful=visits[:1], note="照片清楚", by=second, now=NOW)
        assert RejectionProposal.objects.get().outcome == "returned" and is_served(visits[0])
        propose(visits[:1], second)

    def test_only_the_proposer_takes_it_back(self, visits: list[Visit]) -> None:
        first = officer("first")
        propose(visits[:1], first)
        refused(
            "reviews.not_the_proposer", actions.withdraw_proposal, doubtful=visits[:1], by=officer("second")
        )
        actions.withdraw_proposal(doubtful=visits[:1], by=first, now=NOW)
        refused("reviews.not_proposed", actions.confirm_rejection, doubtful=visits[:1], by=first)

    def test_a_ground_is_needed_and_something_must_be_chosen(self, visits: list[Visit]) -> None:
        first = officer("first")
        refused("reviews.no_text", actions.propose_rejection, doubtful=visits, ground="  ", by=first)
        refused("reviews.nothing_chosen", actions.propose_rejection, doubtful=[], ground=GROUND, by=first)

    def test_all_or_none(self, visits: list[Visit]) -> None:
        first, second = officer("first"), officer("second")
        propose(visits[:3], first)
        refused("reviews.not_proposed", actions.confirm_rejection, doubtful=visits, by=second)
        assert not Review.objects.exists() and RejectionProposal.objects.filter(outcome="open").count() == 3

    def test_a_rejection_is_undone_only_by_a_third_person(self, visits: list[Visit]) -> None:
        first, second = officer("first"), officer("second")
        propose(visits[:1], first)
        actions.confirm_rejection(doubtful=visits[:1], by=second, now=NOW)
        for by in (first, second):
            refused("reviews.took_part", actions.accept_visits, doubtful=visits[:1], by=by)
        refused("reviews.rejected", actions.propose_rejection, doubtful=visits[:1], ground=GROUND, by=first)
        actions.accept_visits(doubtful=visits[:1], ground="查明属实", by=officer("third"), now=NOW)
        assert is_served(visits[0])

    def test_the_database_itself_refuses_one_person(self, visits: list[Visit]) -> None:
        first = officer("first")
        propose(visits[:2], first)
        with pytest.raises(IntegrityError, match="reviews_two_people"), transaction.atomic():
            RejectionProposal.objects.update(outcome="confirmed", decided_by=first)
        with pytest.raises(IntegrityError, match="reviews_two_people"), transaction.atomic():
            RejectionProposal.objects.update(outcome="confirmed", decided_by=None)
        with pytest.raises(IntegrityError, match="reviews_one_open_proposal"), transaction.atomic():
            RejectionProposal.objects.update(visit_id=visits[0].pk)


class TestStaleClicks:
    def test_what_was_seen_must_still_hold(self, visits: list[Visit]) -> None:
        first, second = officer("first"), officer("second")
        seen = {visit.pk: standing.file_of(visit).mark for visit in visits}
        propose(visits[1:2], first)
        for act, how in (
            (actions.accept_visits, {}),
            (actions.propose_rejection, {"ground": GROUND}),
            (actions.ask_courier, {"text": "?"}),
        ):
            refused("reviews.changed", act, doubtful=visits, seen=seen, by=second, **how)
        with pytest.raises(Problem, match="first拟不予认可"):
            actions.accept_visits(doubtful=visits, seen=seen, by=second, now=NOW)
        assert RejectionProposal.objects.count() == 1 and not Question.objects.exists()

    def test_a_double_click_changes_nothing_twice(self, visits: list[Visit]) -> None:
        first, second = officer("first"), officer("second")
        propose(visits, first)
        seen = {visit.pk: standing.file_of(visit).mark for visit in visits}
        actions.confirm_rejection(doubtful=visits, seen=seen, by=second, now=NOW)
        refused("reviews.changed", actions.confirm_rejection, doubtful=visits, seen=seen, by=second)
        assert Review.objects.count() == 4


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["accept", "propose", "ask", "confirm", "return", "withdraw", "uphold", "dismiss"]),
        st.integers(0, 2), st.booleans(),
    ), max_size=14,
)  # fmt: skip


class TestNoOneAlone:
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(steps=STEPS, people=st.integers(1, 3))
    @example(
        steps=[("propose", 0, False), ("confirm", 1, False), ("dismiss", 2, True), ("accept", 2, False)],
        people=3,
    )
    @example(steps=[("propose", 0, False), ("confirm", 0, False), ("accept", 0, False)], people=1)
    def test_no_path_of_fewer_than_two_people_un_counts(
        self, steps: list[tuple[str, int, bool]], people: int, visits: list[Visit]
    ) -> None:
        """Whatever is clicked in whatever order: who un-counted a visit were two, and one person never does."""
        with transaction.atomic():
            officers = [officer(f"o{n}") for n in range(people)]
            for step, who, appeals in steps:
                if appeals:
                    appeal(visits[0])
                act(step, visits[0], officers[who % people])
                check(visits[0], people)
            transaction.set_rollback(True)


def act(step: str, visit: Visit, by: User) -> None:
    how: dict[str, Any] = {"doubtful": [visit], "by": by, "now": NOW}
    before = Visit.objects.get(pk=visit.pk).counting
    try:
        with transaction.atomic():
            {
                "accept": lambda: actions.accept_visits(**how),
                "propose": lambda: actions.propose_rejection(ground=GROUND, **how),
                "ask": lambda: actions.ask_courier(text="当时在哪里？", **how),
                "confirm": lambda: actions.confirm_rejection(**how),
                "return": lambda: actions.return_proposal(note="不足以认定", **how),
                "withdraw": lambda: actions.withdraw_proposal(**how),
                "uphold": lambda: actions.decide_appeal(upheld=True, ground="属实", **how),
                "dismiss": lambda: actions.decide_appeal(upheld=False, ground="不实", **how),
            }[step]()
    except Problem:
        assert Visit.objects.get(pk=visit.pk).counting == before


def appeal(visit: Visit) -> None:
    say(
        "appeal",
        {"visit": str(visit.pk), "text": "当天确实到村"},
        visit.courier_id or 0,
        NOW + timedelta(hours=1),
    )
    actions.take_in_appeals(now=NOW + timedelta(hours=1))


def check(visit: Visit, people: int) -> None:
    now = Visit.objects.get(pk=visit.pk)
    assert is_served(visit) == now.counting
    if now.counting:
        return
    assert people >= 2
    review = Review.objects.filter(visit_id=visit.pk).latest("pk")
    proposal = RejectionProposal.objects.get(review=review)
    assert proposal.proposed_by_id != review.by_id == proposal.decided_by_id
