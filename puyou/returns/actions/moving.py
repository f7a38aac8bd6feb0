"""Moving a return from state to state: submit, sign, check up the levels, return, approve, restate; each is a row."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from puyou.accounts.models import Organisation, User
from puyou.accounts.scopes import Scope
from puyou.core import events as log
from puyou.core.problems import Problem
from puyou.indicators import actions as indicators
from puyou.indicators.models import ReturnItem
from puyou.indicators.periods import Period
from puyou.returns import events, judging, knowing, powers, problems, reading, rules
from puyou.returns.actions.filling import held, require_writable
from puyou.returns.models import DueReturn, ReturnStep, Submission

GROUND_LIMIT = 300


@transaction.atomic
def submit_return(*, due_id: int, expected: int, scope: Scope, by: User, now: datetime) -> DueReturn:
    """Hand the draft to the person in charge. Problem: errors, or warnings without a word."""
    due = _held(due_id, expected, "submit")
    require_writable(due, scope)
    _refuse_faults(due)
    due.filled_by = by
    return _move(due, "submit", rules.SIGNING, None, scope, by, now)


def _refuse_faults(due: DueReturn) -> None:
    findings = knowing.findings_of(due, knowing.form_of(due.version))
    if left := judging.unexplained(findings, due.explanations):
        raise problems.HAS_FAULTS(count=len(left), first=left[0].says)


@transaction.atomic
def recall_return(*, due_id: int, expected: int, scope: Scope, by: User, now: datetime) -> DueReturn:
    """Take it back before it is signed."""
    due = _held(due_id, expected, "recall")
    powers.require_filling(scope, due)
    return _move(due, "recall", _written_again(due), None, scope, by, now)


@transaction.atomic
def sign_return(*, due_id: int, expected: int, scope: Scope, by: User, now: datetime) -> DueReturn:
    """A second person of the office signs, and it is handed in. Problem: the same person; errors found meanwhile."""
    due = _held(due_id, expected, "sign")
    powers.require_filling(scope, due)
    if due.filled_by_id == by.pk or due.filled_by is None:
        raise problems.SAME_PERSON()
    _refuse_faults(due)
    made = Submission.objects.create(
        due=due,
        number=due.submissions.count() + 1,
        data=due.data,
        explanations=due.explanations,
        filled_by=due.filled_by,
        signed_by=by,
        signed_at=now,
        ground=due.ground,
        digest=_digest(due),
    )
    due.first_signed_at = due.first_signed_at or now
    due.level = rules.first_level(knowing.form_of(due.version).route, due.place.level)
    if due.level is None:
        return _approve(due, "sign", made, scope, by, now)
    return _move(due, "sign", rules.WAITING, made, scope, by, now)


def _digest(due: DueReturn) -> str:
    said = [due.form.code, due.filler_id, due.period, due.data, due.explanations]
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@transaction.atomic
def approve_return(*, due_id: int, expected: int, scope: Scope, by: User, now: datetime) -> DueReturn:
    """Pass it on to the next level, or at the last let its values count. Nobody checks what they filled or signed."""
    due = _held(due_id, expected, "approve")
    powers.require_checking(scope, due)
    last = due.submissions.order_by("-number").first()
    assert last is not None and due.level is not None  # it waits
    if by.pk in (last.filled_by_id, last.signed_by_id):
        raise problems.OWN_RETURN()
    following = rules.following(knowing.form_of(due.version).route, due.level)
    if following is None:
        return _approve(due, "approve", last, scope, by, now)
    due.level = following
    return _move(due, "approve", rules.WAITING, last, scope, by, now)


def approve_many(
    *, chosen: Iterable[tuple[int, int]], scope: Scope, by: User, now: datetime
) -> tuple[int, list[tuple[int, str]]]:
    """Approve several, each by itself: how many, and of which id what stood in the way. ``chosen``: id and turn."""
    asked = list(chosen)
    if not asked:
        raise problems.NOTHING_CHOSEN()
    done, refused = 0, []
    for due_id, expected in asked:
        try:
            approve_return(due_id=due_id, expected=expected, scope=scope, by=by, now=now)
            done += 1
        except Problem as problem:
            refused.append((due_id, problem.message))
    return done, refused


@transaction.atomic
def return_return(
    *, due_id: int, expected: int, ground: str, scope: Scope, by: User, now: datetime
) -> DueReturn:
    """Send it back with the ground: by who checks it, or before signing by the person in charge."""
    due = _held(due_id, expected, "return")
    if due.status == rules.WAITING:
        powers.require_checking(scope, due)
    else:
        powers.require_filling(scope, due)
    last = due.submissions.order_by("-number").first() if due.status == rules.WAITING else None
    return _move(due, "return", rules.RETURNED, last, scope, by, now, _ground(ground))


@transaction.atomic
def restate_return(
    *, due_id: int, expected: int, ground: str, scope: Scope, by: User, now: datetime
) -> DueReturn:
    """Open what was approved again, with the ground; what it said counts until the new one is approved."""
    due = _held(due_id, expected, "restate")
    due.level = 0
    if not powers.may_fill(scope, due):
        powers.require_checking(scope, due)
    due.level, due.ground = None, _ground(ground)
    return _move(due, "restate", rules.RESTATING, None, scope, by, now, due.ground)


def _written_again(due: DueReturn) -> str:
    if due.ground:
        return rules.RESTATING
    return rules.RETURNED if due.submissions.exists() else rules.OPEN


def _ground(text: str) -> str:
    ground = text.strip()[:GROUND_LIMIT]
    if not ground:
        raise problems.NO_GROUND()
    return ground


def _held(due_id: int, expected: int, verb: str) -> DueReturn:
    due = held(due_id)
    if not rules.may(verb, due.status):
        raise problems.WRONG_STATE(state=rules.NAMES[due.status], verb=rules.VERBS[verb][0])
    if due.turn != expected:
        step = due.steps.order_by("-pk").first()
        raise problems.TURNED(what=f"现在是“{rules.NAMES[due.status]}”" if step else "有人保存了草稿")
    return due


def _approve(due: DueReturn, verb: str, last: Submission, scope: Scope, by: User, now: datetime) -> DueReturn:
    form = knowing.form_of(due.version)
    values = reading.numbers(form, due.data)
    items = ReturnItem.objects.in_bulk(form.items, field_name="code")
    operator = due.filler if due.filler.kind == Organisation.Kind.OPERATOR else None
    label = " ".join(part for part in (form.number, f"《{form.name}》") if part)
    for cell in form.cells():
        value = values.get(cell.code)
        if cell.item and value is not None:
            indicators.report_value(
                item=items[cell.item],
                place=due.place,
                period=Period.parse(due.period),
                value=value,
                source=f"{label}，{due.filler.name}第 {last.number} 次报送",
                ground=due.ground or f"{form.name}审核通过",
                operator=operator,
                address=f"{reverse('return', args=[due.pk])}#{cell.code}",
                by=scope.name,
                now=now,
            )
    due.level, due.ground = None, ""
    return _move(due, verb, rules.APPROVED, last, scope, by, now)


def _move(
    due: DueReturn,
    verb: str,
    status: str,
    submission: Submission | None,
    scope: Scope,
    by: User,
    now: datetime,
    ground: str = "",
) -> DueReturn:
    before, due.status, due.turn = due.status, status, due.turn + 1
    if status != rules.WAITING:
        due.level = None
    due.save(update_fields=["status", "level", "turn", "ground", "filled_by", "first_signed_at"])
    ReturnStep.objects.create(
        due=due,
        verb=verb,
        status=status,
        level=due.level,
        submission=submission,
        ground=ground,
        by=by,
        at=now,
    )
    data = {"from": before, "to": status, "level": due.level, "ground": ground}
    log.append(events.RETURN_MOVED, subject=f"return:{due.pk}", actor=scope.name, now=now, data=data)
    return due
