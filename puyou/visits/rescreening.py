"""Screening stored visits again, once the registry or the standards know more about their days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from puyou.core import events as log
from puyou.visits import events, facts, recounting, rereading, rules, storing, strangers, taking
from puyou.visits.rereading import Stored
from puyou.visits.taking import Judged

DAYS_AT_ONCE = 31
NAMED_PLACES = 300  # villages that an event names; of more it tells the days alone
NEXT_DAYS = """
SELECT DISTINCT v.day FROM visits_visit v WHERE v.day >= %s AND v.day < %s AND ({whose}) ORDER BY v.day LIMIT %s
"""
REWRITE = """
UPDATE visits_visit v SET findings = n.findings, distance_m = n.distance, point_id = nullif(n.point, 0),
    counting = NOT v.rejected AND n.findings & %s = 0
FROM (SELECT * FROM unnest(%s::uuid[], %s::date[], %s::int[], %s::float8[], %s::int[])
    AS t(id, day, findings, distance, point) ORDER BY id) n
WHERE v.id = n.id AND v.day = n.day
"""
FOREVER = date(9999, 12, 31)
Ids = Sequence[int]


@dataclass(frozen=True)
class Concern:
    """Whose visits a late fact concerns: those of any of these ids; of everybody when all three are None."""

    place_ids: Ids | None = None
    courier_ids: Ids | None = None
    device_ids: Ids | None = None

    @property
    def whole(self) -> bool:
        return self.place_ids is None and self.courier_ids is None and self.device_ids is None

    def where(self) -> str:
        """The condition on ``v``: ids, and the strangers' numbers that those couriers and devices had before."""
        if self.whole:
            return "true"
        columns = {
            "place_id": list(self.place_ids or ()),
            "courier_id": strangers.numbers_of_couriers(self.courier_ids or ()),
            "device_id": strangers.numbers_of_devices(self.device_ids or ()),
        }
        asked = [f"v.{name} = ANY('{{{_listed(ids)}}}'::int[])" for name, ids in columns.items() if ids]
        return " OR ".join(asked) or "false"


def _listed(ids: Ids) -> str:
    return ",".join(str(int(each)) for each in ids)


def screen_again(
    *,
    place_ids: Ids | None = None,
    courier_ids: Ids | None = None,
    device_ids: Ids | None = None,
    since: date,
    until: date | None = None,
    cause: str = "review",
    reason: str = "asked",
    by: str,
    now: datetime,
) -> int:
    """Screen stored visits of any of these places, couriers or devices, in ``[since, until)``, as if they just came.

    None for all three means every visit. Numbers of strangers that are registered by now are linked. Each stretch of
    days is one transaction with its masks, day sets, word for the judge (``cause``) and visits.screened_again, so a
    repeat changes nothing. Returns how many visits changed.
    """
    concern, changed, following = Concern(place_ids, courier_ids, device_ids), 0, since
    while True:
        done, further = screen_stretch(concern, following, until, cause, reason, by, now)
        changed += done
        if further is None:
            return changed
        following = further


@transaction.atomic
def screen_stretch(
    concern: Concern, since: date, until: date | None, cause: str, reason: str, by: str, now: datetime
) -> tuple[int, date | None]:
    """Screen the next days that hold such visits; how many visits changed, and the day to go on from (None: done)."""
    where, limit = concern.where(), 1 if concern.whole else DAYS_AT_ONCE
    with connection.cursor() as cursor:
        cursor.execute(NEXT_DAYS.format(whose=where), [since, until or FOREVER, limit])
        days = [row[0] for row in cursor.fetchall()]
    if not days:
        return 0, None
    storing.lock_days(np.array([(day - storing.EPOCH).days for day in days]))
    everybody = None if concern.whole else ()
    linked = strangers.link(days, concern.courier_ids or everybody, concern.device_ids or everybody)
    changed = screen_days(days, where, linked, cause, reason, by, now)
    return changed, days[-1] + timedelta(days=1) if len(days) == limit else None


def screen_days(
    days: list[date], where: str, linked: int, cause: str, reason: str, by: str, now: datetime
) -> int:
    """Screen the visits of some days (locked by the caller) that meet ``where``; how many changed.

    Whether a visit counts is compared with what stood before, so a repeat changes nothing.
    """
    stored = rereading.read_stored(days, where)
    if stored is None:
        return 0
    seen = stored.batch.seen
    judged = taking.judge(
        stored.batch, facts.read_register(seen.place, seen.courier, seen.device), again=True
    )
    fresh = _changed(stored, judged)
    flipped = (stored.findings & rules.STOPPING) != (judged.findings & rules.STOPPING)
    _rewrite(judged, fresh)
    others = judged.changed
    storing.update_findings(others.seen.ids, others.seen.day, others.findings)
    recounting.recompute_days(seen.place[flipped], seen.day[flipped])
    places = np.concatenate([seen.place[fresh], others.seen.place])
    storing.add_changes(places, np.concatenate([seen.day[fresh], others.seen.day]), cause)
    count = len(places)
    if count:
        said = {
            "reason": reason, "first_day": str(days[0]), "last_day": str(days[-1]), "screened": len(seen),
            "changed": count, "linked": linked, "stopped": int((flipped & ~judged.counting).sum()),
            "cleared": int((flipped & judged.counting).sum()),
        }  # fmt: skip
        changed_places = np.unique(places)
        if len(changed_places) <= NAMED_PLACES:
            said["places"] = changed_places.tolist()
        log.append(events.VISITS_SCREENED_AGAIN, subject=f"visits:{days[0]}", actor=by, now=now, data=said)
    return count


def _changed(stored: Stored, judged: Judged) -> NDArray[np.bool_]:
    same_distance = (stored.distance == judged.distance) | (
        np.isnan(stored.distance) & np.isnan(judged.distance)
    )
    other = (stored.findings != judged.findings) | (stored.point != judged.batch.point)
    return np.asarray(~same_distance | other)


def _rewrite(judged: Judged, rows: NDArray[np.bool_]) -> None:
    """Write masks, distances and points; whether a visit counts follows from its mask and its review as they stand."""
    chosen = np.flatnonzero(rows).tolist()
    if not chosen:
        return
    seen = judged.batch.seen
    distances = judged.distance[chosen].tolist()
    with connection.cursor() as cursor:
        cursor.execute(
            REWRITE,
            [
                rules.STOPPING,
                [seen.ids[row].tobytes().hex() for row in chosen],
                [storing.day_of_number(seen.day[row]) for row in chosen],
                judged.findings[chosen].tolist(),
                [None if np.isnan(each) else each for each in distances],
                judged.batch.point[chosen].tolist(),
            ],
        )
