"""Importing a file of visits: millions of rows validated, claimed, judged and counted in one transaction."""

import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db import transaction
from numpy.typing import NDArray

from puyou.core import copying, importing, progress
from puyou.core import events as log
from puyou.core.importing import Outcome, Source
from puyou.core.lanes import Lane, open_lane
from puyou.ingest import actions as ingest
from puyou.visits import batches, events, facts, months, rows, storing, taking
from puyou.visits.facts import Register
from puyou.visits.models import Intake
from puyou.visits.months import Month
from puyou.visits.rows import Sheet
from puyou.visits.taking import Judged
from puyou.visits.tallies import Tally

CAUSE = "late_visit"
NEW, SAME, CONFLICT = 0, 1, 2
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
        accepted, duplicate, tally = _take_in(sheet, counts, by, now)
        rejected = source.read - accepted - duplicate
        reject_file = importing.write_rejects(source, Path(settings.PUYOU_HOME) / "rejects", now)
        outcome = Outcome(source.read, accepted, duplicate, rejected, source.digest, reject_file)
    return Report(outcome, round(time.monotonic() - began, 3), tally.villages, *tally.span())


@transaction.atomic
def _take_in(sheet: Sheet, counts: list[tuple[int, int]], by: str, now: datetime) -> tuple[int, int, Tally]:
    with progress.step("登记编号"):
        keep, duplicate = _claim(sheet, now)
    row = _record(sheet.source, int(keep.sum()), duplicate, now)
    rows.number_reporters(sheet)
    days = np.array([day for day, _ in counts], np.int64)
    fresh = months.begin_months(days.tolist())
    storing.lock_days(days)
    register = _register(sheet)
    standing = taking.standing_days(int(days[0]), int(days[-1])) if len(days) else days
    limits = taking.limits_by_day(days)
    tally = Tally()
    with progress.step("写入打卡记录", sheet.good) as step, open_lane() as lane:
        for first, last in rows.day_chunks(counts):
            batch = rows.read_days(sheet, first, last, keep, batches.microseconds(now))
            if np.isin(batch.seen.day, standing).any():
                lane.wait()  # what stands must be read through the connection that the lane writes to
            judged = taking.judge(batch, register, standing, limits=limits)
            _count_days(tally, judged)
            _store(lane, judged, row.pk, fresh)
            step.advance(len(batch))
    with progress.step("建立索引"):
        months.attach_months(fresh)
    with progress.step("更新投递日集"):
        owners, sets, marks = tally.finish()
        served = sets.any(axis=1)
        storing.or_sets(owners[0][served], owners[1][served], sets[served])
        storing.add_marks(*owners, marks, CAUSE)
    _say(row, by, now)
    return row.accepted, duplicate, tally


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


def _store(lane: Lane, judged: Judged, intake_id: int, fresh: list[Month]) -> None:
    """Write a judged chunk in the background; masks that changed are written before it, as nobody may read then."""
    if len(judged.changed.seen):
        lane.wait()
        taking.store_changed(judged)
    tables, through = {month.table: month.days for month in fresh}, copying.borrow()
    lane.put(lambda: taking.store_new(judged, intake_id, tables, through))


def _count_days(tally: Tally, judged: Judged) -> None:
    """Add what a judged chunk touched and served."""
    places, days = taking.touched(judged)
    served = np.concatenate([judged.counting, np.zeros(len(places) - len(judged.counting), bool)])
    for day in taking.distinct_days(days):
        of_day = days == day
        tally.add(day, places[of_day], places[of_day & served])


def _say(row: Intake, by: str, now: datetime) -> None:
    data = {"read": row.read, "accepted": row.accepted, "duplicate": row.duplicate, "digest": row.file_digest}
    log.append(events.VISITS_TAKEN_IN, subject=f"intake:{row.pk}", actor=by, now=now, data=data)
