"""Reading what came beside place and time with the visits of a day: details, proof, photos, tags on offer."""

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from django.db import connection
from numpy.typing import NDArray
from pyarrow import csv

from puyou.core import copying
from puyou.ingest import queries as ingest
from puyou.places import queries as places
from puyou.scrutiny import photos
from puyou.scrutiny.arrays import FIXES
from puyou.scrutiny.rules import SIGNATURES
from puyou.standards import queries as standards

DETAIL = """
SELECT d.id, coalesce(d.fix_age_s, 'NaN') AS fix_age, coalesce(hashtextextended(d.clock_session, 0), 0) AS session,
    coalesce(d.monotonic_ms, -1) AS monotonic, coalesce(d.wall_jump_ms / 1000.0, 'NaN')::float8 AS wall_jump,
    coalesce(d.mock::int, -1)::int2 AS mock, coalesce(d.rooted::int, -1)::int2 AS rooted, d.tag_state AS tag,
    coalesce(jsonb_array_length(d.photos), 0)::int2 AS photos
FROM visits_detail d WHERE d.day = '{day}'{only}
"""
TYPES = {
    "id": "uuid", "fix_age": "float8", "session": "int8", "monotonic": "int8", "wall_jump": "float8", "mock": "int2",
    "rooted": "int2", "tag": "int2", "photos": "int2",
}  # fmt: skip
APPROACH = """
SELECT d.id, d.approach::text FROM visits_detail d WHERE d.day = '{day}' AND d.approach IS NOT NULL{only}
"""
TAGGED = """
SELECT DISTINCT place_id FROM registry_villagetag WHERE valid_from <= %s AND (valid_to IS NULL OR valid_to > %s)
"""
UUID_TEXT = 36
COMMAS = bytes.maketrans(b",", b"\n")
READ = csv.ReadOptions(column_names=["number"])
NUMBERS = csv.ConvertOptions(column_types={"number": pa.float64()}, null_values=["null"])
FEW = 80_000  # visits up to which they are asked for by id
Rows = dict[str, NDArray[Any]]
Columns = dict[str, Any]


def read(rows: Rows, day: date) -> Columns:
    """The columns of ``Evidence`` that visits of a day brought besides."""
    count = len(rows["id"])
    found, at = unknown(count), _Index(rows["id"])
    details = copying.copy_out(DETAIL.format(day=day, only=at.only("d.id")), TYPES)
    place, known = at.find(details["id"])
    for name in TYPES:
        if name != "id":
            found[name][place] = details[name][known]
    found |= _proofs(rows["id"])
    shown = np.flatnonzero(found["photos"] > 0)
    found["photo_copies"][shown], found["photo_likes"][shown] = photos.matches(rows["id"][shown], day)
    found["approach"] = read_approaches(at, count, day)
    found["tag_offered"] = np.isin(rows["place_id"], _tagged(day))
    found["photo_asked"] = _photo_asked(rows["place_id"], day)
    return found


def unknown(count: int) -> Columns:
    """What only the details, the proof and the photos of visits say, while nothing of it is known."""
    numbers = ("signature", "chain", "nonce", "session", "tag", "photos", "photo_copies", "photo_likes")
    return {name: np.zeros(count, np.int64) for name in numbers} | {
        **{name: np.full(count, -1, np.int64) for name in ("monotonic", "mock", "rooted")},
        **{name: np.full(count, np.nan) for name in ("wall_jump", "fix_age")},
        **{name: np.zeros(count, bool) for name in ("tag_offered", "photo_asked")},
        "approach": np.full((count, FIXES, 4), np.nan),
    }


def _proofs(ids: NDArray[np.uint8]) -> Columns:
    """What the front door found of signatures, chains and nonces; what it has not checked yet speaks for nothing."""
    said = ingest.proofs_of(ids)
    signature = np.where(said.checked, said.signature, SIGNATURES.index("waiting")).astype(np.int64)
    nonce = np.nan_to_num(said.nonce_seconds, nan=0.0) * 1e6
    return {"signature": signature, "chain": said.chain.astype(np.int64), "nonce": nonce.astype(np.int64)}


class _Index:
    """Where the visits of a day stand among the rows, by id."""

    def __init__(self, ids: NDArray[np.uint8]) -> None:
        keys = np.ascontiguousarray(ids).view("S16").ravel()
        self.rows = np.argsort(keys, kind="stable")
        self.keys = keys[self.rows]

    def find(self, ids: NDArray[np.uint8]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Rows, and which of ``ids`` they are; ids that are none of ours are left out."""
        keys = np.ascontiguousarray(ids).view("S16").ravel()
        at = np.minimum(np.searchsorted(self.keys, keys), max(len(self.keys) - 1, 0))
        known = np.flatnonzero(self.keys[at] == keys) if len(self.keys) else np.zeros(0, np.intp)
        return self.rows[at[known]], known

    def only(self, column: str) -> str:
        """A condition that asks for these visits alone, while they are few."""
        if len(self.keys) > FEW:
            return ""
        listed = ",".join(key.ljust(16, b"\0").hex() for key in self.keys.tolist())
        return f" AND {column} = ANY('{{{listed}}}'::uuid[])"


def read_approaches(at: _Index, count: int, day: date) -> NDArray[np.float64]:
    """The fixes on the way in, float[n, 12, 4]."""
    lines = copying.copy_text(APPROACH.format(day=day, only=at.only("d.id"))).splitlines()
    whole = np.full((count, FIXES, 4), np.nan)
    if not lines:
        return whole
    hexed = b"".join(line[:UUID_TEXT] for line in lines).replace(b"-", b"")
    ids = np.frombuffer(bytes.fromhex(hexed.decode()), np.uint8).reshape(-1, 16)
    place, known = at.find(ids)
    whole[place] = parse_approaches([line[UUID_TEXT + 1 :] for line in lines])[known]
    return whole


def parse_approaches(texts: list[bytes]) -> NDArray[np.float64]:
    """JSON lists of ``[seconds, lon, lat, accuracy]`` as float[n, 12, 4]; null is NaN."""
    fixes = np.array([text.count(b"[") - 1 for text in texts])
    found = np.full((len(texts), FIXES, 4), np.nan)
    if not fixes.any():
        return found
    row = np.repeat(np.arange(len(texts)), fixes)
    within = np.arange(len(row)) - (np.cumsum(fixes) - fixes)[row]
    said = b"\n".join(text for text in texts if text != b"[]").translate(COMMAS, b"[] ")
    table = csv.read_csv(pa.BufferReader(said), READ, convert_options=NUMBERS)
    found[row, within] = table.column(0).to_numpy(zero_copy_only=False).reshape(-1, 4)
    return found


def _tagged(day: date) -> NDArray[Any]:
    """Villages with a tag in force on a day."""
    with connection.cursor() as cursor:
        cursor.execute(TAGGED, [day, day])
        return np.array([row[0] for row in cursor.fetchall()], np.int64)


def _photo_asked(place_ids: NDArray[Any], day: date) -> NDArray[np.bool_]:
    """Where a photo is asked for: by the nation's rule, or by that of a place above the village."""
    general = standards.find_value("photo_asked", day)
    asked = np.full(len(place_ids), general is not None and general.value == "asked")
    tree = places.current_tree()
    for path in standards.override_paths("photo_asked"):
        local = standards.find_value("photo_asked", day, place_path=path)
        under = tree.village_ids[tree.under(path)]
        asked[np.isin(place_ids, under)] = local is not None and local.value == "asked"
    return asked
