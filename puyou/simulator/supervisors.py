"""Supervisors of the told county: a round, appointments, tasks with results and an honour; all marked as simulated."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np

from puyou.accounts.models import User
from puyou.accounts.scopes import scope_for
from puyou.cases.supervisors import actions
from puyou.cases.supervisors.models import Checklist, Supervisor
from puyou.core.periods import day_of
from puyou.places.models import Place

MARK = "模拟数据："
NAMES = ("赵一", "钱二", "孙三", "李四", "周五", "吴六", "郑七", "冯八")
BACKGROUNDS = ("village", "education", "media", "resident", "government", "village", "enterprise", "village")
APPOINTED = 5  # the others wait, or are refused


def tell(*, county: Place, officer: User, seed: int, now: datetime) -> int:
    """Recruit, appoint and ask supervisors in a county; returns how many were appointed. Once per database."""
    if Supervisor.objects.exists():
        return 0
    random = np.random.default_rng([seed, 13, county.pk])
    began = now - timedelta(days=60)
    villages = list(
        Place.objects.filter(path__startswith=county.path, level=5, valid_to=None).order_by("code")[:40]
    )
    held = actions.open_round(
        place=county, title=f"{MARK}{county.name}选聘", places=8, first=day_of(began),
        last=day_of(now) + timedelta(days=30), **_how(officer, began),
    )  # fmt: skip
    people = []
    for at, name in enumerate(NAMES):
        village = villages[int(random.integers(len(villages)))]
        one = actions.enter_candidate(
            round_id=held.pk, place=village, name=name, phone=f"1390000{at:04}", background=BACKGROUNDS[at],
            employer="", channel="open", recommended_by="", area_class="rural", statement=f"{MARK}愿意监督",
            **_how(officer, began),
        )  # fmt: skip
        if at > APPOINTED:
            continue
        decision = "approved" if at < APPOINTED else "refused"
        how = _how(officer, began + timedelta(days=2))
        actions.review_candidate(candidate_id=one.pk, decision=decision, ground=f"{MARK}按条件审查", **how)
        if decision == "approved":
            people.append(actions.appoint_candidate(candidate_id=one.pk, first=day_of(began), **how))
    _ask(county, people, officer, random, now)
    actions.commend_supervisor(
        supervisor_id=people[0].pk, title="优秀监督员", ground=f"{MARK}反映及时", **_how(officer, now)
    )
    return len(people)


def _how(officer: User, now: datetime) -> dict[str, Any]:
    return {"scope": scope_for(officer), "by": officer, "now": now}


def _ask(
    county: Place, people: list[Supervisor], officer: User, random: np.random.Generator, now: datetime
) -> None:
    """Two tasks: one over with most results in, one that runs; a lesson for some."""
    checklist = Checklist.objects.get(code="village_delivery")
    for back, due, share in ((30, 14, 0.8), (5, 20, 0.3)):
        at = now - timedelta(days=back)
        (task,) = actions.issue_tasks(
            places=[county], checklist_id=checklist.pk, title=f"{MARK}建制村投递检查", words="到所在村看一看",
            due=day_of(at) + timedelta(days=due), **_how(officer, at),
        )  # fmt: skip
        for one in people:
            if random.random() > share:
                continue
            fine = random.random() < 0.7
            answers = {"times": 3 if fine else 2, "enough": "yes" if fine else "no", "kept": "no", "charged": "no",
                       "record": "yes"}  # fmt: skip
            looked = at + timedelta(days=2)
            actions.take_task_result(
                client_id=UUID(int=int.from_bytes(random.bytes(16)), version=4), supervisor=one, task_id=task.pk,
                place=one.place, answers=answers, happened_at=looked, now=looked, note=f"{MARK}问过村委会",
            )  # fmt: skip
    for one in people[:3]:
        actions.complete_training(supervisor=one, lesson="rights", version=1, score=90, now=now)
