"""Importing duties from a file, whole or not at all; refused rows do not stop the others."""

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connection, transaction
from numpy.typing import NDArray

from puyou.core import events as log
from puyou.core.importing import Outcome, open_source, write_rejects
from puyou.core.periods import day_of
from puyou.registry import events
from puyou.registry.actions.columns import insert_columns
from puyou.registry.actions.duty_files import COLUMNS, count_fates, sort_rows
from puyou.registry.actions.floors import below_floor

LOCK = "SELECT pg_advisory_xact_lock(hashtext('registry.duties'))"
VILLAGES = """
INSERT INTO registry_village (place_id, access_mode) SELECT unnest(%s::bigint[]), '' ON CONFLICT DO NOTHING
"""
Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class DutyImport(Outcome):
    """What became of a file of duties, and what must be judged again because of it.

    ``place_ids`` are the villages with new duties, ``first_day`` the earliest day any of them is in force.
    """

    below_floor: int = 0
    first_day: date | None = None
    place_ids: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))

    def report(self) -> dict[str, Any]:
        """The figures that the command prints."""
        names = ("read", "accepted", "duplicate", "rejected", "reject_file", "below_floor", "first_day")
        figures = {name: getattr(self, name) for name in names}
        return figures | {"villages": len(self.place_ids), "sha256": self.digest}


@transaction.atomic
def import_duties(path: str | Path, *, by: str, now: datetime) -> DutyImport:
    """Import a CSV, Parquet or xlsx file: ``village_code, area_class, times, period, from, to``.

    The same row again is a duplicate; other content for the same village and ``from`` is a reject. A duty
    below the floor of its area class is loaded and marked. Judges no week: that is the caller's next step.
    """
    with open_source(path, COLUMNS) as source, connection.cursor() as cursor:
        cursor.execute(LOCK)
        fresh = sort_rows(source)
        fates = count_fates(source)
        below = below_floor(fresh, day_of(now))
        insert_duties(fresh, below)
        outcome = DutyImport(
            read=source.read,
            accepted=fates.get("new", 0),
            duplicate=fates.get("duplicate", 0),
            rejected=source.rejected,
            digest=source.digest,
            reject_file=write_rejects(source, settings.PUYOU_HOME / "rejects", now),
            below_floor=int(below.sum()),
            first_day=fresh["first"].min().astype("datetime64[D]").item() if len(below) else None,
            place_ids=np.unique(fresh["place"]).astype(np.int64),
        )
        said = {"file": source.path.name} | outcome.report()
        log.append(events.DUTIES_IMPORTED, subject=f"file:{source.digest}", actor=by, now=now, data=said)
    return outcome


def insert_duties(fresh: Columns, below: NDArray[np.bool_]) -> None:
    """Write the new duties, and their villages where they are not villages yet."""
    columns = {
        "place_id": fresh["place"],
        "area_class": fresh["area"],
        "times": fresh["count"],
        "period": fresh["span"],
        "valid_from": fresh["first"].astype("datetime64[D]"),
        "valid_to": fresh["until"].astype("datetime64[D]"),
        "below_floor": below,
        "timetable": np.zeros(len(below), np.int16),
    }
    insert_columns("registry_duty", columns)
    with connection.cursor() as cursor:
        cursor.execute(VILLAGES, [np.unique(fresh["place"]).tolist()])
