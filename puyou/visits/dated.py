"""Looking up dated facts for whole columns: what was in force for a key on a day."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
FOREVER = 1 << 19


@dataclass(frozen=True, eq=False)
class Dated:
    """Rows (key, [first, last) in days since 1970), sorted by key and first day; several may be in force at once."""

    keys: Ints
    first: Ints
    last: Ints
    order: Ints
    most: int

    @classmethod
    def of(cls, keys: Any, first: Any, last: Any) -> "Dated":
        """From columns in any order; ``order`` leads back to them."""
        key, begins = np.asarray(keys, np.int64), np.asarray(first, np.int64)
        order = np.lexsort((begins, key))
        sizes = np.unique(key, return_counts=True)[1]
        ends = np.asarray(last, np.int64)
        return cls(key[order], begins[order], ends[order], order, int(sizes.max(initial=0)))

    def latest(self, keys: Any, days: Any) -> Ints:
        """For each (key, day) the row in force that began last, -1 when there is none."""
        found = np.full(len(keys), -1, np.int64)
        for rows in self.each(keys, days):
            found = np.where(rows >= 0, rows, found)
        return found

    def each(self, keys: Any, days: Any) -> "list[Ints]":
        """For each (key, day) all rows in force, as ``most`` columns in order of their first day; -1 fills up."""
        keys, days = np.asarray(keys, np.int64), np.asarray(days, np.int64)
        if not len(self.keys) or not len(keys):
            return []
        begin = np.searchsorted(self.keys, keys)
        columns = []
        for step in range(self.most):
            at = np.minimum(begin + step, len(self.keys) - 1)
            holds = (begin + step < len(self.keys)) & (self.keys[at] == keys)
            holds &= (self.first[at] <= days) & (days < self.last[at])
            columns.append(np.where(holds, self.order[at], -1))
        return columns
