"""The photos of answers and appeals, told to evidence; and what a decision rests on, held back from deletion."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from puyou.core.periods import day_of
from puyou.evidence import actions as evidence
from puyou.evidence import queries as evidence_queries
from puyou.ingest.actions import Taken
from puyou.places import queries as places
from puyou.reviews import phone, standing
from puyou.reviews.standing import File
from puyou.visits.mentioning import photo_mentions
from puyou.visits.models import Review, Visit

PROPOSED, APPEALED = "拟不予认可，待复核或申诉期满", "申诉审理中"
ACTOR = "system:reviews"


def of_visit(visit: UUID) -> str:
    """A visit as evidence names it."""
    return f"visit:{visit}"


def of_answer(answer: UUID) -> str:
    """An answer as evidence names it."""
    return f"answer:{answer}"


def of_appeal(appeal: UUID) -> str:
    """An appeal as evidence names it."""
    return f"appeal:{appeal}"


def mention(taken: Taken, subject: str, now: datetime) -> int:
    """Note which photos an answer or an appeal brought; the bytes come before or after."""
    return evidence.mention_files(mentions=list(photo_mentions(taken, subject)), now=now)


def subjects_of(file: File) -> list[str]:
    """Everything about a visit that may have photos."""
    answers, appeals = file.answers, file.appeals
    return [
        of_visit(file.visit.pk),
        *(of_answer(each.pk) for each in answers),
        *(of_appeal(each.pk) for each in appeals),
    ]


def hold(files: Iterable[File], ground: str, by: str, now: datetime) -> None:
    """Keep what a decision about visits rests on, beyond its time; what is held already stays held."""
    for subject in sorted({subject for file in files for subject in subjects_of(file)}):
        evidence.hold_files(subject=subject, ground=ground, by=by, now=now)


def release_what_is_settled(files: Sequence[File], by: str, now: datetime) -> int:
    """End the holds of visits about which nothing is open any more; an answer about others that are open stays held."""
    asked = {answer.question.bundle for file in files for answer in file.answers}
    bound = standing.files_of_bundles(asked)
    kept = {subject for file in bound if not is_settled(file, now) for subject in subjects_of(file)}
    ended = {subject for file in files if is_settled(file, now) for subject in subjects_of(file)}
    return sum(evidence.release_files(subject=subject, by=by, now=now) for subject in sorted(ended - kept))


def let_go(files: Iterable[File], by: str, now: datetime) -> None:
    """End the holds that a step just taken about these visits has settled; how they stand is read anew."""
    release_what_is_settled(list(standing.files_of([file.visit for file in files]).values()), by, now)


def is_settled(file: File, now: datetime) -> bool:
    """Whether no proposal is open, no appeal waits, and no rejection can be appealed any more."""
    if file.proposal or file.appeal:
        return False
    latest = file.reviews[-1] if file.reviews else None
    if latest is None or latest.decision != Review.Decision.REJECTED:
        return True
    if any(appeal.review_id == latest.pk for appeal in file.appeals):
        return True
    path = places.get_places([file.visit.place_id])[file.visit.place_id].path
    return day_of(now) > phone.appealable_until(latest, path)


@transaction.atomic
def release_settled(*, now: datetime) -> int:
    """End the holds of rejections whose term for an appeal has passed; how many."""
    held = [subject.removeprefix("visit:") for subject in evidence_queries.held_subjects("visit:")]
    visits = standing.lock(Visit.objects.filter(pk__in=held)) if held else []
    files = list(standing.files_of(visits).values())
    return release_what_is_settled(files, ACTOR, now)
