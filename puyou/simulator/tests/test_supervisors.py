"""The supervisors of the demo: marked, appointed, asked, once."""

from puyou.accounts.models import Grant
from puyou.accounts.tests.offices import officer
from puyou.cases.supervisors.models import Candidate, Supervisor, SupervisorTask, TaskResult
from puyou.core import clock
from puyou.places.queries import get_place
from puyou.simulator import supervisors


def test_they_are_told_once_and_marked(db):
    user = officer("told.officer", "city_regulator", get_place("5205"))
    Grant.objects.update(valid_from="2026-01-01")
    told = {"county": get_place("520526"), "officer": user, "seed": 7, "now": clock.now()}
    assert supervisors.tell(**told) == 5 and supervisors.tell(**told) == 0
    assert Supervisor.objects.count() == 5 and Candidate.objects.count() == 8
    assert TaskResult.objects.exists() and TaskResult.objects.count() <= 10
    assert all(task.title.startswith(supervisors.MARK) for task in SupervisorTask.objects.all())
