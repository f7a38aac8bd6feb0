"""Reading about files: what is known of one, what a subject has, and what is like it elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from puyou.core import clock
from puyou.evidence import lookup, neighbours, rules
from puyou.evidence.models import EvidenceHold
from puyou.evidence.neighbours import Found
from puyou.standards import queries as standards

SIMILAR_LIMIT = 5
FILES = """
SELECT encode(sha256, 'hex'), type, size, complete_at, expired_at, examined_at, width, height, perceptual, has_exif,
    has_gps, problem
FROM evidence_file WHERE sha256 = ANY(%s::bytea[])
"""
MENTIONS = """
SELECT encode(sha256, 'hex'), subject, owner, role, taken_at, at, id FROM evidence_mention
WHERE sha256 = ANY(%s::bytea[]) ORDER BY at, id
"""
OF_SUBJECT = """
SELECT encode(sha256, 'hex'), subject, owner, role, taken_at, at, id FROM evidence_mention
WHERE subject = %s ORDER BY id
"""
# Other files with one of the hashes, mentioned before this one was by a subject that is not this one's first.
SIMILAR = """
SELECT encode(f.sha256, 'hex'), bit_count((f.perceptual # %(own)s)::bit(64)) AS distance FROM evidence_file f
WHERE f.perceptual = ANY(%(near)s::bigint[]) AND f.sha256 <> %(sha)s AND EXISTS (
    SELECT 1 FROM evidence_mention m WHERE m.sha256 = f.sha256 AND m.subject IS DISTINCT FROM %(subject)s
        AND (%(at)s::timestamptz IS NULL OR (m.at, m.id) < (%(at)s::timestamptz, %(id)s::bigint)))
ORDER BY distance, f.sha256 LIMIT %(limit)s
"""


@dataclass(frozen=True)
class File:
    """A file whose bytes came, with what was read from them."""

    sha256: str
    type: str
    size: int
    complete_at: datetime
    expired_at: datetime | None
    examined_at: datetime | None
    width: int | None
    height: int | None
    perceptual: int | None
    has_exif: bool
    has_gps: bool
    problem: str


@dataclass(frozen=True)
class Mentioned:
    """A mention as it was noted; ``at`` is when it came, ``taken_at`` the owner's word."""

    sha256: str
    subject: str
    owner: str
    role: str
    taken_at: datetime | None
    at: datetime
    id: int


@dataclass(frozen=True)
class Match:
    """What is known of a file that a visit shows, for whoever judges it.

    ``exact_elsewhere``: subjects other than that of its first mention which show the very same bytes. ``similar``:
    (hash, bits) of other files that other subjects mentioned earlier, nearest first, at most five. ``problem``: a code
    of rules.TROUBLES or empty. ``first_subject``: whose mention was the first.
    """

    sha256: str
    complete: bool
    exact_elsewhere: int
    similar: list[tuple[str, int]]
    has_exif: bool
    problem: str
    first_subject: str | None = None


def files_of(hashes: Sequence[str]) -> dict[str, File]:
    """Those of the files whose bytes came, by hash."""
    return {row[0]: File(*row) for row in _rows(FILES, [[bytes.fromhex(each) for each in hashes]])}


def mentions_of(hashes: Sequence[str]) -> dict[str, list[Mentioned]]:
    """The mentions of each file that has any, first to last."""
    found: dict[str, list[Mentioned]] = {}
    for row in _rows(MENTIONS, [[bytes.fromhex(each) for each in hashes]]):
        found.setdefault(row[0], []).append(Mentioned(*row))
    return found


def mentions_by(subject: str) -> list[Mentioned]:
    """What a subject mentioned, in order."""
    return [Mentioned(*row) for row in _rows(OF_SUBJECT, [subject])]


def held_subjects(beginning: str) -> list[str]:
    """The subjects that begin so and whose files are held."""
    rows = EvidenceHold.objects.filter(subject__startswith=beginning, released_at=None)
    return sorted(rows.values_list("subject", flat=True))


def subjects_of(hashes: Sequence[str]) -> set[str]:
    """Every subject that mentions one of the files: whose judgement a file that came late may change."""
    return {each.subject for mentions in mentions_of(hashes).values() for each in mentions}


def matches_of(hashes: Sequence[str]) -> list[Match]:
    """What is known of each file, in order; of one that never came too."""
    files, mentions = files_of(hashes), mentions_of(hashes)
    pictured = [each for each in files.values() if each.perceptual is not None]
    found = lookup.near([(each.perceptual or 0) % (1 << 64) for each in pictured], similar_bits())
    near = {each.sha256: known for each, known in zip(pictured, found, strict=True)}
    return [_match(each, files.get(each), mentions.get(each, []), near.get(each)) for each in hashes]


def similar_bits() -> int:
    """How many bits two pictures may differ in and be called alike; a dated rule, at most what can be looked up."""
    said = standards.get_value("photo_similar_bits", clock.today())
    return min(int(said.number), neighbours.RADIUS)


def _match(sha256: str, file: File | None, mentions: list[Mentioned], near: Found | None) -> Match:
    first = mentions[0] if mentions else None
    return Match(
        sha256=sha256,
        complete=file is not None,
        exact_elsewhere=len({each.subject for each in mentions[1:]}),
        similar=_similar(file, first, near) if file and near else [],
        has_exif=file is not None and file.has_exif,
        problem=file.problem if file else "",
        first_subject=first.subject if first else None,
    )


def _similar(file: File, first: Mentioned | None, near: Found) -> list[tuple[str, int]]:
    values = {
        "own": file.perceptual,
        "near": [rules.signed(int(each)) for each in near.values],
        "sha": bytes.fromhex(file.sha256),
        "subject": first.subject if first else None,
        "at": first.at if first else None,
        "id": first.id if first else None,
        "limit": SIMILAR_LIMIT,
    }
    return [(row[0], int(row[1])) for row in _rows(SIMILAR, values)]


def _rows(sql: str, values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
