"""Checks of the data's integrity, as data: what is looked for, how grave it is, why, and what to do.

Any room may add its own: ``integrity.register(Check(…))`` in a module that its app config imports when
it is ready. Percent signs in ``sql`` are doubled, as in any parametrised SQL.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, overload

from django.db import connection

from puyou.places import snapshot
from puyou.places.problems import NO_SUCH_CHECK

EVERYWHERE = ("",)
AFTER = "{"  # sorts after every digit of a path step


class Severity(StrEnum):
    """How grave a finding is: an error is never right, a warning wants a look, a note is a known trait."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


LABELS = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.NOTE: "说明"}


@dataclass(frozen=True)
class Check:
    """One thing that is looked for.

    ``sql`` selects the findings as ``path, code, name, note`` (text; ``path`` decides who may see a finding,
    use the nation's where no place is concerned), with ``parameters`` worked out when asked. ``of_tree``
    says that the findings change only with the tree, so that their number may be kept.
    """

    code: str
    name: str
    severity: Severity
    why: str
    remedy: str
    sql: str
    parameters: Callable[[], Sequence[Any]] = tuple
    of_tree: bool = False

    @property
    def label(self) -> str:
        """The severity in Chinese."""
        return LABELS[self.severity]


@dataclass(frozen=True)
class Finding:
    """One row that a check found."""

    path: str
    code: str
    name: str
    note: str


_checks: dict[str, Check] = {}


def register(check: Check) -> Check:
    """Enter a check; its code may be used once only."""
    if check.code in _checks:
        raise ValueError(f"integrity check {check.code} is registered twice")
    _checks[check.code] = check
    return check


def checks() -> list[Check]:
    """All checks, errors first."""
    order = list(Severity)
    return sorted(_checks.values(), key=lambda check: order.index(check.severity))


def get_check(code: str) -> Check:
    """The check of a code."""
    if code not in _checks:
        raise NO_SUCH_CHECK(code=code[:40])
    return _checks[code]


class Findings(Sequence[Finding]):
    """What a check finds inside some paths, fetched page by page as it is read."""

    def __init__(self, check: Check, paths: Sequence[str] = EVERYWHERE) -> None:
        self.check = check
        ranges = ["path >= %s AND path < %s" for path in paths]
        where = f" WHERE {' OR '.join(ranges)}" if ranges else " WHERE false"
        self._sql = f"FROM ({check.sql}) AS finding{where}"
        self._parameters = [*check.parameters(), *(part for path in paths for part in (path, path + AFTER))]

    def __len__(self) -> int:
        if not self.check.of_tree:
            return self._count()
        return snapshot.keep("count", f"{self.check.code}{self._parameters}", snapshot.stamp(), self._count)

    def _count(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) {self._sql}", self._parameters)
            row = cursor.fetchone()
        return int(row[0]) if row else 0

    def _read(self, offset: int, limit: int | None) -> list[Finding]:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT path, code, name, note {self._sql} ORDER BY path, code OFFSET %s LIMIT %s",
                [*self._parameters, offset, limit],
            )
            return [Finding(*row) for row in cursor.fetchall()]

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> list[Finding]: ...
    def __getitem__(self, index: int | slice) -> Finding | list[Finding]:
        if isinstance(index, slice):
            start, stop, step = index.indices(len(self))
            return self._read(start, max(0, stop - start))[::step]
        return self._read(range(len(self))[index], 1)[0]

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._read(0, None))
