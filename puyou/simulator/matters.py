"""Matters of the told county: rectifications ordered, answered, reported and left to later visits, as people would."""

from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta

import numpy as np

from puyou.accounts.models import User
from puyou.accounts.scopes import scope_for
from puyou.cases import actions as cases
from puyou.cases.models import Case
from puyou.cases.names import Actor
from puyou.cases.rectification import actions as rectification
from puyou.cases.rectification.models import RectifiedWeek
from puyou.compliance import partweeks
from puyou.compliance.models import VerdictYear
from puyou.compliance.rules import Verdict
from puyou.core import clock
from puyou.core.periods import Week, day_of
from puyou.places.models import Place

MEASURES = ("增派一名投递员，恢复每周三次", "备用车辆已到位，按班期出班", "调整投递段，由邻近投递员代班")
CAUSES = ("staff", "vehicle", "road", "management")
MORNING = time(10)
LATER = 5  # weeks in which a village that made good was served
# (weeks ago that were missed, what follows, how many; made good: later weeks were met)
PLAN = (
    (9, "made_good", 4),
    (7, "reported", 4),
    (5, "answered", 3),
    (5, "objected", 1),
    (5, "silent", 2),
    (4, "fresh", 3),
)


def tell(*, county: Place, officer: User, company: User, seed: int, now: datetime) -> int:
    """Order rectifications in a county from what its villages really missed; returns how many. Once per database."""
    if Case.objects.exists():
        return 0
    random = np.random.default_rng([seed, 9, county.pk])
    office, firm = (Actor(scope_for(user, day_of(now)), user) for user in (officer, company))
    told = 0
    for weeks_ago, course, count in PLAN:
        week = Week.of(day_of(now)).shift(-weeks_ago)
        ordered_at = min(_settled_at(week), now - timedelta(minutes=5))
        for village in _missed(county, week, course, random)[:count]:
            case = rectification.order_rectification(
                villages=[village], weeks=[week], actor=office, now=ordered_at
            )
            _follow(case, course, firm, ordered_at, now, random)
            told += 1
    rectification.verify_rectifications(now=now)
    return told


def _missed(county: Place, week: Week, course: str, random: np.random.Generator) -> list[Place]:
    """Villages that missed a week and stand in no order, shuffled; to have made good they were served since."""
    ordered = RectifiedWeek.objects.values_list("place", flat=True)
    held = Place.objects.filter(path__startswith=county.path, level=5, valid_to=None).exclude(pk__in=ordered)
    villages = {village.pk: village for village in held.order_by("code")}
    missed = _judged(villages, week, Verdict.UNMET)
    if course == "made_good":
        for later in range(1, LATER + 1):
            missed &= _judged(villages, Week.of(clock.today()).shift(-later), Verdict.MET)
    return [villages[int(at)] for at in random.permutation(sorted(missed))]


def _judged(villages: Collection[int], week: Week, verdict: Verdict) -> set[int]:
    rows = VerdictYear.objects.filter(iso_year=week.year, place_id__in=list(villages))
    return {row.place_id for row in rows if row.codes[week.number - 1] == verdict}


def _settled_at(week: Week) -> datetime:
    """Ten in the morning, in China, of the first day on which a week's misses were final."""
    day = week.monday + timedelta(days=7 + partweeks.settle_days(week.monday))
    return datetime.combine(day, MORNING, clock.SHANGHAI)


def _follow(
    case: Case, course: str, firm: Actor, at: datetime, now: datetime, random: np.random.Generator
) -> None:
    """What the company does about an order, two and four days later."""
    if course == "objected":
        text = "当周道路塌方中断，已另行申请免责，请予核实"
        _act(case, "object", firm, min(at + timedelta(days=2), now), {"text": text})
    if course not in ("answered", "reported", "made_good"):
        return
    answered = min(at + timedelta(days=2), now)
    answer = {
        "cause": _one_of(CAUSES, random),
        "measures": _one_of(MEASURES, random),
        "finish_on": day_of(answered + timedelta(days=7)).isoformat(),
    }
    _act(case, "answer", firm, answered, answer)
    if course != "answered":
        _act(
            case, "report", firm, min(at + timedelta(days=4), now), {"text": "已按承诺完成，请以投递记录核实"}
        )


def _one_of(words: Sequence[str], random: np.random.Generator) -> str:
    return words[int(random.integers(len(words)))]


def _act(case: Case, action: str, actor: Actor, at: datetime, data: dict[str, str]) -> None:
    held = Case.objects.get(pk=case.pk)
    cases.perform(case_id=held.pk, action=action, actor=actor, data=data, revision=held.revision, now=at)
