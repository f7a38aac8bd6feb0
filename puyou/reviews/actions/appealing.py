"""Appeals: taken in from phones, decided by an officer who took part in neither step of the rejection."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from puyou.accounts.models import User
from puyou.core import events as log
from puyou.core import formats
from puyou.core.periods import day_of
from puyou.core.problems import Problem
from puyou.ingest import actions as ingest
from puyou.ingest.actions import Taken
from puyou.places import queries as places
from puyou.reviews import events, phone, photos, problems, rules, standing, validators
from puyou.reviews.actions.opening import Seen, open_files, required, say
from puyou.reviews.models import Appeal, AppealDecision
from puyou.visits import actions as visits
from puyou.visits.models import Review, Visit

ACTOR = "system:reviews"


@transaction.atomic
def take_in_appeals(*, limit: int = 500, now: datetime) -> int:
    """Take waiting envelopes of kind ``appeal`` in; what is not one's own, not rejected or too late is quarantined.

    Returns how many left the queue; each is taken exactly once.
    """
    taken = ingest.take_pending("appeal", limit)
    refusals: list[tuple[str, Problem]] = []
    for each in taken:
        try:
            _take_in(each, now)
        except Problem as problem:
            refusals.append((str(each.id), problem))
    if refusals:
        ingest.quarantine(refusals=refusals, by=ACTOR, now=now)
    return len(taken)


def _take_in(taken: Taken, now: datetime) -> None:
    said = validators.read_appeal(taken.envelope.get("payload"))
    visit = Visit.objects.select_for_update().filter(pk=said.about).first()
    if visit is None or visit.courier_id != taken.courier_id:
        raise problems.NOT_YOURS()
    file = standing.file_of(visit)
    latest = file.reviews[-1] if file.reviews else None
    if latest is None or latest.decision != Review.Decision.REJECTED:
        raise problems.NOT_REJECTED()
    if Appeal.objects.filter(review=latest).exists():
        raise problems.ALREADY_APPEALED()
    _require_in_time(taken, latest, visit)
    Appeal.objects.create(
        id=taken.id, visit_id=visit.pk, day=visit.day, place_id=visit.place_id, courier=file.courier, review=latest,
        text=said.text, photos=list(said.photos), happened_at=taken.happened_at, received_at=taken.received_at,
    )  # fmt: skip
    photos.mention(taken, photos.of_appeal(taken.id), now)
    photos.hold([standing.file_of(visit)], photos.APPEALED, ACTOR, now)
    log.append(
        events.APPEAL_FILED, subject=f"visit:{visit.pk}", actor=f"courier:{taken.courier_id}", now=now,
        data={"envelope": str(taken.id), "review": latest.pk, "photos": len(said.photos)},
    )  # fmt: skip


def _require_in_time(taken: Taken, rejection: Review, visit: Visit) -> None:
    """By the phone's own time, set right by its known skew: who appealed in time but without signal is heard."""
    due = phone.appealable_until(rejection, places.get_places([visit.place_id])[visit.place_id].path)
    said_on = day_of(taken.happened_at - timedelta(seconds=taken.skew_seconds or 0.0))
    if not rules.is_in_time(said_on, due):
        raise problems.TOO_LATE(due=formats.day(due))


@transaction.atomic
def decide_appeal(
    *, doubtful: Sequence[Visit], upheld: bool, ground: str, seen: Seen | None = None, by: User, now: datetime
) -> int:
    """Decide the waiting appeals of visits. Upheld restores the count; either way the phone hears the ground.

    Problems: as ``open_files``; no ground, no appeal, took part in the rejection.
    """
    step = rules.UPHOLD if upheld else rules.DISMISS
    files = [file for file, _ in open_files(visits=doubtful, step=step, seen=seen, by=by)]
    ground = required(ground, step)
    for file in files:
        assert file.appeal is not None  # the step would not have been open otherwise
        AppealDecision.objects.create(appeal=file.appeal, upheld=upheld, ground=ground, by=by, at=now)
        if upheld:
            visits.review_visit(
                visit=file.visit, decision=Review.Decision.ACCEPTED, ground=ground, by=by, now=now
            )
    photos.let_go(files, f"user:{by.pk}", now)
    say(events.APPEAL_DECIDED, files, by, now, upheld=upheld, ground=ground)
    return len(files)
