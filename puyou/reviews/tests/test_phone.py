"""What the phone asks, answers and appeals: taken in once, quarantined when not understood, told back in words."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest

from puyou.accounts.models import User
from puyou.accounts.scopes import scope_for
from puyou.core.models import Event
from puyou.core.problems import Problem
from puyou.ingest.models import Pending, Quarantine
from puyou.registry.models import Courier
from puyou.reviews import actions, jobs, queries, validators
from puyou.reviews.models import Answer, Appeal, AppealDecision, Question
from puyou.reviews.tests.cast import GROUND, NOW, doubtful_day, is_served, officer, say
from puyou.visits import actions as visit_actions
from puyou.visits.models import Visit
from puyou.visits.tests import cast as visit_cast

pytestmark = pytest.mark.django_db
PHOTO = {"sha256": "ab" * 32, "role": "place", "taken_at": "2026-10-08T10:00:00+08:00"}


def reason(identifier: uuid.UUID) -> str:
    return Quarantine.objects.get(envelope_id=identifier).code


class TestAsking:
    def test_one_question_about_a_day_is_told_once(self, visits: list[Visit], courier: Courier) -> None:
        asked = actions.ask_courier(doubtful=visits, text="当时在哪里？", by=officer("o"), now=NOW)
        (told,) = queries.questions_for(courier.pk)
        assert (told.id, told.visit, told.text) == (asked.pk, visits[0].pk, "当时在哪里？")
        assert told.village_name and told.asked_at == NOW
        assert queries.questions_for(courier.pk + 1) == []

    def test_nobody_is_asked_where_nobody_was_named(self) -> None:
        (identifier,) = visit_cast.send(visit_cast.Message(visit_cast.villages(1)[0], courier=0, device=0))
        visits_taken()
        with pytest.raises(Problem, match="没有登记在册的投递员"):
            actions.ask_courier(
                doubtful=[Visit.objects.get(pk=identifier)], text="？", by=officer("o"), now=NOW
            )

    def test_two_couriers_are_not_asked_at_once(self, visits: list[Visit]) -> None:
        other, phone = visit_cast.courier("K2", "D2")
        with pytest.raises(Problem, match="同一名投递员"):
            actions.ask_courier(
                doubtful=[visits[0], *doubtful_day(other, phone, 1)], text="？", by=officer("o"), now=NOW
            )

    def test_a_decision_closes_what_was_asked(self, visits: list[Visit], courier: Courier) -> None:
        by = officer("o")
        actions.ask_courier(doubtful=visits[:1], text="？", by=by, now=NOW)
        actions.accept_visits(doubtful=visits[:1], by=by, now=NOW)
        assert queries.questions_for(courier.pk) == []


def visits_taken() -> None:
    visit_actions.take_in_pending(now=NOW)


class TestAnswers:
    def test_an_answer_is_taken_in_once_and_closes_the_question(
        self, visits: list[Visit], courier: Courier
    ) -> None:
        asked = actions.ask_courier(doubtful=visits, text="？", by=officer("o"), now=NOW)
        payload = {"question": asked.pk, "text": " 在村委会 ", "photos": [PHOTO]}
        identifier = say("answer", payload, courier.pk, NOW)
        assert jobs.take_in_answers() == 1 and jobs.take_in_answers() == 0
        answer = Answer.objects.get()
        assert (answer.pk, answer.text, answer.photos) == (identifier, "在村委会", ["ab" * 32])
        assert (
            queries.questions_for(courier.pk) == [] and not Question.objects.filter(closed_at=None).exists()
        )
        assert all(len(file.answers) == 1 for file in queries.files_of(visits).values())
        assert Event.objects.filter(kind="question.answered").count() == 1

    def test_a_late_answer_is_kept(self, visits: list[Visit], courier: Courier) -> None:
        by = officer("o")
        asked = actions.ask_courier(doubtful=visits[:1], text="？", by=by, now=NOW)
        actions.accept_visits(doubtful=visits[:1], by=by, now=NOW)
        say("answer", {"question": asked.pk, "text": "在"}, courier.pk, NOW)
        jobs.take_in_answers()
        assert Answer.objects.count() == 1 and not Quarantine.objects.exists()

    def test_what_answers_nothing_is_quarantined(self, visits: list[Visit], courier: Courier) -> None:
        other, _ = visit_cast.courier("K2", "D2")
        asked = actions.ask_courier(doubtful=visits[:1], text="？", by=officer("o"), now=NOW)
        anothers = say("answer", {"question": asked.pk, "text": "在"}, other.pk, NOW)
        unknown = say("answer", {"question": 99, "text": "在"}, courier.pk, NOW)
        odd = say("answer", {"question": "1", "text": "在"}, courier.pk, NOW)
        assert jobs.take_in_answers() == 3 and not Pending.objects.exists()
        assert reason(anothers) == reason(unknown) == "reviews.unknown_question"
        assert reason(odd) == "reviews.bad_field" and not Answer.objects.exists()


@pytest.fixture
def rejected(visits: list[Visit]) -> Visit:
    actions.propose_rejection(doubtful=visits[:1], ground=GROUND, by=officer("first"), now=NOW)
    actions.confirm_rejection(doubtful=visits[:1], by=officer("second"), now=NOW)
    return visits[0]


def appeal(visit: Visit, courier: int, days: float = 1, **how: Any) -> uuid.UUID:
    identifier = say(
        "appeal", {"visit": str(visit.pk), "text": "当天到村"}, courier, NOW + timedelta(days=days), **how
    )
    jobs.take_in_appeals()
    return identifier


class TestAppeals:
    def test_it_is_decided_by_a_third_person_and_restores_the_count(
        self, rejected: Visit, courier: Courier
    ) -> None:
        appeal(rejected, courier.pk)
        assert Appeal.objects.get().review.ground == GROUND
        for name in ("first", "second"):
            by = officer_named(name)
            with pytest.raises(Problem, match="不能再决定"):
                actions.decide_appeal(doubtful=[rejected], upheld=True, ground="属实", by=by, now=NOW)
            assert not queries.list_for(scope(by), by).exists()
        third = officer("third")
        assert queries.list_for(scope(third), third).count() == 1
        actions.decide_appeal(doubtful=[rejected], upheld=True, ground="属实", by=third, now=NOW)
        assert is_served(rejected) and AppealDecision.objects.get().by == third

    def test_dismissed_it_stays_rejected_and_the_phone_hears_why(
        self, rejected: Visit, courier: Courier
    ) -> None:
        (before,) = queries.decisions_for(courier.pk, NOW - timedelta(days=1))
        assert (before.decision, before.ground, before.appeal) == ("rejected", GROUND, None)
        assert before.visit == rejected.pk and before.day == rejected.day
        appeal(rejected, courier.pk)
        (waiting,) = queries.decisions_for(courier.pk, NOW - timedelta(days=1))
        assert waiting.appeal and waiting.appeal.state == "waiting" and waiting.appealable_until is None
        actions.decide_appeal(
            doubtful=[rejected], upheld=False, ground="无新证据", by=officer("third"), now=NOW
        )
        (after,) = queries.decisions_for(courier.pk, NOW - timedelta(days=1))
        assert after.appeal and (after.appeal.state, after.appeal.ground) == ("dismissed", "无新证据")
        assert not is_served(rejected)

    def test_upheld_it_is_told_as_accepted(self, rejected: Visit, courier: Courier) -> None:
        appeal(rejected, courier.pk)
        actions.decide_appeal(doubtful=[rejected], upheld=True, ground="属实", by=officer("third"), now=NOW)
        (told,) = queries.decisions_for(courier.pk, NOW - timedelta(days=1))
        assert told.decision == "accepted" and told.appeal and told.appeal.state == "upheld"
        assert told.appealable_until is None

    def test_the_term_runs_in_working_days(self, rejected: Visit, courier: Courier) -> None:
        """Thursday 8 October 2026 and 15 working days: Saturday 10 October is made up, so the last is 28 October."""
        (told,) = queries.decisions_for(courier.pk, NOW)
        assert told.appealable_until == date(2026, 10, 28)

    @pytest.mark.parametrize("days, skew, kept", [(20, 0, True), (21, 0, False), (21, 86400, True)])
    def test_too_late_is_quarantined_by_the_phones_time_set_right(
        self, rejected: Visit, courier: Courier, days: int, skew: int, kept: bool
    ) -> None:
        identifier = appeal(rejected, courier.pk, days, skew=skew, received=NOW + timedelta(days=40))
        assert Appeal.objects.exists() is kept
        if not kept:
            told = Quarantine.objects.get(envelope_id=identifier)
            assert told.code == "reviews.too_late" and "2026年10月28日" in told.message

    def test_once_own_and_rejected_only(self, rejected: Visit, visits: list[Visit], courier: Courier) -> None:
        other, _ = visit_cast.courier("K2", "D2")
        assert reason(appeal(rejected, other.pk)) == "reviews.not_yours"
        assert reason(appeal(visits[1], courier.pk)) == "reviews.not_rejected"
        appeal(rejected, courier.pk)
        assert reason(appeal(rejected, courier.pk)) == "reviews.already_appealed"
        odd = say("appeal", {"visit": "x", "text": ""}, courier.pk, NOW)
        jobs.take_in_appeals()
        assert reason(odd) == "reviews.bad_field" and Appeal.objects.count() == 1


def officer_named(name: str) -> Any:
    return User.objects.get(username=name)


def scope(user: Any) -> Any:
    return scope_for(user)


VISIT = str(uuid.uuid4())


class TestValidators:
    @pytest.mark.parametrize("payload, code", [
        ({"visit": VISIT, "text": "到了"}, None),
        ({"visit": VISIT, "text": "到了", "photos": []}, None),
        ({"visit": VISIT, "text": "到了", "photos": [PHOTO]}, None),
        ({"visit": VISIT}, "reviews.missing_field"),
        ({"text": "到了"}, "reviews.missing_field"),
        ({"visit": VISIT, "text": " "}, "reviews.bad_field"),
        ({"visit": VISIT, "text": "长" * 1001}, "reviews.bad_field"),
        ({"visit": 5, "text": "到了"}, "reviews.bad_field"),
        ({"visit": None, "text": "到了"}, "reviews.bad_field"),
        ({"visit": VISIT, "text": "到\0了"}, "reviews.bad_field"),
        ({"visit": VISIT, "text": "到了", "photos": [PHOTO] * 7}, "reviews.bad_field"),
        ({"visit": VISIT, "text": "到了", "photos": ["ab"]}, "reviews.bad_field"),
        ({"visit": VISIT, "text": "到了", "photos": [PHOTO | {"role": ["place"]}]}, "reviews.bad_field"),
        ({"visit": VISIT, "text": "到了", "photos": [PHOTO | {"taken_at": 7}]}, "reviews.bad_field"),
        ({"visit": VISIT, "text": "到了", "photos": [{"sha256": "AB" * 32}]}, "reviews.bad_field"),
        ({"visit": VISIT, "text": "到了", "reason": 1}, "reviews.unknown_field"),
    ])  # fmt: skip
    def test_of_appeals(self, payload: dict[str, Any], code: str | None) -> None:
        (problem,) = validators.check_appeals([payload])
        assert (problem and problem.code) == code

    @pytest.mark.parametrize(
        "question, well", [(1, True), (True, False), (0, False), ("1", False), (2**63, False)]
    )
    def test_of_answers(self, question: Any, well: bool) -> None:
        (problem,) = validators.check_answers([{"question": question, "text": "到了"}])
        assert (problem is None) is well
