"""A courier takes a visit back while the desk decides about it: every order of arrival ends in the same place."""

import itertools
import uuid
from datetime import timedelta
from typing import Any

import pytest

from puyou.core.models import Event
from puyou.core.problems import Problem
from puyou.evidence.models import EvidenceHold
from puyou.registry.models import Courier
from puyou.reviews import actions, jobs, queries
from puyou.reviews.models import Question, RejectionProposal
from puyou.reviews.tests.cast import GROUND, NEAR, NOW, officer, signed_in
from puyou.visits import actions as visit_actions
from puyou.visits.models import Visit
from puyou.visits.tests import cast
from puyou.visits.tests.cast import Message

pytestmark = pytest.mark.django_db
DROPPED = RejectionProposal.Outcome.DROPPED
LATER = NOW + timedelta(hours=1)


def take_back(visit: Visit, courier: Courier, how: str = "withdrawal", person: int = 0) -> uuid.UUID:
    """Send a withdrawal of a visit, or a visit that corrects it, and take it in."""
    phone = courier.bindings.get().device
    village = next(each for each in cast.villages(4) if each.pk == visit.place_id)
    who = person or courier.pk
    if how == "withdrawal":
        said: dict[str, Any] = {"visit": str(visit.pk), "reason": "点错了村"}
        message = Message(village, NOW, who, phone.pk, id=uuid.uuid4(), kind="withdrawal", changes=said)
    else:
        said = {"corrects": str(visit.pk)}
        message = Message(village, visit.happened_at, who, phone.pk, NEAR, id=uuid.uuid4(), changes=said)
    (identifier,) = cast.send(message)
    visit_actions.take_in_pending(now=NOW)
    return identifier


def propose(visit: Visit) -> None:
    actions.propose_rejection(
        doubtful=[visit], ground=GROUND, by=officer(f"p{uuid.uuid4().hex[:6]}"), now=NOW
    )


def held() -> bool:
    return EvidenceHold.objects.filter(released_at=None).exists()


@pytest.mark.parametrize("how", ["withdrawal", "correction"])
class TestOpenProposals:
    def test_it_is_closed_with_the_couriers_reason(
        self, visits: list[Visit], courier: Courier, how: str
    ) -> None:
        propose(visits[0])
        propose(visits[1])
        take_back(visits[0], courier, how)
        assert jobs.drop_withdrawn() == 1 and jobs.drop_withdrawn() == 0
        first, second = RejectionProposal.objects.order_by("pk")
        assert first.outcome == DROPPED and first.decided_at == NOW and first.decided_by is None
        assert ("点错了村" if how == "withdrawal" else "更正") in first.note
        assert second.outcome == RejectionProposal.Outcome.OPEN
        (event,) = Event.objects.filter(kind="review.dropped")
        assert event.subject == f"visit:{visits[0].pk}" and event.data["reason"] == first.note
        assert set(EvidenceHold.objects.filter(released_at=None).values_list("subject", flat=True)) == {
            f"visit:{visits[1].pk}"
        }

    def test_the_courier_and_the_desk_are_told(self, visits: list[Visit], courier: Courier, how: str) -> None:
        propose(visits[0])
        take_back(visits[0], courier, how)
        jobs.drop_withdrawn()
        note = RejectionProposal.objects.get().note
        assert queries.dropped_for([visit.pk for visit in visits]) == {visits[0].pk: note}
        html = signed_in(officer("reader")).get(f"/reviews/{visits[0].pk}/").content.decode()
        assert note in html and "不再审核" in html and 'name="step"' not in html

    def test_what_is_taken_back_already_cannot_be_proposed(
        self, visits: list[Visit], courier: Courier, how: str
    ) -> None:
        take_back(visits[0], courier, how)
        with pytest.raises(Problem, match="已由投递员撤回或更正"):
            propose(visits[0])
        assert not RejectionProposal.objects.exists() and not held()

    def test_nobody_confirms_between_the_withdrawal_and_the_job(
        self, visits: list[Visit], courier: Courier, how: str
    ) -> None:
        propose(visits[0])
        take_back(visits[0], courier, how)
        with pytest.raises(Problem, match="已由投递员撤回或更正"):
            actions.confirm_rejection(doubtful=visits[:1], by=officer("second"), now=NOW)

    def test_somebody_elses_word_closes_nothing(
        self, visits: list[Visit], courier: Courier, how: str
    ) -> None:
        other, phone = cast.courier("K2", "D2")
        propose(visits[0])
        village = cast.villages(4)[0]
        said = {"visit": str(visits[0].pk)} if how == "withdrawal" else {"corrects": str(visits[0].pk)}
        kind, at = ("withdrawal", None) if how == "withdrawal" else ("visit", NEAR)
        cast.send(Message(village, NOW, other.pk, phone.pk, at, id=uuid.uuid4(), kind=kind, changes=said))
        visit_actions.take_in_pending(now=NOW)
        assert jobs.drop_withdrawn() == 0
        assert RejectionProposal.objects.get().outcome == RejectionProposal.Outcome.OPEN

    def test_a_question_is_asked_no_longer(self, visits: list[Visit], courier: Courier, how: str) -> None:
        actions.ask_courier(doubtful=visits[:1], text="？", by=officer("asker"), now=NOW)
        take_back(visits[0], courier, how)
        assert jobs.drop_withdrawn() == 1
        assert not Question.objects.filter(closed_at=None).exists()

    def test_it_leaves_the_queue(self, visits: list[Visit], courier: Courier, how: str) -> None:
        take_back(visits[0], courier, how)
        html = signed_in(officer("reader")).get("/reviews/").content.decode()
        assert f'href="/reviews/{visits[0].pk}/"' not in html and f'href="/reviews/{visits[1].pk}/"' in html


@pytest.mark.parametrize(
    "order", list(itertools.permutations(["propose", "withdrawal", "correction", "job"]))
)
def test_every_order_ends_alike(visits: list[Visit], courier: Courier, order: tuple[str, ...]) -> None:
    """The visit does not count, no proposal is open, no photo is held, nothing is asked."""
    for step in order:
        if step == "propose":
            try:
                propose(visits[0])
            except Problem as problem:
                assert problem.code == "reviews.taken_back"
        elif step == "job":
            jobs.drop_withdrawn()
        else:
            take_back(visits[0], courier, step)
    jobs.drop_withdrawn()
    visit = Visit.objects.get(pk=visits[0].pk)
    assert not visit.counting and not visit.rejected
    assert not RejectionProposal.objects.filter(outcome=RejectionProposal.Outcome.OPEN).exists()
    assert not held()
