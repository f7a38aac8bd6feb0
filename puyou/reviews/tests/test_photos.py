"""Photos where an officer judges, and photos that a decision rests on kept beyond their time."""

from datetime import timedelta

import pytest

from puyou.accounts.tests.offices import neighbour
from puyou.evidence import queries as evidence
from puyou.evidence.models import EvidenceHold
from puyou.registry.models import Courier
from puyou.reviews import actions, jobs
from puyou.reviews.photos import release_settled
from puyou.reviews.tests.cast import GROUND, NOW, officer, say, signed_in
from puyou.visits.models import Visit

pytestmark = pytest.mark.django_db
PHOTO = {"sha256": "ab" * 32, "role": "place", "taken_at": "2026-10-08T10:00:00+08:00"}
OTHER = {"sha256": "cd" * 32, "role": "slip", "taken_at": "2026-10-08T11:00:00+08:00"}


def held() -> set[str]:
    return set(EvidenceHold.objects.filter(released_at=None).values_list("subject", flat=True))


def answered(visits: list[Visit], courier: Courier) -> str:
    asked = actions.ask_courier(doubtful=visits, text="？", by=officer("asker"), now=NOW)
    answer = say("answer", {"question": asked.pk, "text": "在", "photos": [PHOTO]}, courier.pk, NOW)
    jobs.take_in_answers()
    return f"answer:{answer}"


def rejected(visits: list[Visit]) -> None:
    actions.propose_rejection(doubtful=visits, ground=GROUND, by=officer("first"), now=NOW)
    actions.confirm_rejection(doubtful=visits, by=officer("second"), now=NOW)


def appealed(visit: Visit, courier: Courier) -> str:
    payload = {"visit": str(visit.pk), "text": "到过", "photos": [OTHER]}
    appeal = say("appeal", payload, courier.pk, NOW + timedelta(days=1))
    jobs.take_in_appeals()
    return f"appeal:{appeal}"


class TestShown:
    def test_the_desk_shows_what_answer_and_appeal_brought(
        self, visits: list[Visit], courier: Courier
    ) -> None:
        subject = answered(visits[:1], courier)
        rejected(visits[:1])
        appeal = appealed(visits[0], courier)
        assert [each.sha256 for each in evidence.mentions_by(subject)] == ["ab" * 32]
        assert [each.sha256 for each in evidence.mentions_by(appeal)] == ["cd" * 32]
        page = signed_in(officer("third")).get(f"/reviews/{visits[0].pk}/").content.decode()
        assert page.count("尚未上传完") == 2 and "交接单" in page and "没有照片或语音。" in page

    def test_another_province_sees_none_of_it(self, visits: list[Visit], courier: Courier) -> None:
        answered(visits[:1], courier)
        assert signed_in(officer("far", neighbour().code)).get(f"/reviews/{visits[0].pk}/").status_code in (
            403,
            404,
        )


class TestHeld:
    def test_a_proposal_holds_and_its_return_releases(self, visits: list[Visit], courier: Courier) -> None:
        subject = answered(visits[:1], courier)
        actions.propose_rejection(doubtful=visits[:1], ground=GROUND, by=officer("first"), now=NOW)
        assert held() == {f"visit:{visits[0].pk}", subject}
        actions.return_proposal(doubtful=visits[:1], note="再问", by=officer("second"), now=NOW)
        assert held() == set()

    def test_an_answer_about_two_stays_while_one_of_them_is_open(
        self, visits: list[Visit], courier: Courier
    ) -> None:
        subject, first = answered(visits[:2], courier), officer("first")
        actions.propose_rejection(doubtful=visits[:2], ground=GROUND, by=first, now=NOW)
        actions.withdraw_proposal(doubtful=visits[:1], by=first, now=NOW)
        assert held() == {f"visit:{visits[1].pk}", subject}
        actions.withdraw_proposal(doubtful=visits[1:2], by=first, now=NOW)
        assert held() == set()

    def test_an_answer_that_comes_after_the_proposal_is_held_too(
        self, visits: list[Visit], courier: Courier
    ) -> None:
        asked = actions.ask_courier(doubtful=visits[:1], text="？", by=officer("asker"), now=NOW)
        actions.propose_rejection(doubtful=visits[:1], ground=GROUND, by=officer("first"), now=NOW)
        answer = say("answer", {"question": asked.pk, "text": "在", "photos": [PHOTO]}, courier.pk, NOW)
        jobs.take_in_answers()
        assert f"answer:{answer}" in held()

    def test_a_rejection_holds_until_it_can_be_appealed_no_longer(self, visits: list[Visit]) -> None:
        rejected(visits[:1])
        assert release_settled(now=NOW + timedelta(days=2)) == 0 and held() == {f"visit:{visits[0].pk}"}
        assert release_settled(now=NOW + timedelta(days=90)) == 1 and held() == set()

    def test_an_appeal_holds_until_it_is_decided(self, visits: list[Visit], courier: Courier) -> None:
        rejected(visits[:1])
        appeal = appealed(visits[0], courier)
        assert release_settled(now=NOW + timedelta(days=90)) == 0
        assert held() == {f"visit:{visits[0].pk}", appeal}
        actions.decide_appeal(doubtful=visits[:1], upheld=False, ground="维持", by=officer("third"), now=NOW)
        assert held() == set()
