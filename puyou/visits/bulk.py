"""Importing a file of visits: millions of rows validated, claimed, judged and counted in one transaction."""

import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db import transaction
from numpy.typing import NDArray

from puyou.core import events as log
from puyou.core import importing, progress
from puyou.core.importing import Outcome, Source
from puyou.ingest import actions as ingest
from puyou.visits import batches, events, facts, months, rows, storing, taking
from puyou.visits.facts import Register
from puyou.visits.models import Intake
from puyou.visits.months import Month
from puyou.visits.rows import Sheet

CAUSE = "late_visit"
NEW, SAME, CONFLICT = 0, 1, 2
DAY_WIDTH = 1 << 20
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Report:
    """What became of a file, and what it touched: villages and the first and last day of its accepted visits."""

    outcome: Outcome
    seconds: float
    villages: int
    first_day: str | None
    last_day: str | None


def import_visits(path: str | Path, *, by: str, now: datetime) -> Report:
    """Import a CSV, Parquet or xlsx file of visits (columns: rows.REQUIRED and rows.OPTIONAL).

    All or nothing: accepted rows, identities, day sets, word for the judge and the event visits.taken_in stand or fall
    together; importing the same file again gives duplicates only. Bad rows go to a CSV ``row, column, code, message``
    under PUYOU_HOME/rejects. Problems: those of core.importing. Judging is the caller's next step.
    """
    began = time.monotonic()
    with importing.open_source(path, rows.REQUIRED, rows.OPTIONAL) as source:
        with progress.step("核对各行"):
            sheet = rows.validate(source, now)
        counts = rows.day_counts(sheet)
        accepted, duplicate, touched = _take_in(sheet, counts, by, now)
        rejected = source.read - accepted - duplicate
        reject_file = importing.write_rejects(source, Path(settings.PUYOU_HOME) / "rejects", now)
        outcome = Outcome(source.read, accepted, duplicate, rejected, source.digest, reject_file)
    places, days = _split(touched)
    first, last = (
        (storing.day_of_number(int(days[i])).isoformat() for i in (days.argmin(), days.argmax()))
        if len(days)
        else (None, None)
    )
    return Report(outcome, round(time.monotonic() - began, 3), len(np.unique(places)), first, last)


@transaction.atomic
def _take_in(sheet: Sheet, counts: list[tuple[int, int]], by: str, now: datetime) -> tuple[int, int, Ints]:
    with progress.step("登记编号"):
        keep, duplicate = _claim(sheet, now)
    row = _record(sheet.source, int(keep.sum()), duplicate, now)
    rows.number_reporters(sheet)
    days = np.array([day for day, _ in counts], np.int64)
    fresh = months.begin_months(days.tolist())
    storing.lock_days(days)
    register = _register(sheet)
    standing = taking.standing_days(int(days[0]), int(days[-1])) if len(days) else days
    served: list[Ints] = []
    touched: list[Ints] = []
    with progress.step("写入打卡记录", sheet.good) as step:
        for first, last in rows.day_chunks(counts):
            done = _store_days(sheet, (first, last), keep, register, standing, row.pk, now, fresh)
            served.append(done[0])
            touched.append(done[1])
            step.advance(len(done[0]))
    with progress.step("建立索引"):
        months.attach_months(fresh)
    with progress.step("更新投递日集"):
        every = _distinct(touched)
        storing.or_day_sets(*_split(_distinct(served)))
        storing.add_changes(*_split(every), CAUSE)
    _say(row, by, now)
    return row.accepted, duplicate, every


def _claim(sheet: Sheet, now: datetime) -> tuple[NDArray[np.bool_], int]:
    """Claim every good row's id; returns which row numbers are new, and how many are duplicates."""
    keep = np.zeros(sheet.last_row + 1, bool)
    duplicate = 0
    conflicts = []
    for numbers, ids, digests in rows.identities(sheet):
        status = ingest.claim_identities(ids, digests, now)
        keep[numbers[status == NEW]] = True
        duplicate += int((status == SAME).sum())
        conflicts.append(numbers[status == CONFLICT])
    rows.reject_conflicts(sheet, np.concatenate(conflicts) if conflicts else np.zeros(0, np.int64))
    return keep, duplicate


def _record(source: Source, accepted: int, duplicate: int, now: datetime) -> Intake:
    return Intake.objects.create(
        kind="file",
        at=now,
        file_name=source.path.name[:200],
        file_digest=source.digest,
        read=source.read,
        accepted=accepted,
        duplicate=duplicate,
        rejected=source.read - accepted - duplicate,
    )


def _register(sheet: Sheet) -> Register:
    def numbers(sql: str) -> Ints:
        return sheet.database.sql(sql).to_arrow_table().column(0).to_numpy()  # type: ignore[no-any-return]

    return facts.read_register(
        numbers("SELECT DISTINCT place_id FROM clean"),
        numbers("SELECT number FROM courier_numbers"),
        numbers("SELECT number FROM device_numbers"),
    )


def _store_days(
    sheet: Sheet,
    days: tuple[int, int],
    keep: NDArray[np.bool_],
    register: Register,
    standing: Ints,
    intake_id: int,
    now: datetime,
    fresh: list[Month],
) -> tuple[Ints, Ints]:
    """Judge and store some whole days; returns keys of the village-days that are served, and of those touched."""
    batch = rows.read_days(sheet, *days, keep, batches.microseconds(now))
    if not len(batch):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    judged = taking.judge(batch, register, standing)
    taking.store(judged, intake_id, {month.table: month.days for month in fresh})
    seen = batch.seen
    counting = judged.counting
    return _keys(seen.place[counting], seen.day[counting]), _keys(*taking.touched(judged))


def _keys(places: Ints, days: Ints) -> Ints:
    return np.unique(places * DAY_WIDTH + days + DAY_WIDTH // 2)


def _split(keys: Ints) -> tuple[Ints, Ints]:
    places, days = np.divmod(keys, DAY_WIDTH)
    return places, days - DAY_WIDTH // 2


def _distinct(parts: list[Ints]) -> Ints:
    return np.unique(np.concatenate(parts)) if parts else np.zeros(0, np.int64)


def _say(row: Intake, by: str, now: datetime) -> None:
    data = {"read": row.read, "accepted": row.accepted, "duplicate": row.duplicate, "digest": row.file_digest}
    log.append(events.VISITS_TAKEN_IN, subject=f"intake:{row.pk}", actor=by, now=now, data=data)
