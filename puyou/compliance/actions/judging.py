"""Judging again whatever changed: village-weeks off the queue, ranges after an import, all when due."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from puyou.compliance import basis, judging, reading, remembering, storing, telling
from puyou.compliance.models import JudgedWeek, Judging
from puyou.compliance.rules import window_start
from puyou.core.periods import Week, day_of
from puyou.places import queries as places
from puyou.places.models import Place
from puyou.visits import actions as visits

LOCK = "SELECT pg_advisory_xact_lock(hashtext('compliance.judge'))"
DRAIN = 20_000
WHOLE_SHARE = 0.6  # beyond this share of counties judging all costs no more
JUDGE = "system:judge"
Ids = NDArray[np.int32]


def lock() -> None:
    """One judge at a time, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK)


def judge_pending(now: datetime, *, by: str = JUDGE) -> int:
    """Judge the village-weeks that wait, and what the passing of days made stale; returns how many it took.

    One transaction: what was taken off the queue waits again if anything fails.
    """
    with transaction.atomic():
        lock()
        place, monday, causes = _drain()
        stale = basis.stale_weeks(day_of(now))
        if not len(place) and not stale:
            return 0
        since = _judge_stale(stale, causes, now, by)
        early = monday < (reading.number(since) if since else np.iinfo(np.int32).max)
        _judge_touched(place[early], monday[early], causes, now, by)
    return len(place) + len(stale)


def _drain() -> tuple[Ids, Ids, telling.Causes]:
    """Everything that waits: place ids, Mondays, and why each of them changed."""
    parts = [visits.drain_changes(DRAIN)]
    while len(parts[-1][0]):
        parts.append(visits.drain_changes(DRAIN))
    place, monday, cause = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    keys = zip(place.tolist(), monday.tolist(), strict=True)
    return place, monday, telling.Causes("duty", dict(zip(keys, cause.tolist(), strict=True)))


def _judge_stale(stale: list[date], causes: telling.Causes, now: datetime, by: str) -> date | None:
    if not stale:
        return None
    _run(min(stale), Week.of(day_of(now)).monday, None, causes, now, by, whole_basis=_first_ever())
    return min(stale)


def _first_ever() -> bool:
    return not Judging.objects.exclude(basis="").exists()


def _judge_touched(place: Ids, monday: Ids, causes: telling.Causes, now: datetime, by: str) -> None:
    """Each village from its earliest changed week on: a visit also ends a gap that later weeks see."""
    if not len(place):
        return
    this_week = reading.number(Week.of(day_of(now)).monday)
    recent = monday >= this_week - 7
    late = np.unique(place[~recent])
    fresh = np.setdiff1d(place[recent], late)
    for villages, since in ((fresh, this_week - 7), (late, int(monday.min()))):
        if len(villages):
            first = max(_day(since), window_start(day_of(now)))
            _run(first, _day(this_week), villages, causes, now, by)


def judge_range(
    first: date,
    last: date | None = None,
    place_ids: Iterable[int] | NDArray[Any] | None = None,
    *,
    cause: str = "duty",
    now: datetime,
    by: str = JUDGE,
) -> int:
    """Judge again the weeks from the one of ``first`` on, of some villages (ids) or of all.

    Weeks after ``last`` are judged too as far as a gap may reach into them. Returns how many verdicts that
    had been said are others now. For imports of duties, loaded day sets, changed rules: the caller vouches
    that nothing else changed.
    """
    today = day_of(now)
    start = max(Week.of(first).monday, window_start(today))
    end = Week.of(today).monday
    if last is not None:
        end = min(end, Week.of(last).monday + timedelta(weeks=53))
    if start > end:
        return 0
    with transaction.atomic():
        lock()
        stale = basis.stale_weeks(today)
        if stale and (place_ids is None or min(stale) <= start):
            return _run(min(start, *stale), Week.of(today).monday, None, telling.Causes(cause), now, by, True)
        villages = (
            None if place_ids is None else np.unique(np.asarray(list(place_ids), np.int64)).astype(np.int32)
        )
        return _run(
            start, end, villages, telling.Causes(cause), now, by, whole_basis=cause in ("duty", "rule")
        )


def judge_places(
    *, among: Iterable[Place], first: date, last: date, cause: str, now: datetime, by: str
) -> int:
    """As ``judge_range`` for everything below some places, wherever the tree had it in those weeks."""
    chosen = list(among)
    found = [np.zeros(0, np.int32)]
    for tree in {id(tree): tree for tree in map(places.tree_on, (first, last, day_of(now)))}.values():
        found += [tree.village_ids[reading.villages_under(tree, place)] for place in chosen]
    return judge_range(first=first, last=last, place_ids=np.concatenate(found), cause=cause, now=now, by=by)


def judge_rule_period(*, first: date, until: date | None, now: datetime, by: str = JUDGE) -> int:
    """Judge again the period of a newly published rule version, ``[first, until)``."""
    last = None if until is None else until - timedelta(days=1)
    return judge_range(first=first, last=last, cause="rule", now=now, by=by)


def bring_up_to_date(*, now: datetime, by: str = JUDGE) -> int:
    """Make every stored figure true now: what waits, what is stale, what duties, rules or tree changed."""
    with transaction.atomic():
        lock()
        changed = 0
        if basis.last_digest() != basis.digest():
            today = day_of(now)
            _, _, causes = _drain()
            week = Week.of(today).monday
            changed = _run(window_start(today), week, None, causes, now, by, whole_basis=True)
        return changed + judge_pending(now=now, by=by)


def _run(
    first: date,
    last: date,
    villages: Ids | None,
    causes: telling.Causes,
    now: datetime,
    by: str,
    whole_basis: bool = False,
) -> int:
    """Judge weeks ``first`` to ``last`` (Mondays) of some villages' counties, or of all; store and tell."""
    today = day_of(now)
    run = Judging.objects.create(at=now, cause=causes.common, basis=basis.digest() if whole_basis else "")
    seen = dict(JudgedWeek.objects.values_list("monday", "as_of"))
    said = np.array([reading.number(m) for m, as_of in seen.items() if (as_of - m).days >= 7], np.int32)
    count = (last - first).days // 7 + 1
    changes: list[remembering.Changes] = []
    versions: dict[int, int] = {}
    everything = villages is None
    for stretch in reading.stretches(first, count):
        counties = None if villages is None else storing.counties_of(stretch.tree, villages)
        if counties is not None and len(counties) >= WHOLE_SHARE * _counties(stretch):
            counties = None
        judgement, asked = _judge_stretch(stretch, counties, today, run.pk)
        run.village_weeks += judgement.codes.size
        changes.append(remembering.remember(judgement, asked, today))
        versions |= {
            reading.number(m): v[2] for m, v in zip(stretch.mondays, judgement.source.versions, strict=True)
        }
    if everything:
        basis.mark([first + timedelta(weeks=i) for i in range(count)], today)
    run.changed = telling.tell(remembering.Changes.joined(changes), said, causes, versions, by, now)
    run.save()
    return int(run.changed)


def _judge_stretch(
    stretch: reading.Stretch, counties: Ids | None, today: date, run: int
) -> tuple[judging.Judgement, Ids | None]:
    if counties is None:
        judgement = judging.judge(reading.read(stretch, None, today), storing.STORED)
        storing.replace_weeks(judgement, run)
        return judgement, None
    wanted = storing.villages_of(stretch.tree, counties)
    judgement = judging.judge(reading.read(stretch, wanted, today), storing.STORED[:1])
    storing.replace_counties(judgement, counties, run)
    return judgement, stretch.tree.village_ids[wanted]


def _counties(stretch: reading.Stretch) -> int:
    return len(np.unique(stretch.tree.anchor[storing.COUNTY]))


def _day(days: int) -> date:
    return reading.EPOCH + timedelta(days=days)
