"""A courier's day as the desk reads it: visit after visit, with the way and the time between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from puyou.core import formats
from puyou.reviews import rules
from puyou.reviews.standing import File
from puyou.scrutiny.models import Score
from puyou.visits.models import Visit
from puyou.visits.rules import distance_m


@dataclass(frozen=True)
class Leg:
    """One visit of the day and how it was reached; None where it cannot be told."""

    visit: Visit
    here: bool
    way_m: float | None
    minutes: int | None
    score: int | None = None
    state: str = ""
    choice: str = ""  # what the form sends for this visit; empty when no step may be taken
    chosen: bool = False

    @property
    def speed(self) -> str:
        """The speed that the way and the time ask for."""
        if self.way_m is None or self.minutes is None or self.way_m < 50:
            return ""
        return f"{self.way_m * 0.06 / max(self.minutes, 1):.0f} 公里/小时"

    @property
    def way(self) -> str:
        return "" if self.way_m is None else formats.metres(self.way_m)


def of_day(
    visits: Sequence[Visit],
    here: UUID | None,
    scores: Mapping[UUID, Score],
    below: int,
    files: Mapping[UUID, File] | None = None,
    person: int = 0,
) -> list[Leg]:
    """The legs of visits in the order of time. With ``files`` each says what may be done about it."""
    legs, before = [], None
    for visit in visits:
        file = files[visit.pk] if files else None
        steps = rules.steps_for(person, file.standing) if file else ()
        score = scores[visit.pk].score if visit.pk in scores else None
        low = score is not None and score < below
        first = bool(file) and (rules.CONFIRM in steps or (low and not (file and file.reviews)))
        legs.append(
            Leg(
                visit, visit.pk == here, _way(before, visit), _minutes(before, visit), score,
                state_of(file) if file else "", f"{visit.pk}:{file.mark}" if steps and file else "",
                first and bool(steps),
            )
        )  # fmt: skip
        before = visit
    return legs


def state_of(file: File) -> str:
    """Where a visit stands at the desk, in a word."""
    if file.taken_back:
        return "投递员已撤回"
    if file.proposal:
        return f"拟不予认可（{file.proposal.proposed_by.name}）"
    if file.appeal:
        return "申诉待决定"
    if file.reviews:
        return file.reviews[-1].get_decision_display()
    if file.question:
        return "已询问"
    return "已答复" if file.answers else "未审核"


def _way(before: Visit | None, visit: Visit) -> float | None:
    if before is None or before.lon is None or before.lat is None or visit.lon is None or visit.lat is None:
        return None
    return distance_m(before.lon, before.lat, visit.lon, visit.lat)


def _minutes(before: Visit | None, visit: Visit) -> int | None:
    return None if before is None else round((visit.happened_at - before.happened_at).total_seconds() / 60)
