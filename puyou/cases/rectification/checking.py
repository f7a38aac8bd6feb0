"""Looking at the villages of an order: what was missed, and what later weeks prove."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from puyou.accounts.scopes import Scope
from puyou.cases.models import Case
from puyou.cases.rectification import problems
from puyou.cases.rectification.models import RectifiedWeek
from puyou.cases.rectification.rules import Proof, proof_of
from puyou.compliance.detail import VillageWeekDetail, village_weeks
from puyou.core.periods import Week, day_of
from puyou.places.models import Place
from puyou.standards import queries as standards

ALL = Scope.system("rectification")
WEEKS_ASKED = "rectification_weeks"
MISSED, PROVISIONAL = "missed", "provisional"


@dataclass(frozen=True)
class VillageProof:
    """A village of an order with the weeks since the report and what they prove."""

    place: Place
    weeks: list[VillageWeekDetail]
    proof: Proof


def settled_misses(place: Place, weeks: Sequence[Week], today: date) -> list[VillageWeekDetail]:
    """Of some weeks of a village those missed for good; Problem when one is still provisional."""
    if not weeks:
        return []
    details = village_weeks(ALL, place, min(weeks), max(weeks), today)
    chosen = [one for one in details if one.week in set(weeks)]
    for one in chosen:
        if one.standing == PROVISIONAL:
            raise problems.NOT_SETTLED(place=place.name, week=one.week.name)
    return [one for one in chosen if one.standing == MISSED]


def reported_at(case: Case) -> datetime | None:
    """When the company last reported the rectification done."""
    return case.events.filter(action="report").order_by("-revision").values_list("at", flat=True).first()


def proofs(case: Case, today: date) -> list[VillageProof]:
    """What the weeks after the report prove, village by village; empty before there is a report.

    The week of the report itself does not count: it began before.
    """
    since = reported_at(case)
    if since is None:
        return []
    first = Week.of(day_of(since)).shift(1)
    asked = int(standards.get_value(WEEKS_ASKED, day_of(since)).number)
    found = []
    for place in places_of(case):
        weeks = village_weeks(ALL, place, first, Week.of(today), today) if first.monday <= today else []
        found.append(VillageProof(place, weeks, proof_of([one.standing for one in weeks], asked)))
    return found


def places_of(case: Case) -> list[Place]:
    """The villages of an order, by code."""
    ids = RectifiedWeek.objects.filter(case=case).values("place")
    return list(Place.objects.filter(pk__in=ids).order_by("code"))
