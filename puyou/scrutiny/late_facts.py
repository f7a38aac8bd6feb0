"""What each event says about scores: whose visits must be scored, or scored again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from puyou.core.models import Event
from puyou.evidence import events as evidence
from puyou.ingest import events as ingest
from puyou.registry import events as registry
from puyou.scrutiny import events as own
from puyou.visits import events as visits

VISITS = "SELECT DISTINCT place_id, day, courier_id, device_id FROM visits_visit WHERE "


@dataclass(frozen=True)
class Concern:
    """Either a query for visits (place, day, courier, device), or all visits of the days from ``first`` on."""

    sql: str = ""
    first: date | None = None
    last: date | None = None


def _subject(event: Event) -> int:
    return int(event.subject.rsplit(":", 1)[1])


def _intake(event: Event) -> Concern:
    """The batch's visits, and those that show one of its photos."""
    batch = f"SELECT id FROM visits_visit WHERE intake_id = {_subject(event)}"
    shared = f"""SELECT substr(o.subject, 7)::uuid FROM evidence_mention m JOIN evidence_mention o USING (sha256)
        WHERE m.subject IN (SELECT 'visit:' || id FROM ({batch}) b)
            AND starts_with(o.subject, 'visit:') AND o.id <> m.id"""
    return Concern(sql=f"{VISITS} (intake_id = {_subject(event)} OR id IN ({shared}))")


def _screened(event: Event) -> Concern:
    """The villages whose visits changed, or, when they were too many to be named, all visits of the days."""
    first, last = (date.fromisoformat(event.data[name]) for name in ("first_day", "last_day"))
    listed = event.data.get("places")
    if listed is None:
        return Concern(first=first, last=last)
    return Concern(sql=f"{VISITS} {_of_places(listed)} AND day BETWEEN '{first}' AND '{last}'")


def _point(event: Event) -> Concern:
    """A point that became firm: distances are taken from it, though it lies where the reference lay."""
    since = date.fromisoformat(event.data["valid_from"])
    return Concern(sql=f"{VISITS} {_of_places([_subject(event)])} AND day >= '{since}'")


def _of_places(ids: list[int]) -> str:
    return f"place_id = ANY('{{{','.join(str(int(each)) for each in ids)}}}'::int[])"


def _proofs(event: Event) -> Concern:
    """Visits whose proofs were checked, and older ones whose place in the chain is another since."""
    first, last = (datetime.fromisoformat(event.data[name]) for name in ("first_received", "last_received"))
    mended = ",".join(str(UUID(each)) for each in event.data["mended"])
    checked = f"""SELECT envelope_id FROM ingest_proof
        WHERE kind = 'visit' AND received_at BETWEEN '{first.isoformat()}' AND '{last.isoformat()}'"""
    return Concern(sql=f"{VISITS} (id IN ({checked}) OR id = ANY('{{{mended}}}'::uuid[]))")


def _photos(event: Event) -> Concern:
    """Visits that show a photo which was examined."""
    hashes = ",".join(f"decode('{bytes.fromhex(each).hex()}', 'hex')" for each in event.data["sha256"])
    shown = f"""SELECT substr(subject, 7)::uuid FROM evidence_mention
        WHERE sha256 = ANY(ARRAY[{hashes}]::bytea[]) AND starts_with(subject, 'visit:')"""
    return Concern(sql=f"{VISITS} id IN ({shown})")


def _weighting(event: Event) -> Concern:
    return Concern(first=date.fromisoformat(event.data["valid_from"]))


READERS: dict[str, Callable[[Event], Concern]] = {
    visits.VISITS_TAKEN_IN: _intake,
    visits.VISITS_SCREENED_AGAIN: _screened,
    registry.POINT_CONFIRMED: _point,
    registry.POINT_LEARNT: _point,
    ingest.PROOFS_CHECKED: _proofs,
    evidence.FILES_EXAMINED: _photos,
    own.WEIGHTING_PUBLISHED: _weighting,
}
