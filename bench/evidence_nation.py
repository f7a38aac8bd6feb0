"""The cost of the evidence score on a simulated nation in PostgreSQL: steps of bench/evidence.py, each its own process.

`python -m bench.evidence_nation prepare|score` in a home of its own (PUYOU_HOME).
"""

import json
import os
import resource
import sys
import time
from datetime import UTC, datetime
from uuid import UUID

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "puyou.config.settings")
from puyou.config import embedded

if not os.environ.get("DATABASE_URL"):
    embedded.ensure()
import django

django.setup()
import numpy as np  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from puyou.config import reference  # noqa: E402
from puyou.core import clock, copying, partitions  # noqa: E402
from puyou.places import queries as places  # noqa: E402
from puyou.scrutiny import besides, measuring, reading, scoring  # noqa: E402
from puyou.simulator import crew, geography, nation, noise, trials, worlds  # noqa: E402
from puyou.visits import rules, storing  # noqa: E402
from puyou.visits.batches import Batch  # noqa: E402
from puyou.visits.screening import Columns  # noqa: E402

VISITS, DAYS_BEFORE, SEED = 450_000, 7, 2026


def say(text):
    print(f"▸ {text}", file=sys.stderr, flush=True)


def world_of_nation():
    """Rounds over every established village, and which of them are called at on a day so that 450,000 visits come."""

    tree = places.current_tree()
    land = geography.settle(tree, nation.established(tree.village_codes), SEED)
    random = np.random.default_rng([SEED, 90])
    _, county = np.unique(land.county, return_inverse=True)
    middle = np.stack([98 + 22 * random.random(county.max() + 1), 24 + 18 * random.random(county.max() + 1)])
    tour = land.round.astype(np.int64)
    first = np.searchsorted(tour, np.arange(land.rounds))
    town = noise.shifted(*middle[:, county[first]], *random.normal(0, 15_000, (2, land.rounds)))
    lon, lat = noise.shifted(town[0][tour], town[1][tour], *random.normal(0, 2_500, (2, len(tour))))
    number = np.bincount(tour)
    stops = worlds.lay_out(
        tour, county, lon, lat, np.zeros(len(tour), bool), random, land.place_id.astype(np.int64)
    )
    who = crew.hire(
        *noise.shifted(*town, *random.normal(0, 900, (2, land.rounds))), county[first], number, random
    )
    return worlds.World(who, stops, SEED)


def calls_of(world, day):

    random = np.random.default_rng([SEED, 91, day])
    share = VISITS / 1.012 / len(world.stops.tour)
    return np.flatnonzero(random.random(len(world.stops.tour)) < share)


def prepare():
    """Lay the nation's days into the tables."""

    call_command("migrate", verbosity=0, interactive=False)
    reference.load(by="bench", now=clock.now())
    world = world_of_nation()
    lay_registry(world)
    for day in range(trials.FIRST_DAY - DAYS_BEFORE, trials.FIRST_DAY + 1):
        told = worlds.live(world, day, calls_of(world, day))
        with transaction.atomic():
            lay_visits(world, told, day)
            if day == trials.FIRST_DAY:
                say("详情、凭证与照片")
                lay_besides(world, told, day)
    analyze()
    print(json.dumps({"villages": len(world.stops.tour), "couriers": len(world.crew)}))


def analyze():

    with connection.cursor() as cursor:
        for table in ("visits_visit", "visits_detail", "ingest_proof", "ingest_identity", "evidence_mention"):
            cursor.execute(f"ANALYZE {table}")


def lay_registry(world):
    """A firm point for each village, and tags where they hang: what distances and tags are judged by."""
    stops = world.stops
    rows = zip(stops.place.tolist(), stops.lon.tolist(), stops.lat.tolist(), strict=True)
    copying.copy_rows(
        "registry_villagepoint", ["place_id", "lon", "lat", "standing", "source", "valid_from"],
        ((place, lon, lat, "learnt", "模拟", "2020-01-01") for place, lon, lat in rows),
    )  # fmt: skip
    tagged = stops.place[stops.tagged].tolist()
    copying.copy_rows(
        "registry_villagetag", ["place_id", "code", "number", "kind", "valid_from", "ground"],
        ((place, str(place), 1, "qr", "2020-01-01", "") for place in tagged),
    )  # fmt: skip


def batch_of(world, told, day):
    """A simulated day as the batch that intake would store."""

    evidence = worlds.evidence_of(world, told, [])
    none = np.zeros(len(told), np.int64)
    stops = np.zeros((len(told), 16), np.uint8)
    stops[:, 8:] = told.stop.astype(">i8").view(np.uint8).reshape(-1, 8)
    seen = Columns(
        ids=evidence.ids, place=evidence.place, day=np.full(len(told), day), happened=evidence.happened,
        courier=evidence.courier, device=evidence.device, lon=told.lon, lat=told.lat, accuracy=told.accuracy,
        label=evidence.place, stop=told.stop, skew=told.skew,
    )  # fmt: skip
    batch = Batch(seen, (told.sent * 1e6).astype(np.int64), none, none, stops, told.source, none.astype(bool))
    return batch, evidence


def lay_visits(world, told, day):

    batch, evidence = batch_of(world, told, day)
    storing.ensure_partitions([day])
    masks = np.where(evidence.clock_wrong, rules.MASK["clock_skew"], 0)
    masks |= np.where(evidence.shared_device, rules.MASK["shared_device"], 0)
    masks |= np.where(evidence.foreign_device, rules.MASK["device_of_another"], 0)
    storing.insert_visits(batch, masks, np.ones(len(told), bool), evidence.distance, 1)


def lay_besides(world, told, day):
    """Details, proofs and photos' mentions of the day's visits from the app."""

    date_ = storing.day_of_number(day)
    received = datetime.fromtimestamp(float(told.sent.max()), UTC)
    for table in ("visits_detail", "ingest_proof"):
        partitions.ensure_months(table, [date_, received.date()])
    app = np.flatnonzero(told.source == 0)
    ids = [str(UUID(bytes=row.tobytes())) for row in worlds.identifiers(told)]
    digests = {row: f"\\x{int(told.picture[row]):064x}" for row in app[told.photos[app] > 0].tolist()}

    def details():
        for row in app.tolist():
            fixes = told.approach[row]
            known = fixes[~np.isnan(fixes[:, 0])].tolist()
            photos = [{"sha256": digests[row][2:], "role": "slip"}] if row in digests else None
            age = told.fix_age[row]
            yield (
                ids[row], date_, int(told.tag[row]), json.dumps(photos) if photos else None,
                None if np.isnan(age) else float(age), f"{int(told.session[row]):x}",
                max(int(told.monotonic[row] * 1000), 0), int(told.wall_jump[row] * 1000),
                None if told.mock[row] < 0 else bool(told.mock[row]),
                None if told.rooted[row] < 0 else bool(told.rooted[row]), json.dumps(known) if known else None,
            )  # fmt: skip

    copying.copy_rows(
        "visits_detail",
        ["id", "day", "tag_state", "photos", "fix_age_s", "clock_session", "monotonic_ms", "wall_jump_ms", "mock",
         "rooted", "approach"],
        details(),
    )  # fmt: skip
    copying.copy_rows(
        "ingest_identity", ["id", "digest", "received_at"], ((ids[r], "\\x01", received) for r in app)
    )
    copying.copy_rows(
        "ingest_proof",
        ["envelope_id", "received_at", "device_id", "key_id", "counter", "digest", "signature", "chain",
         "nonce_seconds", "kind"],
        ((ids[r], received, int(told.device[r]) + 1, "k", int(r), "\\x01", int(told.signature[r]),
          int(told.chain[r]), int(told.nonce[r]), "visit") for r in app if told.signature[r]),
    )  # fmt: skip
    copying.copy_rows(
        "evidence_mention", ["sha256", "subject", "owner", "role", "at"],
        ((digest, f"visit:{ids[row]}", "device:1", "slip", received) for row, digest in digests.items()),
    )  # fmt: skip


# Measuring.


def score():
    """Score the day as the job does, in a process that does nothing else; each step timed."""

    day = storing.day_of_number(trials.FIRST_DAY)
    counties = np.unique(places.current_tree().anchor[3]).tolist()
    copying.copy_rows("scrutiny_waitingday", ["day", "county_id"], ((day, county) for county in counties))
    spent = {}

    def timed(module, name, step):
        inner = getattr(module, name)

        def outer(*args, **kwargs):
            began = time.perf_counter()
            try:
                return inner(*args, **kwargs)
            finally:
                spent[step] = spent.get(step, 0.0) + time.perf_counter() - began

        setattr(module, name, outer)

    timed(reading, "read_day", "read")
    timed(besides, "read", "of which details, proofs, photos")
    timed(measuring, "measure", "measure")
    timed(scoring, "write", "write")
    began, busy = time.perf_counter(), time.process_time()
    while scoring.score_pending(now=clock.now()):
        pass
    seconds, cpu = time.perf_counter() - began, time.process_time() - busy
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), avg(score), count(*) FILTER (WHERE score < 50) FROM scrutiny_score")
        scored, mean, low = cursor.fetchone()
    print(json.dumps({
        "visits": scored, "seconds": round(seconds, 2), "processor_seconds": round(cpu, 2),
        "steps": {name: round(value, 2) for name, value in spent.items()}, "mean_score": round(float(mean), 1),
        "below_threshold": low, "counties": len(counties),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }))  # fmt: skip


if __name__ == "__main__":
    {"prepare": prepare, "score": score}[sys.argv[1]]()
