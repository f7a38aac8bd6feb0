"""Whatever the order in which visits, corrections and withdrawals arrive, the end is the same and rebuilds clean."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from puyou.compliance import actions as compliance
from puyou.core import clock
from puyou.core.problems import Problem
from puyou.places import queries as places
from puyou.visits import actions
from puyou.visits.models import Visit
from puyou.visits.rules import MASK
from puyou.visits.tests import cast
from puyou.visits.tests.cast import NOW, Message
from puyou.visits.tests.test_withdrawals import Field, end_state, take

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen() -> Any:
    with clock.frozen(NOW):
        yield


def differences() -> dict[str, int]:
    return dict(compliance.rebuild(check=True, by="system:tests", now=NOW).counts)


def test_a_mark_that_no_withdrawal_explains_is_found_and_put_right() -> None:
    field = Field()
    gone, stands = field.visit(), field.visit(1, hour=2)
    take(gone, stands, field.withdrawal(gone))
    assert differences() == {}
    Visit.objects.filter(pk=gone.id).update(findings=0, counting=True)
    Visit.objects.filter(pk=stands.id).update(findings=MASK["withdrawn"], counting=False)
    assert differences() == {"visit": 2}
    assert compliance.rebuild(check=False, by="system:tests", now=NOW).repaired
    assert differences() == {}
    assert cast.findings(gone.id) == {"withdrawn"} and cast.findings(stands.id) == set()


def test_a_visit_that_was_taken_back_meets_nothing() -> None:
    field = Field()
    visit = field.visit()
    take(visit, field.withdrawal(visit))
    assert differences() == {} and not any("1" in days for days in cast.day_sets().values())


@st.composite
def messages(draw: st.DrawFn) -> list[tuple[str, int, int, int, bool]]:
    """(kind, village, hour, which earlier visit it is about, own)."""
    count = draw(st.integers(1, 5))
    found = []
    for number in range(count):
        kind = draw(st.sampled_from(["visit", "visit", "correction", "withdrawal"])) if number else "visit"
        found.append(
            (
                kind,
                draw(st.integers(0, 2)),
                draw(st.integers(0, 4)),
                draw(st.integers(0, 4)),
                draw(st.booleans()),
            )
        )
    return found


class TestAnyOrder:
    @given(
        messages(),
        st.randoms(use_true_random=False),
        st.lists(st.integers(0, 9), max_size=3),
        st.integers(1, 3),
    )
    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_ends_in_the_same_state(
        self, drawn: list[tuple[str, int, int, int, bool]], random: Any, rejected: list[int], at_once: int
    ) -> None:
        with transaction.atomic():
            field = Field()
            reviewer = [
                cast.officer(name, places.get_place("52"), "visits.review") for name in ("one", "two")
            ]
            anchor = field.visit(hour=1)  # stands before the rest comes; rejected in between
            sent, visits = [], [anchor]
            for kind, village, hour, which, own in drawn:
                about = visits[which % len(visits)]
                if kind == "withdrawal":
                    sent.append(field.withdrawal(about, own))
                    continue
                changes = {"corrects": str(about.id)} if kind == "correction" else {}
                visits.append(field.visit(village, hour, own, **changes))
                sent.append(visits[-1])
            shuffled = list(sent)
            random.shuffle(shuffled)
            ends = []
            for order in (sent, shuffled):
                with transaction.atomic():
                    self.arrive(anchor, order, rejected, at_once, reviewer)
                    ends.append(end_state())
                    assert compliance.rebuild(check=True, by="system:tests", now=NOW).counts.keys() <= {
                        "rollup"
                    }
                    transaction.set_rollback(True)
            assert ends[0] == ends[1]
            transaction.set_rollback(True)

    def arrive(
        self, anchor: Message, order: list[Message], rejected: list[int], at_once: int, reviewer: Any
    ) -> None:
        take(anchor)
        for start in range(0, len(order), at_once):
            take(*order[start : start + at_once])
            if start in rejected:
                self.reject(anchor, reviewer)
        self.reject(anchor, reviewer)

    def reject(self, visit: Message, reviewer: Any) -> None:
        try:
            with transaction.atomic():
                actions.review_visit(
                    visit=visit.id, decision="rejected", ground="抽查", by=reviewer[1], proposed_by=reviewer[0],
                    now=NOW,
                )  # fmt: skip
        except Problem as problem:
            assert problem.code == "visits.already_decided"
