"""Taking in what a supervisor's phone says: kept word for word and done at once, or refused with the reason."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from puyou.accounts.scopes import Scope
from puyou.cases.feedback import actions as feedback
from puyou.cases.feedback import queries as categories
from puyou.cases.feedback.models import Report
from puyou.cases.supervisors import actions, payloads, phones, problems
from puyou.cases.supervisors.models import SupervisorEnvelope, SupervisorPhone
from puyou.core.periods import day_of
from puyou.core.problems import Problem
from puyou.ingest import envelopes, keys, proofs, receipts, rules
from puyou.ingest import problems as door
from puyou.ingest.envelopes import Reading
from puyou.ingest.receipts import Receipt
from puyou.places import queries as places

CHANNEL = "app"


def take_envelopes(*, phone: SupervisorPhone, raw_items: Sequence[bytes], now: datetime) -> list[Receipt]:
    """A receipt for each item, in order. Each is judged and done in a transaction of its own; repeats change nothing.

    Problem ingest.unreadable: an item is no JSON.
    """
    return [_receipt(phone, raw, now) for raw in raw_items]


def _receipt(phone: SupervisorPhone, raw: bytes, now: datetime) -> Receipt:
    try:
        reading = envelopes.read(raw)
        return _taken(phone, reading, now)
    except Problem as problem:
        return receipts.refused(envelopes.peek_id(raw), problem)
    except ValueError as error:
        raise door.UNREADABLE(reason="某一项无法解析") from error


@transaction.atomic
def _taken(phone: SupervisorPhone, reading: Reading, now: datetime) -> Receipt:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7067))", [reading.id])
    before = SupervisorEnvelope.objects.filter(pk=reading.id).first()
    if before is not None:
        if bytes(before.body) != reading.canonical or before.phone_id != phone.pk:
            raise door.CONFLICT(field="id")
        return receipts.kept(reading.id, before.received_at, first=False)
    _refuse_forged(phone, reading, now)
    _do(phone, reading, now)
    SupervisorEnvelope.objects.create(
        id=reading.id, phone=phone, kind=reading.kind, happened_at=reading.happened_at, received_at=now,
        body=reading.canonical,
    )  # fmt: skip
    return receipts.kept(reading.id, now, first=True)


def _refuse_forged(phone: SupervisorPhone, reading: Reading, now: datetime) -> None:
    """Problems: another phone's, from the future, not signed with this phone's key."""
    if reading.device != phone.device:
        raise door.WRONG_DEVICE(field="device")
    if rules.is_future(reading.happened_at, 0.0, now):
        raise door.FUTURE(field="happened_at")
    proof = proofs.read(reading.canonical)
    key = keys.read(phone.public_key) if proof and proof.key_id == phone.key_id else None
    if proof is None or proofs.judge(reading.canonical, proof, key) != proofs.VALID:
        raise problems.NOT_SIGNED()


def _do(phone: SupervisorPhone, reading: Reading, now: datetime) -> None:
    act = _ACTS.get(reading.kind)
    if act is None:
        raise door.UNKNOWN_KIND(field="kind", kind=reading.kind)
    said = payloads.read(reading.payload, payloads.KINDS[reading.kind])
    act(phone, reading, said, now)


def _result(phone: SupervisorPhone, reading: Reading, said: payloads.Result, now: datetime) -> None:
    actions.take_task_result(
        client_id=UUID(reading.id), supervisor=phone.link.supervisor, task_id=said.task,
        place=places.get_place(said.place), answers=said.answers, note=said.note or "", cost_cents=said.cost_cents,
        photos=[one.sha256 for one in said.photos], position=payloads.position_of(said.position),
        owner=phones.owner_of(phone), happened_at=reading.happened_at, now=now,
    )  # fmt: skip


def _declaration(phone: SupervisorPhone, reading: Reading, said: payloads.Declaration, now: datetime) -> None:
    actions.declare_interest(
        client_id=UUID(reading.id), supervisor=phone.link.supervisor, version=said.version, tied=said.tied,
        words=said.words, happened_at=reading.happened_at, now=now,
    )  # fmt: skip


def _report(phone: SupervisorPhone, reading: Reading, said: payloads.FreeReport, now: datetime) -> None:
    held = phone.link.supervisor
    if not phones.is_active(held, day_of(reading.happened_at)):
        raise problems.NOT_ACTIVE(name=held.name)
    filed = feedback.file_report(
        client_id=UUID(reading.id), source="supervisor",
        category=categories.get_category(Scope.system("supervisors"), said.category),
        place=places.get_place(said.place), text=said.text, photos=[one.sha256 for one in said.photos],
        position=payloads.position_of(said.position), hidden=said.hidden, reporter=held.name, contact=held.phone,
        owner=phones.owner_of(phone), happened_at=reading.happened_at, now=now,
    )  # fmt: skip
    actions.attribute_report(supervisor=held, report=filed.report, now=now)


def _confirmation(phone: SupervisorPhone, reading: Reading, said: payloads.Confirming, now: datetime) -> None:
    feedback.confirm(
        report=_own(phone, said.report), fixed=said.fixed, text=said.text, channel=CHANNEL,
        client_id=UUID(reading.id), now=now,
    )  # fmt: skip


def _rating(phone: SupervisorPhone, reading: Reading, said: payloads.Rated, now: datetime) -> None:
    feedback.rate(
        report=_own(phone, said.report), score=said.score, text=said.text, channel=CHANNEL,
        client_id=UUID(reading.id), now=now,
    )  # fmt: skip


def _withdrawal(phone: SupervisorPhone, reading: Reading, said: payloads.TakenBack, now: datetime) -> None:
    feedback.withdraw(report=_own(phone, said.report), text=said.text, now=now)


def _own(phone: SupervisorPhone, identifier: str) -> Report:
    """A report of this supervisor's. Problem: somebody else's, or none."""
    rows = phone.link.supervisor.reports.select_related("report")
    found = rows.filter(report__client_id=identifier).first()
    if found is None:
        raise problems.UNKNOWN_REPORT()
    return found.report


_ACTS: dict[str, Callable[[SupervisorPhone, Reading, Any, datetime], None]] = {
    "supervisor_result": _result,
    "supervisor_declaration": _declaration,
    "supervisor_report": _report,
    "supervisor_confirmation": _confirmation,
    "supervisor_rating": _rating,
    "supervisor_withdrawal": _withdrawal,
}
