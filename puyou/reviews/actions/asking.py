"""Asking the courier, and taking the phone's answers in."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from puyou.accounts.models import User
from puyou.core import events as log
from puyou.core.problems import Problem
from puyou.ingest import actions as ingest
from puyou.ingest.actions import Taken
from puyou.reviews import events, photos, problems, rules, standing, validators
from puyou.reviews.actions.opening import Seen, open_files, required, say
from puyou.reviews.models import Answer, Question
from puyou.visits.models import Visit

ACTOR = "system:reviews"


@transaction.atomic
def ask_courier(
    *, doubtful: Sequence[Visit], text: str, seen: Seen | None = None, by: User, now: datetime
) -> Question:
    """Ask one courier one question about one visit or many; returns the row that the phone will show.

    Problems: as ``open_files``; no text, nobody to ask, several couriers.
    """
    opened = open_files(visits=doubtful, step=rules.ASK, seen=seen, by=by)
    text, bundle = required(text, rules.ASK), uuid.uuid4()
    if len({file.visit.courier_id for file, _ in opened}) > 1:
        raise problems.SEVERAL_COURIERS()
    made = [
        Question.objects.create(
            visit_id=file.visit.pk, day=file.visit.day, place=village, courier=file.courier, text=text, bundle=bundle,
            asked_by=by, asked_at=now,
        )
        for file, village in sorted(opened, key=lambda one: one[0].visit.happened_at)
    ]  # fmt: skip
    say(events.COURIER_ASKED, [file for file, _ in opened], by, now, question=made[0].pk, text=text)
    return made[0]


@transaction.atomic
def take_in_answers(*, limit: int = 500, now: datetime) -> int:
    """Take waiting envelopes of kind ``answer`` in; what answers no question of the courier's is quarantined.

    Returns how many left the queue; each is taken exactly once. An answer that comes after the decision is kept too.
    """
    taken = ingest.take_pending("answer", limit)
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
    said = validators.read_answer(taken.envelope.get("payload"))
    question = Question.objects.select_for_update().filter(pk=said.about, courier=taken.courier_id).first()
    if question is None:
        raise problems.UNKNOWN_QUESTION()
    Answer.objects.create(
        id=taken.id, question=question, text=said.text, photos=list(said.photos), happened_at=taken.happened_at,
        received_at=taken.received_at,
    )  # fmt: skip
    _keep_photos(taken, question, now)
    Question.objects.filter(bundle=question.bundle, closed_at=None).update(closed_at=now)
    log.append(
        events.QUESTION_ANSWERED, subject=f"question:{question.pk}", actor=f"courier:{taken.courier_id}", now=now,
        data={"visit": str(question.visit_id), "envelope": str(taken.id), "photos": len(said.photos)},
    )  # fmt: skip


def _keep_photos(taken: Taken, question: Question, now: datetime) -> None:
    """Mention the answer's photos, and hold them where a decision rests on them already."""
    photos.mention(taken, photos.of_answer(taken.id), now)
    files = standing.files_of_bundles([question.bundle])
    photos.hold([file for file in files if not photos.is_settled(file, now)], photos.PROPOSED, ACTOR, now)
