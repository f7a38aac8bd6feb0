"""The frame: every counting visit of a period with its stratum, written in one order to one file with one digest."""

import csv
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import connection

from puyou.audits.rules import Unit
from puyou.places.models import Place

HEAD = "visit_id,stratum\n"
BANDS = {"risky": "低分", "fair": "中分", "good": "高分", "unscored": "未评分"}
CLASSES = {
    "urban": "城市",
    "township_seat": "乡镇政府所在地",
    "rural": "农村",
    "remote": "边远地区",
    "none": "未分类",
}
# A province's two digits, how well the visit is proven, the village's area class on the day.
FRAME = """
COPY (SELECT v.id || ',' || left(p.code, 2) || '-' || CASE WHEN s.score IS NULL THEN 'unscored'
        WHEN s.score < {desk} THEN 'risky' WHEN s.score < {fair} THEN 'fair' ELSE 'good' END || '-' || coalesce((
        SELECT d.area_class FROM registry_duty d WHERE d.place_id = v.place_id AND d.valid_from <= v.day
            AND (d.valid_to IS NULL OR d.valid_to > v.day) ORDER BY d.id LIMIT 1), 'none')
    FROM visits_visit v JOIN places_place p ON p.id = v.place_id
        LEFT JOIN scrutiny_score s ON s.visit_id = v.id AND s.day = v.day
    WHERE v.counting AND v.day BETWEEN '{first}' AND '{last}' AND p.path >= '{low}' AND p.path < '{low}{{'
    ORDER BY v.id) TO STDOUT
"""


@dataclass(frozen=True)
class Frame:
    """A frozen frame: its file's digest, how many rows, and how many in each stratum."""

    digest: str
    rows: int
    counts: dict[str, int]


def freeze(place: Place, first: date, last: date, desk_score: int) -> Frame:
    """Write the frame of a place and period; the same visits give the same file wherever it is done."""
    folder = _folder()
    partial = folder / f"frame-{os.getpid()}.partial"
    digest, counts = hashlib.sha256(HEAD.encode()), dict[str, int]()
    with partial.open("wb") as file:
        file.write(HEAD.encode())
        for line in _lines(place, first, last, desk_score):
            file.write(line)
            digest.update(line)
            stratum = line[37:-1].decode()
            counts[stratum] = counts.get(stratum, 0) + 1
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, path_of(digest.hexdigest()))
    return Frame(digest.hexdigest(), sum(counts.values()), dict(sorted(counts.items())))


def _lines(place: Place, first: date, last: date, desk_score: int) -> Iterator[bytes]:
    sql = FRAME.format(desk=desk_score, fair=(desk_score + 100) // 2, first=first, last=last, low=place.path)
    rest = b""
    with connection.cursor() as cursor, cursor.copy(sql) as rows:
        for block in rows:
            *whole, rest = (rest + bytes(block)).split(b"\n")
            yield from (line + b"\n" for line in whole)


def path_of(digest: str) -> Path:
    """Where the frame with a digest lies, whether it does or not."""
    return _folder() / f"frame-{digest}.csv"


def _folder() -> Path:
    folder = Path(settings.PUYOU_HOME) / "audits"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def digest_of(path: Path) -> str:
    """The SHA-256 of a file in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read(path: Path) -> Iterator[Unit]:
    """The units of a frame file. ValueError when it is none."""
    with path.open(encoding="utf-8", newline="") as file:
        if file.readline() != HEAD:
            raise ValueError("no frame")
        for row in csv.reader(file):
            if len(row) != 2:
                raise ValueError(f"row with {len(row)} cells")
            yield row[0], row[1]


def told(stratum: str) -> str:
    """A stratum's name without its province, in words."""
    _, band, area = (*stratum.split("-"), "", "")[:3]
    return f"{BANDS.get(band, band)}·{CLASSES.get(area, area)}"
