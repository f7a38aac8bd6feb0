"""Folding arrivals as they come equals rebuilding from the facts; parallel takers take each envelope once."""

import threading
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from puyou.core.periods import day_index
from puyou.core.problems import Problem
from puyou.ingest.models import Pending
from puyou.places import queries as places
from puyou.visits import actions
from puyou.visits.models import Intake, Review, Visit
from puyou.visits.rules import STOPPING
from puyou.visits.tests import cast
from puyou.visits.tests.cast import NOW, Message

START = datetime(2026, 9, 21, 1, tzinfo=UTC)
FAR, NEAR = {"lon": 108.5, "lat": 27.9}, {"lon": 106.7, "lat": 26.6}
Step = tuple[str, int, int, int]

steps = st.lists(
    st.tuples(
        st.sampled_from(["near", "far", "none", "reject", "reject", "accept"]),
        st.integers(0, 2),  # village, or which visit to review
        st.integers(0, 3),  # day
        st.integers(0, 3),
    ),
    max_size=14,
)


def rebuilt() -> dict[tuple[int, int], str]:
    """Day sets from visits and their latest reviews alone, with none of the product's own arithmetic."""
    days: dict[tuple[int, int], set[int]] = {}
    for visit in Visit.objects.all():
        latest = Review.objects.filter(visit_id=visit.pk).order_by("-id").first()
        if visit.findings & STOPPING or (latest and latest.decision == "rejected"):
            continue
        year, index = day_index(visit.day)
        days.setdefault((visit.place_id, year), set()).add(index)
    return {key: "".join("1" if i in served else "0" for i in range(371)) for key, served in days.items()}


def kept() -> dict[tuple[int, int], str]:
    return {key: days for key, days in cast.day_sets().items() if "1" in days}


@pytest.mark.django_db
class TestFold:
    @given(steps, st.integers(1, 5))
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_the_fold_equals_the_rebuild(self, todo: list[Step], batch: int) -> None:
        with transaction.atomic():
            person, phone = cast.courier()
            reviewer = cast.officer("reviewer", places.get_place("52"), "visits.review")
            villages = cast.villages(3)
            for village in villages:
                cast.confirm_point(village, 106.7, 26.6)
            waiting: list[Message] = []
            for kind, which, day, hour in todo:
                if kind in ("reject", "accept"):
                    self.review(kind, which + 3 * day, reviewer)
                    continue
                at = START + timedelta(days=day, hours=hour)
                position = {"near": NEAR, "far": FAR, "none": None}[kind]
                waiting.append(Message(villages[which], at, person.pk, phone.pk, position))
                if len(waiting) >= batch:
                    self.take(waiting)
            self.take(waiting)
            assert kept() == rebuilt()
            transaction.set_rollback(True)

    def take(self, waiting: list[Message]) -> None:
        cast.send(*waiting)
        waiting.clear()
        actions.take_in_pending(now=NOW)

    def review(self, kind: str, which: int, reviewer: object) -> None:
        found = list(Visit.objects.order_by("happened_at", "id"))
        if not found:
            return
        decision = {"reject": "rejected", "accept": "accepted"}[kind]
        try:
            with transaction.atomic():
                actions.review_visit(
                    visit=found[which % len(found)].pk, decision=decision, ground="抽查",
                    proposed_by=cast.proposer(), by=reviewer, now=NOW,
                )  # type: ignore[arg-type]  # fmt: skip
        except Problem as problem:
            assert problem.code == "visits.already_decided"


def together(*functions: object) -> None:
    """Run functions at once, each with a connection of its own; the first error is raised."""
    errors: list[BaseException] = []
    gate = threading.Barrier(len(functions))

    def run(function: object) -> None:
        try:
            gate.wait()
            function()  # type: ignore[operator]
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(function,)) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if errors:
        raise errors[0]


class TestParallel:
    def test_two_takers_take_each_envelope_once(self, own_database: str) -> None:
        person, phone = cast.courier()
        villages = cast.villages(40)
        for turn in range(3):
            at = NOW - timedelta(days=turn, hours=3)
            cast.send(*(Message(each, at, person.pk, phone.pk, NEAR) for each in villages))
        counts: list[int] = []

        def take() -> None:
            while done := actions.take_in_pending(limit=25, now=NOW):
                counts.append(done)

        together(take, take, take)
        assert sum(counts) == Visit.objects.count() == 120 and not Pending.objects.exists()
        assert sum(Intake.objects.values_list("accepted", flat=True)) == 120
        assert all("copied_position" in {f.code for f in visit.described} for visit in Visit.objects.all())
        assert kept() == rebuilt()

    def test_a_rejection_beside_an_arrival_loses_neither(self, own_database: str) -> None:
        person, phone = cast.courier()
        reviewer, asking = cast.officer("reviewer", places.get_place("52"), "visits.review"), cast.proposer()
        for village in cast.villages(6):
            (first,) = cast.send(Message(village, NOW - timedelta(hours=9), person.pk, phone.pk))
            actions.take_in_pending(now=NOW)
            cast.send(Message(village, NOW - timedelta(hours=1), person.pk, phone.pk))

            def reject(identifier: uuid.UUID = first) -> None:
                actions.review_visit(
                    visit=identifier,
                    decision="rejected",
                    ground="抽查",
                    proposed_by=asking,
                    by=reviewer,
                    now=NOW,
                )

            together(reject, lambda: actions.take_in_pending(now=NOW))
            assert kept() == rebuilt()
        year, index = day_index(date(2026, 10, 8))
        assert all(days[index] == "1" for (_, of), days in kept().items() if of == year)

    def test_the_same_import_twice_at_once_is_taken_once(self, own_database: str, tmp_path: object) -> None:
        village = cast.villages(1)[0].code
        path = tmp_path / "visits.csv"  # type: ignore[operator]
        lines = [f"v{i},{village},K,D,2026-10-0{1 + i % 5}T09:00:00+08:00,,," for i in range(200)]
        head = "visit_id,village_code,courier_no,device_id,happened_at,lon,lat,accuracy_m"
        path.write_text("\n".join([head, *lines]))
        outcomes: list[tuple[int, int]] = []

        def take() -> None:
            outcome = actions.import_visits(path, by="system:tests", now=NOW).outcome
            outcomes.append((outcome.accepted, outcome.duplicate))

        together(take, take)
        assert sorted(outcomes) == [(0, 200), (200, 0)] and Visit.objects.count() == 200
