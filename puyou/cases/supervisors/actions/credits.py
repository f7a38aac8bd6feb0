"""What is written to a supervisor's credit: lessons finished, interests declared, points that are never pay."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from puyou.cases import events
from puyou.cases.feedback.models import Report
from puyou.cases.supervisors import problems
from puyou.cases.supervisors.models import (
    InterestDeclaration,
    PointEntry,
    Supervisor,
    SupervisorReport,
    TrainingCompletion,
)
from puyou.core import events as log
from puyou.core.periods import day_of
from puyou.standards import queries as standards

WORDS_LIMIT = 500
Deed = PointEntry.Deed
AWARDED = (
    (Deed.REPORT, {"report__accepted_at__isnull": False}),
    (Deed.VERIFIED, {"report__case__outcome": "verified"}),
)


def give_points(supervisor: Supervisor, deed: str, about: str, words: str, now: datetime) -> None:
    """The points of a deed by the rule of the day, once for each thing it is about."""
    points = standards.get_value(
        f"supervisor_points_{deed}", day_of(now), place_path=supervisor.place.path
    ).number
    if points:
        row = PointEntry(
            supervisor=supervisor, deed=deed, about=about, points=int(points), words=words[:100], at=now
        )
        PointEntry.objects.bulk_create([row], ignore_conflicts=True)


@transaction.atomic
def complete_training(
    *, supervisor: Supervisor, lesson: str, version: int, score: int | None, now: datetime, actor: str = ""
) -> TrainingCompletion:
    """A supervisor finished a version of a lesson; safe to repeat: the first time counts. Problem: score."""
    if score is not None and not 0 <= score <= 100:
        raise problems.BAD_SCORE()
    made, new = TrainingCompletion.objects.get_or_create(
        supervisor=supervisor, lesson=lesson, version=version, defaults={"score": score, "at": now}
    )
    if new:
        give_points(supervisor, Deed.TRAINING, f"lesson:{lesson}:{version}", f"培训 {lesson}", now)
        _say(events.TRAINING_COMPLETED, supervisor, actor, now, {"lesson": lesson, "version": version})
    return made


@transaction.atomic
def declare_interest(
    *,
    client_id: UUID,
    supervisor: Supervisor,
    version: int,
    tied: bool,
    words: str,
    happened_at: datetime,
    now: datetime,
) -> InterestDeclaration:
    """A supervisor says whether they are tied to a postal company; safe to repeat. Problem: tied without words."""
    before = InterestDeclaration.objects.filter(client_id=client_id).first()
    if before is not None:
        return before
    words = words.replace("\x00", "").strip()
    if (tied and not words) or len(words) > WORDS_LIMIT:
        raise problems.INTEREST_WORDS(limit=WORDS_LIMIT)
    made = InterestDeclaration.objects.create(
        client_id=client_id, supervisor=supervisor, version=version, tied=tied, words=words,
        happened_at=happened_at, at=now,
    )  # fmt: skip
    _say(events.INTEREST_DECLARED, supervisor, "", now, {"version": version, "tied": tied})
    return made


def attribute_report(*, supervisor: Supervisor, report: Report, now: datetime) -> SupervisorReport:
    """Remember which supervisor a report came from, apart from the case; no event names it. Safe to repeat."""
    made, _ = SupervisorReport.objects.get_or_create(
        report=report, defaults={"supervisor": supervisor, "at": now}
    )
    return made


@transaction.atomic
def award_report_points(*, now: datetime) -> int:
    """Points for supervisors' reports that were accepted, and for those made good and verified; safe to repeat."""
    given = 0
    for deed, condition in AWARDED:
        rows = SupervisorReport.objects.filter(**condition).select_related("supervisor__place", "report")
        held = set(PointEntry.objects.filter(deed=deed).values_list("supervisor", "about"))
        for row in rows:
            about = f"report:{row.report_id}"
            if (row.supervisor_id, about) not in held:
                give_points(row.supervisor, deed, about, row.report.tracking, now)
                given += 1
    return given


def _say(kind: str, supervisor: Supervisor, actor: str, now: datetime, data: dict[str, object]) -> None:
    subject = f"supervisor:{supervisor.pk}"
    log.append(kind, subject=subject, actor=actor or subject, now=now, data=data)
