"""The commands against a second, plain reading of contracts §1, on adversarial worlds of real villages."""

import csv
import io
import json
import random
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command

from puyou.core import clock
from puyou.places.models import Place
from tests.journeys.referee import Duty, Excuse, World

NOW = datetime(2026, 11, 18, 3, 30, tzinfo=UTC)  # a Wednesday
BEGIN, END = date(2025, 12, 8), date(2026, 2, 1)  # across a year's end
RECENT = date(2026, 10, 26), date(2026, 11, 18)  # settled, provisional and pending weeks
COMPARED = (
    "place", "week", "villages", "met", "missed", "provisional", "excused", "pending", "rate", "trips",
    "trips_due", "longest_gap", "stand_in",
)  # fmt: skip


def _day(dice: random.Random, first: date, last: date) -> date:
    return first + timedelta(days=dice.randint(0, (last - first).days))


def _duty(dice: random.Random, village: str) -> Duty:
    period = dice.choice(["week", "week", "week", "day"])
    times = 1 if period == "day" else dice.randint(1, 7)
    first = dice.choice([date(2025, 1, 1), _day(dice, date(2025, 11, 20), date(2026, 11, 14))])
    until = dice.choice([None, None, first + timedelta(days=dice.randint(1, 400))])
    area_class = dice.choice(["urban", "township_seat", "rural", "remote"])
    return Duty(village, area_class, times, period, first, until)


def _world(seed: int) -> World:
    dice = random.Random(seed)
    villages = list(Place.objects.filter(level=5).order_by("code").values_list("code", flat=True))
    near = dice.randrange(len(villages) - 400)
    chosen = dice.sample(villages[near : near + 400], 14) + dice.sample(villages, 10)
    duties = {}
    for village in chosen:
        for _ in range(dice.choice([1, 1, 1, 2, 3])):
            duty = _duty(dice, village)
            duties[village, duty.first] = duty
    windows = [(BEGIN - timedelta(days=30), END), (date(2026, 9, 20), date(2026, 11, 18))]
    visits = set()
    for village in chosen:
        density = dice.choice([0.1, 0.4, 0.6, 0.95])
        for first, last in windows:
            for offset in range((last - first).days):
                if dice.random() < density:
                    visits.add((village, first + timedelta(days=offset)))
    excuses = []
    for _ in range(12):
        prefix = dice.choice(chosen)[: dice.choice([2, 4, 6, 9, 12])] if dice.random() > 0.1 else ""
        first = _day(dice, *dice.choice([(BEGIN, END), RECENT]))
        excuses.append(Excuse(prefix, first, first + timedelta(days=dice.randint(1, 12))))
    known = set(Place.objects.values_list("code", flat=True))
    return World(sorted(duties.values(), key=repr), visits, excuses, known, NOW)


def _write(path, header: str, rows) -> str:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        writer.writerows(rows)
    return str(path)


def _command(*arguments: str) -> dict:
    out = io.StringIO()
    call_command(*arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def _load(world: World, folder) -> None:
    duties = _write(
        folder / "duties.csv",
        "village_code,area_class,times,period,from,to",
        [(d.village, d.area_class, d.times, d.period, d.first, d.until or "") for d in world.duties],
    )
    visits = _write(
        folder / "visits.csv",
        "visit_id,village_code,courier_no,device_id,happened_at,lon,lat,accuracy_m",
        [
            (f"v-{n}", village, f"c{n % 7}", f"d{n % 7}", f"{day}T{n % 20:02d}:15:00+08:00", "", "", "")
            for n, (village, day) in enumerate(sorted(world.visits))
        ],
    )
    excuses = _write(
        folder / "excuses.csv",
        "place_code,from,until,ground,document_no",
        [
            (e.prefix.ljust(12, "0"), e.first, e.until, "flood", f"文〔2026〕{n}号")
            for n, e in enumerate(world.excuses)
        ],
    )
    assert _command("import_duties", duties)["accepted"] == len(world.duties)
    assert _command("import_visits", visits)["accepted"] == len(world.visits)
    assert _command("import_excuses", excuses)["accepted"] == len(world.excuses)


def _compare(world: World, place: str, span: tuple[date, date], level: str) -> None:
    said = _command(
        "compliance",
        "--place",
        place,
        "--from",
        span[0].isoformat(),
        "--to",
        span[1].isoformat(),
        "--by",
        level,
    )["rows"]
    prefix = "" if place == "0" * 12 else place
    expected = world.figures(prefix, *span, level)
    got = [{key: row[key] for key in COMPARED} for row in said]
    assert got == [{key: row[key] for key in COMPARED} for row in expected]


@pytest.mark.parametrize("seed", range(6))
def test_the_commands_agree_with_the_page(seed, own_database, tmp_path):
    world = _world(seed)
    with clock.frozen(NOW):
        _load(world, tmp_path)
        for span in [(BEGIN, END), RECENT]:
            for level in ("nation", "province", "city", "county", "township", "village"):
                _compare(world, "0" * 12, span, level)
        county = world.duties[0].village[:6]
        for level in ("county", "township", "village"):
            _compare(world, county, RECENT, level)
        assert _command("rebuild", "--check")["differences"] == 0
