"""Offices, candidates and supervisors for tests, and the short way to each."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from puyou.accounts.models import Appointment, Grant, User
from puyou.accounts.scopes import Scope, scope_for
from puyou.accounts.tests.offices import neighbour, officer
from puyou.cases.supervisors import actions
from puyou.cases.supervisors.models import Candidate, Checklist, RecruitmentRound, Supervisor, SupervisorTask
from puyou.compliance.tests import cast
from puyou.places.models import Place
from puyou.places.queries import get_place

NOW = datetime(2026, 9, 24, 2, 0, tzinfo=UTC)
TODAY = date(2026, 9, 24)
NAME, PHONE = "欧阳监督", "13985012345"
GOOD = {"times": 3, "enough": "yes", "kept": "no", "charged": "no", "record": "yes"}


class World:
    """A province's office, a stranger's, a company; a county with a village."""

    def __init__(self) -> None:
        self.county = get_place("520526")
        self.village: Place = cast.villages_of("520526", 1)[0]
        self.officer = officer("supervisors.officer", "provincial_regulator", get_place("52"))
        self.stranger = officer("supervisors.stranger", "provincial_regulator", neighbour())
        self.company = officer("supervisors.company", "company_manager", self.county)
        Grant.objects.update(valid_from=date(2026, 1, 1))
        Appointment.objects.update(valid_from=date(2026, 1, 1))
        self.numbers = count(1)

    def scope(self, user: User | None = None) -> Scope:
        return scope_for(user or self.officer, TODAY)

    def how(self, user: User | None = None) -> dict[str, Any]:
        """Who asks, and when."""
        return {"scope": self.scope(user), "by": user or self.officer, "now": NOW}

    def open(self, places: int = 4, place: Place | None = None) -> RecruitmentRound:
        return actions.open_round(
            place=place or self.county, title="2026 年选聘", places=places, first=TODAY,
            last=date(2026, 10, 31), **self.how(),
        )  # fmt: skip

    def candidate(self, held: RecruitmentRound, **more: Any) -> Candidate:
        at = next(self.numbers)
        fields: dict[str, Any] = {
            "round_id": held.pk, "place": self.village, "name": NAME, "phone": f"1398501{at:04}",
            "background": "village", "employer": "", "channel": "open", "recommended_by": "",
            "area_class": "rural", "statement": "",
        }  # fmt: skip
        return actions.enter_candidate(**(fields | more), **self.how())

    def supervisor(self, **more: Any) -> Supervisor:
        candidate = self.candidate(self.open(), **more)
        actions.review_candidate(
            candidate_id=candidate.pk, decision="approved", ground="符合条件", **self.how()
        )
        return actions.appoint_candidate(candidate_id=candidate.pk, first=TODAY, **self.how())

    def task(self, place: Place | None = None, code: str = "village_delivery", **more: Any) -> SupervisorTask:
        checklist = Checklist.objects.get(code=code)
        (task,) = actions.issue_tasks(
            places=[place or self.county], checklist_id=checklist.pk, title="九月到村检查", words="",
            due=TODAY + timedelta(days=7), **(self.how() | more),
        )  # fmt: skip
        return task

    def result(
        self, supervisor: Supervisor, task: SupervisorTask, client_id: UUID | None = None, **more: Any
    ) -> Any:
        given: dict[str, Any] = {
            "client_id": client_id or uuid4(), "supervisor": supervisor, "task_id": task.pk,
            "place": self.village, "answers": GOOD, "happened_at": NOW, "now": NOW,
        }  # fmt: skip
        return actions.take_task_result(**(given | more))
