"""Accepting a batch: judge each item alone, store what is new in one transaction, answer each item."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from puyou.core.problems import Problem
from puyou.ingest import envelopes, problems, receipts, rules, storing, validators
from puyou.ingest.contacts import Contact
from puyou.ingest.envelopes import Reading
from puyou.ingest.keeping import Batch, keep_batch
from puyou.ingest.receipts import Receipt
from puyou.ingest.storing import Known
from puyou.ingest.tokens import Bearer


class Doubt(NamedTuple):
    """A readable envelope that would be refused today; if it was accepted once, that stands."""

    reading: Reading
    problem: Problem


Outcome = Reading | Doubt | Receipt


def accept_envelopes(
    *,
    raw_items: Sequence[bytes],
    token: Bearer,
    now: datetime,
    device_time: datetime | None = None,
    app: int | None = None,
) -> list[Receipt]:
    """Take in raw JSON envelopes from a device: a receipt per item, in order, valid once this returns.

    Everything new is stored in one transaction, maybe with what other phones sent at once, and said by one event;
    refused items leave no trace.
    ``device_time`` is what the phone's clock says at sending, ``app`` its app's version.
    Problem ingest.unreadable: an item is no JSON.
    """
    skew = rules.estimate_skew(device_time, now, token.skew_seconds)
    outcomes = _judge([_read(raw, token) for raw in raw_items], skew, now)
    candidates: dict[str, Reading] = {}
    for outcome in outcomes:
        if isinstance(outcome, Reading):
            candidates.setdefault(outcome.id, outcome)
    known = keep_batch(Batch(list(candidates.values()), token, Contact(skew, app), now))
    doubtful = {outcome.reading.id for outcome in outcomes if isinstance(outcome, Doubt)}
    known |= storing.look_up(doubtful - known.keys())
    return list(_answers(outcomes, known))


def _read(raw: bytes, token: Bearer) -> Reading | Receipt:
    try:
        reading = envelopes.read(raw)
        if reading.device != token.device_identifier:
            raise problems.WRONG_DEVICE(field="device")
    except Problem as problem:
        return receipts.refused(envelopes.peek_id(raw), problem)
    except ValueError as error:
        raise problems.UNREADABLE(reason="某一项无法解析") from error
    return reading


def _judge(outcomes: list[Reading | Receipt], skew: float, now: datetime) -> list[Outcome]:
    readings = [each for each in outcomes if isinstance(each, Reading)]
    said = iter(validators.check([each.kind for each in readings], [each.payload for each in readings]))
    return [_weigh(each, next(said), skew, now) if isinstance(each, Reading) else each for each in outcomes]


def _weigh(reading: Reading, problem: Problem | None, skew: float, now: datetime) -> Reading | Doubt:
    if rules.is_future(reading.happened_at, skew, now):
        problem = problems.FUTURE(field="happened_at")
    return reading if problem is None else Doubt(reading, problem)


def _answers(outcomes: list[Outcome], known: dict[str, Known]) -> Iterable[Receipt]:
    told: set[str] = set()
    for outcome in outcomes:
        if isinstance(outcome, Receipt):
            yield outcome
            continue
        reading = outcome.reading if isinstance(outcome, Doubt) else outcome
        held = known.get(reading.id)
        if held is not None and held.digest == reading.digest:
            yield receipts.kept(reading.id, held.received_at, first=held.fresh and reading.id not in told)
            told.add(reading.id)
        elif isinstance(outcome, Doubt):
            yield receipts.refused(reading.id, outcome.problem)
        else:
            yield receipts.refused(reading.id, problems.CONFLICT(field="id"))
