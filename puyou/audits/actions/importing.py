"""Results from a field office's sheet: every row checked, good ones recorded, bad ones told with row and reason."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from puyou.accounts.models import User
from puyou.accounts.scopes import Scope
from puyou.audits import events, problems, results
from puyou.audits.actions.recording import record_result
from puyou.audits.models import AuditItem
from puyou.core import events as log
from puyou.core import importing
from puyou.core.problems import Problem

LIMIT = 20_000


@dataclass(frozen=True)
class Reject:
    """A row that was not taken: as the spreadsheet counts it, and why."""

    row: int
    reason: str


@dataclass(frozen=True)
class Imported:
    """What became of a sheet: ``read = recorded + same + empty + rejects``."""

    read: int
    recorded: int
    same: int
    empty: int
    rejects: list[Reject]


@transaction.atomic
def import_results(*, path: Path, scope: Scope, by: User, now: datetime) -> Imported:
    """Record the results of a sheet as ``results.COLUMNS`` names its columns.

    Rows without an outcome are left for later; rows that say what holds already change nothing, so that the same file
    twice is taken once. Problems: unreadable, columns missing, too many rows.
    """
    recorded = same = empty = 0
    rejects: list[Reject] = []
    with importing.open_source(path, results.REQUIRED, results.OPTIONAL) as source:
        if source.read > LIMIT:
            raise problems.TOO_MANY_ROWS(limit=f"{LIMIT:,}", rows=f"{source.read:,}")
        rows = results.rows_of(source)
        rejects += [Reject(row, message) for row, message in results.broken_rows(source)]
        read, digest = source.read, source.digest
    for row in rows:
        if not row.outcome:
            empty += 1
            continue
        try:
            if _record(row, scope, by, now):
                recorded += 1
            else:
                same += 1
        except Problem as problem:
            rejects.append(Reject(row.row, problem.message))
    done = Imported(read, recorded, same, empty, sorted(rejects, key=lambda each: each.row))
    data = {
        "read": read,
        "recorded": recorded,
        "same": same,
        "empty": empty,
        "rejected": len(rejects),
        "sha256": digest,
    }
    log.append(events.RESULTS_IMPORTED, subject="audit", actor=f"user:{by.pk}", now=now, data=data)
    return done


def _record(row: results.SheetRow, scope: Scope, by: User, now: datetime) -> bool:
    item = AuditItem.objects.filter(
        pk=int(row.item) if row.item.isdigit() and len(row.item) < 18 else 0
    ).first()
    if item is None:
        raise problems.UNKNOWN_ITEM()
    scope.require(item.place.path, "audits.record")
    outcome, method = results.code_of_outcome(row.outcome), results.code_of_method(row.method)
    try:
        checked_on = date.fromisoformat(row.checked_on[:10])
    except ValueError:
        raise problems.BAD_DAY(text=row.checked_on) from None
    latest = item.results.order_by("-pk").first()
    said = (outcome, method, checked_on, row.note.strip()[:300])
    if latest and (latest.outcome, latest.method, latest.checked_on, latest.note) == said:
        return False
    with transaction.atomic():
        record_result(
            item=item,
            outcome=outcome,
            method=method,
            checked_on=checked_on,
            note=row.note,
            scope=scope,
            by=by,
            now=now,
        )
    return True
