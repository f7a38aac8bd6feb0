"""Figures of a system as of a moment, by which a restored one is compared with the one that was backed up."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

SPAN = timedelta(days=62)  # of append-only tables, a nation's years would take minutes to count
COUNTS = {
    "envelopes": "SELECT count(*) FROM ingest_envelope WHERE received_at > %s AND received_at <= %s",
    "visits": "SELECT count(*) FROM visits_visit WHERE received_at > %s AND received_at <= %s",
    "events": "SELECT count(*) FROM core_event WHERE at > %s AND at <= %s",
    "files": "SELECT count(*) FROM evidence_file WHERE complete_at > %s AND complete_at <= %s",
}
# The chain's last link by then: an equal link means an equal history of events, from the first on.
LAST_SEAL = "SELECT sequence, encode(digest, 'hex') FROM core_seal WHERE event_at <= %s ORDER BY sequence DESC LIMIT 1"
SEAL = "SELECT encode(digest, 'hex') FROM core_seal WHERE sequence = %s"
WEEKS = """
SELECT monday, sum(met)::int, sum(unmet)::int, sum(excused)::int, sum(visits)::int
FROM compliance_rollup WHERE level = 0 GROUP BY monday ORDER BY monday DESC LIMIT 60
"""


def taken(moment: datetime) -> dict[str, Any]:
    """The figures as of ``moment``; the nation's weeks as they stand now, for late facts may change them."""
    figures: dict[str, Any] = {"moment": moment.isoformat()}
    with connection.cursor() as cursor:
        for name, sql in COUNTS.items():
            cursor.execute(sql, [moment - SPAN, moment])
            figures[name] = (cursor.fetchone() or [0])[0]
        cursor.execute(LAST_SEAL, [moment])
        figures["seal"] = list(cursor.fetchone() or (0, ""))
        cursor.execute(WEEKS)
        figures["weeks"] = [[day.isoformat(), *sums] for day, *sums in cursor.fetchall()]
    return figures


def compared(theirs: dict[str, Any]) -> list[dict[str, Any]]:
    """Each figure of a backup beside the same one here, as of the backup's moment; ``kept`` says nothing is lacking."""
    here = taken(datetime.fromisoformat(theirs["moment"]))
    rows = [
        {"name": name, "backup": theirs[name], "here": here[name], "kept": here[name] >= theirs[name]}
        for name in COUNTS
    ]
    sequence, digest = theirs["seal"]
    with connection.cursor() as cursor:
        cursor.execute(SEAL, [sequence])
        found = (cursor.fetchone() or [""])[0]
    return [*rows, {"name": "seal", "backup": digest, "here": found, "kept": digest == found}]
