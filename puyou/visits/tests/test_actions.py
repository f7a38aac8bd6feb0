"""What taking in and reviewing change, what they say, and whom they refuse."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from django.db import connection, transaction

from puyou.core.models import Event
from puyou.core.periods import day_index
from puyou.core.problems import Problem
from puyou.ingest.models import Pending, Quarantine
from puyou.places import queries as places
from puyou.visits import actions, daysets
from puyou.visits.models import Intake, Review, VillageChange, Visit
from puyou.visits.tests import cast
from puyou.visits.tests.cast import NOW, Message

pytestmark = pytest.mark.django_db
FAR = {"lon": 108.5, "lat": 27.9, "accuracy_m": 10}
NEAR = {"lon": 106.7, "lat": 26.6, "accuracy_m": 10}
DAY = date(2026, 10, 8)


@pytest.fixture
def crew() -> tuple[int, int]:
    person, phone = cast.courier()
    return person.pk, phone.pk


def take(*messages: Message) -> list[uuid.UUID]:
    ids = cast.send(*messages)
    actions.take_in_pending(now=NOW)
    return ids


def is_served(place_id: int, day: date = DAY) -> bool:
    year, index = day_index(day)
    return cast.day_sets().get((place_id, year), "0" * 371)[index] == "1"


class TestTakingIn:
    def test_it_stores_visits_day_sets_and_word_for_the_judge_at_once(self, crew: tuple[int, int]) -> None:
        village = cast.villages(1)[0]
        (identifier,) = take(Message(village, courier=crew[0], device=crew[1], position=NEAR))
        visit = Visit.objects.get(pk=identifier)
        assert (visit.place_id, visit.day, visit.counting, visit.findings) == (village.pk, DAY, True, 0)
        assert is_served(village.pk) and not is_served(village.pk, DAY + timedelta(days=1))
        with transaction.atomic():
            owners, mondays, causes = actions.drain_changes()
        monday = (date(2026, 10, 5) - date(1970, 1, 1)).days
        assert (owners.tolist(), mondays.tolist(), causes.tolist()) == (
            [village.pk],
            [monday],
            ["late_visit"],
        )
        assert Event.objects.filter(kind="visits.taken_in").count() == 1
        assert Intake.objects.get().accepted == 1 and not Pending.objects.exists()

    def test_it_does_nothing_without_envelopes(self) -> None:
        assert actions.take_in_pending(now=NOW) == 0 and not Intake.objects.exists()

    def test_it_counts_the_day_of_shanghai(self, crew: tuple[int, int]) -> None:
        village = cast.villages(1)[0]
        take(Message(village, datetime(2026, 10, 6, 16, 30, tzinfo=UTC), *crew))
        assert is_served(village.pk, date(2026, 10, 7)) and not is_served(village.pk, date(2026, 10, 6))

    def test_an_envelope_that_cannot_be_understood_is_set_aside_and_the_batch_goes_on(
        self, crew: tuple[int, int]
    ) -> None:
        village = cast.villages(1)[0]
        lost, kept = take(
            Message(village, courier=crew[0], device=crew[1], changes={"village": "529999999999"}),
            Message(village, courier=crew[0], device=crew[1]),
        )
        assert Quarantine.objects.get(envelope_id=lost).code == "visits.unknown_village"
        assert Visit.objects.get().pk == kept

    def test_an_unset_clock_is_a_finding_and_counts(self, crew: tuple[int, int]) -> None:
        village = cast.villages(1)[0]
        (identifier,) = take(Message(village, datetime(1970, 1, 1, 2, tzinfo=UTC), *crew, NEAR))
        assert cast.findings(identifier) >= {"clock_1970", "stale"}
        assert is_served(village.pk, date(1970, 1, 1))

    @pytest.mark.parametrize("standing, finding, counts", [
        ("confirmed", "too_far", False), ("learnt", "too_far", False), ("reference", "far_from_reference", True),
    ])  # fmt: skip
    def test_only_a_firm_point_stops_a_far_visit(
        self, crew: tuple[int, int], standing: str, finding: str, counts: bool
    ) -> None:
        village = cast.villages(1)[0]
        cast.confirm_point(village, 106.7, 26.6, standing)
        (identifier,) = take(Message(village, courier=crew[0], device=crew[1], position=FAR))
        assert cast.findings(identifier) == {finding}
        assert Visit.objects.get().counting is counts and is_served(village.pk) is counts

    def test_a_later_batch_re_marks_the_visits_of_its_day(self, crew: tuple[int, int]) -> None:
        first, second, third = cast.villages(3)
        at = NOW - timedelta(hours=3)
        (late,) = take(Message(second, at + timedelta(minutes=2), *crew, FAR))
        assert cast.findings(late) == set()
        take(Message(first, at, *crew, NEAR))
        assert cast.findings(late) == {"implausible_speed"}
        take(Message(third, at + timedelta(minutes=1), *crew, FAR))
        assert cast.findings(late) == {"copied_position"}

    def test_one_stop_serves_several_villages(self, crew: tuple[int, int]) -> None:
        stop = str(uuid.uuid4())
        messages = [
            Message(village, courier=crew[0], device=crew[1], position=NEAR, changes={"stop": stop})
            for village in cast.villages(4)
        ]
        assert [cast.findings(each) for each in take(*messages)] == [set()] * 4

    def test_an_unbound_phone_and_an_unknown_one_are_findings(self, crew: tuple[int, int]) -> None:
        village = cast.villages(1)[0]
        other, phone = cast.courier("K2", "D2")
        (identifier,) = take(Message(village, courier=crew[0], device=phone.pk, position=NEAR))
        assert cast.findings(identifier) == {"device_of_another"}

    def test_batching_changes_nothing(self, crew: tuple[int, int]) -> None:
        messages = [
            Message(village, NOW - timedelta(minutes=3 * i), crew[0], crew[1], [NEAR, FAR, None][i % 3])
            for i, village in enumerate(cast.villages(4) * 3)
        ]
        outcomes = []
        for size in (1, 5, 12):
            try:
                with transaction.atomic():
                    for start in range(0, 12, size):
                        for i, message in enumerate(messages[start : start + size]):
                            message.id = uuid.UUID(int=start + i + 1)
                        take(*messages[start : start + size])
                    outcomes.append(dict(Visit.objects.values_list("pk", "findings")))
                    transaction.set_rollback(True)
            finally:
                pass
        assert outcomes[0] == outcomes[1] == outcomes[2] and any(outcomes[0].values())


class TestReviewing:
    @pytest.fixture
    def visit(self, crew: tuple[int, int]) -> Visit:
        return Visit.objects.get(pk=take(Message(cast.villages(1)[0], courier=crew[0], device=crew[1]))[0])

    @pytest.fixture
    def reviewer(self) -> object:
        return cast.officer("reviewer", places.get_place("52"), "visits.review")

    def decide(self, visit: Visit, decision: str, by: object, ground: str = "照片与村点不符") -> Review:
        return actions.review_visit(
            visit=visit.pk, decision=decision, ground=ground, proposed_by=cast.proposer(), by=by, now=NOW
        )  # type: ignore[arg-type]

    def test_a_rejection_clears_the_day_and_says_so(self, visit: Visit, reviewer: object) -> None:
        VillageChange.objects.all().delete()
        self.decide(visit, "rejected", reviewer)
        visit.refresh_from_db()
        assert visit.rejected and not visit.counting and not is_served(visit.place_id)
        assert VillageChange.objects.get().cause == "review"
        assert Event.objects.filter(kind="visit.reviewed").count() == 1

    def test_accepting_afterwards_restores_it(self, visit: Visit, reviewer: object) -> None:
        self.decide(visit, "rejected", reviewer)
        self.decide(visit, "accepted", reviewer, "")
        visit.refresh_from_db()
        assert visit.counting and is_served(visit.place_id)

    def test_another_visit_of_the_day_keeps_it(
        self, visit: Visit, reviewer: object, crew: tuple[int, int]
    ) -> None:
        take(Message(cast.villages(1)[0], NOW - timedelta(hours=5), *crew))
        self.decide(visit, "rejected", reviewer)
        assert is_served(visit.place_id)

    def test_loaded_days_survive_a_rejection(self, visit: Visit, reviewer: object) -> None:
        year, index = day_index(DAY)
        sets = np.zeros((1, daysets.BYTES), np.uint8)
        sets[0, index >> 3] = 128 >> (index & 7)
        actions.load_day_sets(
            place_ids=np.array([visit.place_id]), iso_year=year, sets=sets, by="system:tests", now=NOW
        )
        self.decide(visit, "rejected", reviewer)
        assert is_served(visit.place_id)

    def test_a_rejection_needs_a_ground(self, visit: Visit, reviewer: object) -> None:
        with pytest.raises(Problem) as raised:
            self.decide(visit, "rejected", reviewer, " ")
        assert raised.value.code == "visits.no_ground" and not Review.objects.exists()

    def test_one_person_alone_rejects_nothing(self, visit: Visit, reviewer: object) -> None:
        for proposed_by in (None, reviewer):
            with pytest.raises(Problem) as raised:
                actions.review_visit(
                    visit=visit.pk, decision="rejected", ground="不符", proposed_by=proposed_by, by=reviewer, now=NOW
                )  # type: ignore[arg-type]  # fmt: skip
            assert raised.value.code == "visits.two_needed"
        assert is_served(visit.place_id) and not Review.objects.exists()

    def test_nor_does_a_courier_ask_for_it(self, reviewer: object) -> None:
        person, phone = cast.courier("K8", "D8", user=cast.proposer())
        (identifier,) = take(Message(cast.villages(1)[0], courier=person.pk, device=phone.pk))
        with pytest.raises(Problem) as raised:
            self.decide(Visit.objects.get(pk=identifier), "rejected", reviewer)
        assert raised.value.code == "visits.own_visit"

    def test_the_same_decision_twice_is_refused(self, visit: Visit, reviewer: object) -> None:
        self.decide(visit, "rejected", reviewer)
        with pytest.raises(Problem) as raised:
            self.decide(visit, "rejected", reviewer)
        assert raised.value.code == "visits.already_decided"

    def test_accepting_does_not_make_a_far_visit_count(self, reviewer: object, crew: tuple[int, int]) -> None:
        village = cast.villages(2)[1]
        cast.confirm_point(village, 106.7, 26.6)
        (identifier,) = take(Message(village, courier=crew[0], device=crew[1], position=FAR))
        self.decide(Visit.objects.get(pk=identifier), "accepted", reviewer, "")
        assert not is_served(village.pk)

    def test_nobody_reviews_an_own_visit(self, reviewer: object) -> None:
        person, phone = cast.courier("K9", "D9", user=reviewer)  # type: ignore[arg-type]
        (identifier,) = take(Message(cast.villages(1)[0], courier=person.pk, device=phone.pk))
        with pytest.raises(Problem) as raised:
            self.decide(Visit.objects.get(pk=identifier), "rejected", reviewer)
        assert raised.value.code == "visits.own_visit"

    @pytest.mark.parametrize("code, permissions", [("5203", ("visits.review",)), ("52", ())])
    def test_another_city_and_a_mere_reader_are_refused(
        self, visit: Visit, code: str, permissions: tuple[str, ...]
    ) -> None:
        stranger = cast.officer("stranger", places.get_place(code), *permissions)
        with pytest.raises(Problem):
            self.decide(visit, "rejected", stranger)
        assert is_served(visit.place_id) and not Review.objects.exists()


class TestLoadingDaySets:
    def load(self, **changes: object) -> int:
        sets = np.full((2, daysets.BYTES), 255, np.uint8)
        values: dict[str, object] = {
            "place_ids": np.array([village.pk for village in cast.villages(2)][::-1]), "iso_year": 2025, "sets": sets,
        }  # fmt: skip
        return actions.load_day_sets(**(values | changes), by="system:tests", now=NOW)  # type: ignore[arg-type]

    def test_every_day_given_is_served(self) -> None:
        assert self.load() == 2
        assert set(cast.day_sets().values()) == {"1" * 371}
        assert Intake.objects.get().file_digest

    def test_a_year_is_loaded_once(self) -> None:
        self.load()
        with pytest.raises(Problem) as raised:
            self.load()
        assert raised.value.code == "visits.year_loaded"

    def test_it_adds_to_what_stands(self, crew: tuple[int, int]) -> None:
        village = cast.villages(1)[0]
        take(Message(village, courier=crew[0], device=crew[1]))
        self.load(iso_year=2026, sets=np.zeros((2, daysets.BYTES), np.uint8))
        assert is_served(village.pk)

    def test_sets_of_another_width_are_refused(self) -> None:
        with pytest.raises(Problem) as raised:
            self.load(sets=np.zeros((2, 46), np.uint8))
        assert raised.value.code == "visits.bad_sets"


def test_draining_rolls_back_with_its_caller(crew: tuple[int, int]) -> None:
    take(Message(cast.villages(1)[0], courier=crew[0], device=crew[1]))
    drain: Callable[[], tuple[np.ndarray, ...]] = actions.drain_changes
    with transaction.atomic():
        assert len(drain()[0]) == 1
        transaction.set_rollback(True)
    assert len(drain()[0]) == 1 and len(drain()[0]) == 0
    assert connection.in_atomic_block
