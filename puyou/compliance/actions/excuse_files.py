"""Importing approved excuses from a file; refused rows do not stop the others."""

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from puyou.compliance import covers, events
from puyou.compliance.actions.judging import judge_range
from puyou.compliance.models import Excuse
from puyou.core import events as log
from puyou.core.importing import Outcome, Source, open_source, write_rejects
from puyou.core.problems import Problem
from puyou.places import queries as places
from puyou.places.models import Place

COLUMNS = ("place_code", "from", "until", "ground", "document_no")
SYNONYMS = {
    "洪水": "flood", "水灾": "flood", "暴雨": "flood", "大雪": "snow", "雪灾": "snow", "暴雪": "snow",
    "道路封闭": "road_closed", "断路": "road_closed", "塌方": "road_closed", "疫情": "epidemic",
    "epidemic_control": "epidemic", "mountain": "mountain_closed",
}  # fmt: skip
GROUNDS = {
    **{ground.value: ground.value for ground in Excuse.Ground},
    **{ground.label: ground.value for ground in Excuse.Ground},
    **SYNONYMS,
}
LOCK = "SELECT pg_advisory_xact_lock(hashtext('compliance.excuses'))"
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LONGEST_GROUND, LONGEST_DOCUMENT = 300, 100


@dataclass(frozen=True)
class Row:
    """A row that can be taken: an excuse not yet known."""

    number: int
    place: Place
    valid_from: date
    valid_to: date
    ground: str
    note: str
    document: str

    @property
    def key(self) -> tuple[int, date, date, str, str]:
        ground = _told_ground(self.ground, self.note)
        return self.place.pk, self.valid_from, self.valid_to, ground, self.document


class Refused(Exception):
    """Why a row cannot be taken: column, code and a Chinese sentence."""

    def __init__(self, column: str, code: str, message: str) -> None:
        self.column, self.code, self.message = column, code, message
        super().__init__(message)


@transaction.atomic
def import_excuses(path: str | Path, *, by: str, now: datetime) -> Outcome:
    """Import ``place_code, from, until, ground, document_no`` as approved, and judge again what they touch.

    ``until`` is the first day no longer excused. A ground outside the list is kept in words as 其他. The same
    row again is a duplicate. Verdicts are complete when this returns.
    """
    with open_source(path, COLUMNS) as source, connection.cursor() as cursor:
        cursor.execute(LOCK)  # the same file twice at once is a duplicate too
        rows = _rows(source)
        known = _known()
        fresh: list[Row] = []
        for row in rows:
            if row.key not in known:
                known.add(row.key)
                fresh.append(row)
        outcome = Outcome(
            read=source.read,
            accepted=len(fresh),
            duplicate=len(rows) - len(fresh),
            rejected=source.rejected,
            digest=source.digest,
            reject_file=write_rejects(source, Path(settings.PUYOU_HOME) / "rejects", now),
        )
    _take(fresh, outcome, by, now)
    return outcome


def _known() -> set[tuple[int, date, date, str, str]]:
    approved = Excuse.objects.filter(status=Excuse.Status.APPROVED).values_list(
        "place_id", "valid_from", "valid_to", "document", "ground", "note"
    )
    return {
        (place, first, until, _told_ground(ground, note), document)
        for place, first, until, document, ground, note in approved
    }


def _told_ground(ground: str, note: str) -> str:
    """What makes a ground another one: among 其他 the words decide."""
    return note or ground if ground == Excuse.Ground.OTHER else ground


def _take(rows: list[Row], outcome: Outcome, by: str, now: datetime) -> None:
    if not rows:
        return
    notices = {row.document: uuid.uuid4() for row in rows}
    Excuse.objects.bulk_create(
        (
            Excuse(
                place=row.place,
                valid_from=row.valid_from,
                valid_to=row.valid_to,
                ground=row.ground,
                document=row.document,
                note=row.note,
                notice=notices[row.document],
                status=Excuse.Status.APPROVED,
                proposed_at=now,
                decided_at=now,
            )
            for row in rows
        ),
        batch_size=5_000,
    )
    data = {"read": outcome.read, "accepted": outcome.accepted, "digest": outcome.digest}
    log.append(events.EXCUSES_IMPORTED, subject=f"file:{outcome.digest[:16]}", actor=by, now=now, data=data)
    judge_range(
        first=min(row.valid_from for row in rows),
        last=max(row.valid_to for row in rows),
        place_ids=covers.village_ids_under(
            {row.place.pk: row.place.level for row in rows}, [row.valid_from for row in rows]
        ),
        cause="excuse",
        now=now,
        by=by,
    )


def _rows(source: Source) -> list[Row]:
    table = source.database.execute(
        'SELECT "row", place_code, "from", "until", ground, document_no FROM source'
        ' WHERE "row" NOT IN (SELECT "row" FROM rejects) ORDER BY "row"'
    ).fetchall()
    found: dict[str, Place | Problem] = {}
    taken = []
    for number, *cells in table:
        try:
            taken.append(_row(number, cells, lambda code: _place(code, found)))
        except Refused as refused:
            source.database.execute(
                "INSERT INTO rejects VALUES (?, ?, ?, ?)",
                [number, refused.column, refused.code, refused.message],
            )
    return taken


def _row(number: int, cells: list[str | None], place: Callable[[str], Place]) -> Row:
    code, start, end, ground, document = (cell or "" for cell in cells)
    first, until = _date("from", start), _date("until", end)
    if first >= until:
        raise Refused(
            "until", "compliance.empty_excuse", f"截止日期 {end} 须晚于起始日期 {start}（截止当天不再免责）"
        )
    if not ground:
        raise Refused("ground", "compliance.no_ground", "没有填写免责理由")
    if len(ground) > LONGEST_GROUND:
        raise Refused("ground", "compliance.long_ground", f"免责理由超过 {LONGEST_GROUND} 个字")
    if not document:
        raise Refused("document_no", "compliance.no_document", "没有填写文件编号")
    if len(document) > LONGEST_DOCUMENT:
        raise Refused("document_no", "compliance.long_document", f"文件编号超过 {LONGEST_DOCUMENT} 个字")
    kind = GROUNDS.get(ground.lower(), Excuse.Ground.OTHER.value)
    note = "" if ground in Excuse.Ground.values or ground in Excuse.Ground.labels else ground
    return Row(number, place(code), first, until, kind, note, document)


def _place(code: str, found: dict[str, Place | Problem]) -> Place:
    if not code:
        raise Refused("place_code", "compliance.no_place", "没有填写区划代码")
    if code not in found:
        try:
            found[code] = places.get_place(code)
        except Problem as problem:
            found[code] = problem
    place = found[code]
    if isinstance(place, Problem):
        raise Refused("place_code", place.code, place.message)
    return place


def _date(column: str, text: str) -> date:
    if not text:
        raise Refused(column, "compliance.no_date", f"没有填写日期（{column}）")
    plain = text.removesuffix(" 00:00:00")  # a moment of Parquet or a spreadsheet
    try:
        day = date.fromisoformat(plain) if DATE.fullmatch(plain) else None
    except ValueError:
        day = None
    if day is None:
        raise Refused(column, "compliance.bad_date", f"“{text[:40]}”不是日期，请写成 2026-07-01")
    if not date(2000, 1, 1) <= day <= date(2100, 1, 1) + timedelta(days=1):
        raise Refused(column, "compliance.odd_date", f"日期 {text} 不在 2000–2100 年之间")
    return day
