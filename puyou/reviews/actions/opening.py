"""What every step at the desk begins with: the visits held, the person's right to take it, nothing changed since."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from puyou.accounts.models import User
from puyou.accounts.scopes import scope_for
from puyou.core import events as log
from puyou.core.problems import Problem
from puyou.places import queries as places
from puyou.places.models import Place
from puyou.reviews import problems, rules, standing
from puyou.reviews.models import Question
from puyou.reviews.standing import File
from puyou.visits import problems as visit_problems
from puyou.visits.models import Visit
from puyou.visits.reviewing import PERMISSION

Seen = Mapping[UUID, str]  # the mark of each visit's file as the person saw it


def open_files(
    *, visits: Iterable[Visit], step: str, seen: Seen | None, by: User
) -> list[tuple[File, Place]]:
    """The files of visits, locked, after making sure that ``by`` may take ``step`` about each of them.

    Problems: nothing chosen, out of scope, own visit, changed since it was seen, a step that does not fit.
    """
    held = standing.lock(visits)
    if not held:
        raise problems.NOTHING_CHOSEN()
    villages = places.get_places({visit.place_id for visit in held})
    scope, own, files = scope_for(by), standing.own_couriers(by), standing.files_of(held)
    for visit in held:
        scope.require(villages[visit.place_id].path, PERMISSION)
        if visit.courier_id in own:
            raise visit_problems.OWN_VISIT()
    for visit in held:
        _require_unchanged(files[visit.pk], villages[visit.place_id], seen)
        _require_fit(files[visit.pk], villages[visit.place_id], step, by)
    return [(files[visit.pk], villages[visit.place_id]) for visit in held]


def _require_unchanged(file: File, village: Place, seen: Seen | None) -> None:
    if seen is not None and seen.get(file.visit.pk) != file.mark:
        raise problems.CHANGED(village=village.name, what=file.latest)


def _require_fit(file: File, village: Place, step: str, by: User) -> None:
    if step not in rules.steps_for(by.pk, file.standing):
        raise _why_not(file, village.name, step, by)


def _why_not(file: File, village: str, step: str, by: User) -> Problem:
    """Why a step does not fit, in words."""
    if file.taken_back:
        return problems.TAKEN_BACK(village=village)
    if step in (rules.CONFIRM, rules.RETURN, rules.WITHDRAW):
        if file.proposal is None:
            return problems.NOT_PROPOSED(village=village)
        return problems.NOT_THE_PROPOSER() if step == rules.WITHDRAW else problems.SAME_PERSON()
    if file.proposal is not None:
        return problems.PROPOSED(village=village, name=file.proposal.proposed_by.name)
    if step in (rules.UPHOLD, rules.DISMISS):
        return problems.TOOK_PART() if file.appeal else problems.NOT_APPEALED(village=village)
    return _why_not_first(file, village, step, by)


def _why_not_first(file: File, village: str, step: str, by: User) -> Problem:
    if not file.visit.rejected:
        return problems.NO_COURIER(village=village)
    if step != rules.ACCEPT:
        return problems.REJECTED(village=village, verb="询问" if step == rules.ASK else "提出")
    return problems.TOOK_PART() if by.pk in file.took_part else problems.APPEALED(village=village)


def required(text: str, step: str) -> str:
    """What was written with a step, trimmed; Problem when it is needed and missing."""
    text = text.strip()[:300]
    if not text and rules.STEPS[step].needs:
        raise problems.NO_TEXT(what=rules.STEPS[step].needs)
    return text


def close_questions(files: Sequence[File], now: datetime) -> None:
    """A decision closes what was still asked about the visits, so that the phone asks no longer."""
    ids = [file.visit.pk for file in files]
    Question.objects.filter(visit_id__in=ids, closed_at=None).update(closed_at=now)


def say(event: str, files: Sequence[File], by: User, now: datetime, **data: object) -> None:
    """One event for a step about one visit or many."""
    ids = [str(file.visit.pk) for file in files]
    subject = f"visit:{ids[0]}" if len(ids) == 1 else f"visits:{len(ids)}"
    log.append(event, subject=subject, actor=f"user:{by.pk}", now=now, data={"visits": ids, **data})
