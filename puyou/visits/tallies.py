"""Summing up what an import touches, day by day: days of service and weeks to be judged, one year at a time."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from puyou.visits import daysets

Ints = NDArray[np.int64]
Owners = tuple[NDArray[np.int32], NDArray[np.int16]]


@dataclass(eq=False)
class Year:
    """One ISO year by place id: sets uint8[p, 47] of days served, marks int64[p] of weeks touched."""

    sets: daysets.Bytes = field(default_factory=lambda: np.zeros((0, daysets.BYTES), np.uint8))
    marks: Ints = field(default_factory=lambda: np.zeros(0, np.int64))

    def make_room(self, places: int) -> None:
        """Let ids below ``places`` have rows."""
        lacking = places - len(self.marks)
        if lacking > 0:
            self.sets = np.pad(self.sets, ((0, lacking), (0, 0)))
            self.marks = np.pad(self.marks, (0, lacking))


class Tally:
    """Days come in order, so only the newest year stands open by place id; older ones keep their touched rows."""

    def __init__(self) -> None:
        self._open: dict[int, Year] = {}
        self._done: list[tuple[int, NDArray[np.int32], daysets.Bytes, Ints]] = []
        self.villages = 0
        self.first: int | None = None
        self.last: int | None = None

    def add(self, day: int, touched: Ints, served: Ints) -> None:
        """Places touched on a day (repeats allowed), and those of them that were served."""
        if not len(touched):
            return
        (year,), (index,) = daysets.places_in_set(np.array([day]))
        self._close(before=int(year))
        rows = self._open.setdefault(int(year), Year())
        rows.make_room(int(touched.max()) + 1)
        rows.marks[touched] |= np.int64(1) << (index // 7)
        rows.sets[served, index >> 3] |= np.uint8(128 >> (index & 7))
        self.first = day if self.first is None else min(day, self.first)
        self.last = day if self.last is None else max(day, self.last)

    def _close(self, before: int) -> None:
        for year in [year for year in self._open if year < before]:
            rows = self._open.pop(year)
            owners = np.flatnonzero(rows.marks)
            self._done.append((year, owners.astype(np.int32), rows.sets[owners], rows.marks[owners]))

    def finish(self) -> tuple[Owners, daysets.Bytes, Ints]:
        """Place ids and ISO years of all that was touched, sorted by both, with their sets and marks."""
        self._close(before=1 << 15)
        if not self._done:
            return (np.zeros(0, np.int32), np.zeros(0, np.int16)), Year().sets, Year().marks
        owners = np.concatenate([part[1] for part in self._done])
        years = np.concatenate([np.full(len(part[1]), part[0], np.int16) for part in self._done])
        order = np.lexsort((years, owners))
        self.villages = int(np.count_nonzero(np.diff(owners[order]))) + 1
        sets, marks = (np.concatenate([part[i] for part in self._done])[order] for i in (2, 3))
        return (owners[order], years[order]), sets, marks

    def span(self) -> tuple[str | None, str | None]:
        """The first and last day touched, in ISO form."""
        if self.first is None or self.last is None:
            return None, None
        epoch = date(1970, 1, 1).toordinal()
        return (
            date.fromordinal(epoch + self.first).isoformat(),
            date.fromordinal(epoch + self.last).isoformat(),
        )
