"""Remembering the verdict last said of every village-week, so that a change can be told."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from puyou.compliance import judging, reading
from puyou.core import copying
from puyou.core.periods import year_start

WEEKS = 53
TYPES = {"place_id": "int4", "iso_year": "int2", "codes": f"bytea({WEEKS})"}
UPSERT = """
INSERT INTO compliance_verdictyear (place_id, iso_year, codes) SELECT place_id, iso_year, codes FROM fresh
ON CONFLICT (place_id, iso_year) DO UPDATE SET codes = excluded.codes
"""


@dataclass(frozen=True)
class Changes:
    """Village-weeks whose verdict is another than the one last said; ``monday`` in days since 1970-01-01."""

    place: NDArray[np.int32]
    monday: NDArray[np.int32]
    before: NDArray[np.uint8]
    after: NDArray[np.uint8]
    need: NDArray[np.uint8]
    served: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.place)

    def where(self, chosen: NDArray[np.bool_]) -> "Changes":
        return Changes(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))

    @classmethod
    def joined(cls, parts: "list[Changes]") -> "Changes":
        empty: list[Any] = [np.zeros(0, np.int32)] * 2 + [np.zeros(0, np.uint8)] * 4
        names = cls.__dataclass_fields__
        return cls(*(np.concatenate([getattr(p, n) for p in parts]) for n in names)) if parts else cls(*empty)


def remember(judgement: judging.Judgement, asked: NDArray[np.int32] | None, today: date) -> Changes:
    """Keep the verdicts of the weeks that are over; returns those that differ from what was kept.

    The first word about a village's year is no change.

    ``asked``: ids of the villages that were to be judged (None: all); those not judged have no duty now.
    """
    stretch = judgement.source.stretch
    over = [i for i, monday in enumerate(stretch.mondays) if (today - monday).days >= 7]
    years: dict[int, list[int]] = {}
    for i in over:
        years.setdefault(stretch.mondays[i].isocalendar().year, []).append(i)
    found = [_year(judgement, asked, year, at) for year, at in years.items()]
    return Changes.joined(found)


def _year(judgement: judging.Judgement, asked: NDArray[np.int32] | None, year: int, at: list[int]) -> Changes:
    ids = judgement.source.ids
    kept_ids, kept = said(asked, year)
    every = np.union1d(ids, kept_ids).astype(np.int32)
    before = np.zeros((len(every), WEEKS), np.uint8)
    before[np.searchsorted(every, kept_ids)] = kept
    first = (judgement.source.stretch.mondays[at[0]] - year_start(year)).days // 7
    row = np.searchsorted(every, ids)
    table = [np.zeros((len(every), len(at)), np.uint8) for _ in range(3)]
    for mine, theirs in zip(table, (judgement.codes, judgement.need, judgement.served), strict=True):
        mine[row] = theirs[at].T
    now = before.copy()
    now[:, first : first + len(at)] = table[0]
    differs = before != now
    rows = np.flatnonzero(differs.any(axis=1))
    _keep(every[rows], year, now[rows], asked is None and len(kept_ids) == 0)
    differs[~np.isin(every, kept_ids)] = False
    village, week = np.nonzero(differs)
    monday = reading.number(year_start(year)) + 7 * week
    return Changes(
        every[village],
        monday.astype(np.int32),
        before[village, week],
        now[village, week],
        table[1][village, week - first],
        table[2][village, week - first],
    )


def said(ids: NDArray[Any] | None, year: int) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    """The verdicts kept of an ISO year: place ids, uint8[n, 53]."""
    sql = f"SELECT place_id, iso_year, codes FROM compliance_verdictyear WHERE iso_year = {year}"
    found = copying.copy_out(f"{sql} AND {reading.among('place_id', ids)}", TYPES)
    keep = slice(None) if ids is None or len(ids) <= reading.MANY else np.isin(found["place_id"], ids)
    return found["place_id"][keep], found["codes"][keep]


def _keep(ids: NDArray[np.int32], year: int, codes: NDArray[np.uint8], fresh: bool) -> None:
    if not len(ids):
        return
    columns = {"place_id": ids, "iso_year": np.full(len(ids), year, np.int16), "codes": codes}
    if fresh:
        copying.copy_in("compliance_verdictyear", columns, TYPES)
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE fresh (place_id int, iso_year smallint, codes bytea) ON COMMIT DROP"
        )
        copying.copy_in("fresh", columns, TYPES)
        cursor.execute(UPSERT)
        cursor.execute("DROP TABLE fresh")
