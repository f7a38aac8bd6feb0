"""Judging the nation's year: 535,640 villages × 53 weeks from day sets to six levels, beside DuckDB on raw visits.

The villages are the real ones, padded with synthetic ones (codes from 900000000000). Day sets are drawn, kept as
bit(371) in PostgreSQL, loaded back and kept as a memory-mapped snapshot; the timed path is the product's own
(puyou.compliance.weeks and sums) with part weeks, excuses and the longest gap. The visits of 13 of the weeks are drawn
from the same day sets.
"""

import json
import os
import pickle
import platform
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "puyou.config.settings")
from puyou.compliance import arrays, sums, weeks
from puyou.places.arrays import build_tree, chain_paths

VILLAGES, WEEKS, HISTORY = 535_640, 53, 53
FIRST = date(2025, 1, 6)
DAY = (FIRST - date(1970, 1, 1)).days
COMPARED = range(30, 43)  # 13 weeks
VISITS_A_DAY = 500_000  # the most that the product is built for: 300,000–500,000 deliveries a day
LEAST_VISITS = 27_000_000
LEVELS = (4, 3, 2, 1, 0)
FIGURES = ("met", "unmet", "trips", "trips_due", "longest_gap")
ROOT = Path(__file__).resolve().parents[1]


def say(text):
    print(f"▸ {text} …", file=sys.stderr, flush=True)


def tree_of_villages(dice):
    """The real divisions as the product's tree, level 5 cut to 建制村 and padded with synthetic villages."""
    table = pq.read_table(ROOT / "data" / "divisions.parquet", columns=["code", "level", "parent_code"])
    codes = np.array(table["code"].to_pylist(), "U12").astype(np.int64)
    level = table["level"].to_numpy()
    parents = np.array([code or "0" for code in table["parent_code"].to_pylist()], "U12").astype(np.int64)
    part = codes % 1000
    keep = (level < 5) | ((part >= 200) & (part < 400))
    codes, level, parents = codes[keep], level[keep], parents[keep]
    missing = VILLAGES - int((level == 5).sum())
    towns = codes[level == 4]
    codes = np.concatenate([[0], codes, 900_000_000_000 + np.arange(missing)])
    level = np.concatenate([[0], level, np.full(missing, 5)]).astype(np.int8)
    parents = np.concatenate([[-1], parents, dice.choice(towns, missing)])
    order = np.argsort(codes)
    at = order[np.minimum(np.searchsorted(codes[order], parents), len(codes) - 1)]
    rows = np.where(parents >= 0, at, -1)
    rows[0] = -1
    ids = np.arange(1, len(codes) + 1, dtype=np.int32)
    return build_tree(ids, codes, level, chain_paths(ids, rows.astype(np.intp), level)), missing


def draw(tree, dice):
    """Duties and day sets: most keep their days, one in twelve is weak, some have part weeks or two duties."""
    count = len(tree)
    area = dice.choice(4, count, p=[0.04, 0.08, 0.76, 0.12]).astype(np.uint8)
    order = np.lexsort((np.arange(count), area))
    area = area[order]
    times = np.array([1, 5, 3, 1], np.uint8)[area]
    first = np.full(count, DAY - 4000, np.int32)
    until = np.full(count, arrays.OPEN_END, np.int32)
    late, ended = dice.choice(count, 8000, False), dice.choice(count, 4000, False)
    first[late] = DAY + dice.integers(0, 371, len(late))
    until[ended] = DAY + dice.integers(0, 371, len(ended))
    second = dice.choice(count, 3000, False)
    village = np.concatenate([np.arange(count), second]).astype(np.int32)
    rows = arrays.DutyRows.build(
        village,
        np.arange(len(village)),
        np.concatenate([area, area[second]]),
        np.concatenate([times, np.full(len(second), 2, np.uint8)]),
        np.concatenate([area == 0, np.zeros(len(second), bool)]),
        np.zeros(len(village), np.uint8),
        np.concatenate([first, np.full(len(second), DAY - 100, np.int32)]),
        np.concatenate([until, np.full(len(second), DAY + 200, np.int32)]),
    )
    served = draw_days(area, dice)
    return order, area, rows, served


def draw_days(area, dice):
    """uint8[HISTORY + WEEKS, N]: each village its weekdays, kept with a chance of its own."""
    plans = [np.array(p, np.uint8) for p in ([127], [31], [21, 42, 84, 73], [4, 8, 16, 2])]
    plan = np.zeros(len(area), np.uint8)
    for kind, choices in enumerate(plans):
        here = np.flatnonzero(area == kind)
        plan[here] = dice.choice(choices, len(here))
    weak = dice.random(len(area)) < 0.08
    served = np.empty((HISTORY + WEEKS, len(area)), np.uint8)
    for week in range(len(served)):
        noise = [dice.integers(0, 256, len(area), dtype=np.uint8) for _ in range(6)]
        lost = noise[0] & noise[1] & noise[2] & noise[3] & noise[4] & noise[5]
        served[week] = plan & ~np.where(weak, noise[0] & noise[1], lost)
        served[week] |= noise[0] & noise[1] & noise[2] & 127  # an extra day now and then
    return served


def excuses(tree, order, dice):
    """Counties under a flood for some days: row of ``served`` → uint8[N]."""
    county = tree.anchor[3][order]
    found = {}
    for place in dice.choice(np.unique(county), 60, False):
        row = HISTORY + int(dice.integers(0, WEEKS))
        mask = found.setdefault(row, np.zeros(len(order), np.uint8))
        mask[county == place] |= np.uint8(dice.choice([7, 63, 127, 112]))
    return found


def through_postgresql(served, folder):
    """Keep the day sets as rows of bit(371), read them back, write the snapshot; (load seconds, path)."""
    import django  # noqa: PLC0415 - only this step needs a database

    from puyou.config import embedded  # noqa: PLC0415

    if not os.environ.get("DATABASE_URL"):
        embedded.ensure()
    django.setup()
    from django.db import connection, transaction  # noqa: PLC0415

    from puyou.core import copying  # noqa: PLC0415
    from puyou.visits import daysets  # noqa: PLC0415

    count = served.shape[1]
    types = {"place_id": "int4", "iso_year": "int2", "days": "bit(371)"}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE bench_days (place_id int, iso_year smallint, days bit(371)) ON COMMIT DROP"
        )
        for year in range(2):
            bits = np.unpackbits(served[53 * year : 53 * year + 53].T[:, :, None], axis=2, bitorder="little")
            packed = np.packbits(bits[:, :, :7].reshape(count, 371), axis=1)
            years = np.full(count, 2024 + year, np.int16)
            columns = {"place_id": np.arange(count, dtype=np.int32), "iso_year": years, "days": packed}
            copying.copy_in("bench_days", columns, types)
        path = Path(folder) / "days.npy"
        began = time.perf_counter()
        snapshot = np.lib.format.open_memmap(path, "w+", np.uint8, served.shape)
        for year in range(2):
            sql = f"SELECT place_id, iso_year, days FROM bench_days WHERE iso_year = {2024 + year}"
            found = copying.copy_out(sql, types)
            for week in range(53):
                snapshot[53 * year + week, found["place_id"]] = daysets.week_bits(found["days"], week)
        snapshot.flush()
        return time.perf_counter() - began, path


def write_visits(served, dice, folder):
    """Visits of the compared weeks, as many a day as the product is built for, as Parquet; returns their number."""
    days = sum(int(np.bitwise_count(served[HISTORY + week]).sum()) for week in COMPARED)
    twice = max(0.0, VISITS_A_DAY * 7 * len(COMPARED) / days - 1)  # share of village-days with a second visit
    path = Path(folder) / "visits.parquet"
    schema = pa.schema([("village", pa.int32()), ("happened_at", pa.timestamp("us"))])
    total = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for week in COMPARED:
            row = served[HISTORY + week]
            villages = [np.flatnonzero(row >> bit & 1) for bit in range(7)]
            for bit, who in enumerate(villages):
                again = who[dice.random(len(who)) < twice]
                village = dice.permutation(np.concatenate([who, again])).astype(np.int32)
                moment = (
                    (DAY + 7 * week + bit) * 86_400 + dice.integers(25_000, 70_000, len(village))
                ) * 10**6
                writer.write_table(pa.table([village, moment.astype("datetime64[us]")], schema=schema))
                total += len(village)
    return path, total


def once(facts, ladder):
    """The timed path: every week judged, with gaps, and added up to every level."""
    codes = np.empty((facts.weeks, facts.villages), np.uint8)
    figures = [None] * facts.weeks

    def keep(week, by_level):
        codes[week.index] = week.verdicts.code
        figures[week.index] = by_level

    sums.add_weeks(ladder, facts, keep)
    return codes, figures


# The same figures from the raw visits: distinct days, the longest run of days without any that touches the week
# (visits before the compared weeks are not there to be looked back at), verdict, trips.
QUERY = """
CREATE TEMP TABLE judged AS
WITH days AS (
    SELECT DISTINCT village, CAST(epoch_us(happened_at) // 86400000000 - {day} AS INTEGER) AS day
    FROM read_parquet('{path}')),
lagged AS (
    SELECT village, day, day - lag(day, 1, {first} - 1) OVER (PARTITION BY village ORDER BY day) - 1 AS before
    FROM days),
weekly AS (
    SELECT village, day // 7 AS week, count(*) AS days, max(day) AS latest,
        max(before) FILTER (WHERE day % 7 > 0) AS before  -- a run that ended on Sunday does not touch the week
    FROM lagged GROUP BY ALL)
SELECT a.village, a.week, a.place4, a.place3, a.place2, a.place1, a.area, coalesce(w.days, 0) AS served, a.need,
    greatest(coalesce(w.before, 0), a.week * 7 + 6 - coalesce(
        max(w.latest) OVER (PARTITION BY a.village ORDER BY a.week), {first} - 1)) AS gap
FROM asked a LEFT JOIN weekly w USING (village, week);
"""
WITHOUT_GAP = """
CREATE OR REPLACE TEMP TABLE judged AS
WITH days AS (
    SELECT village, CAST((epoch_us(happened_at) // 86400000000 - {day}) // 7 AS INTEGER) AS week,
        count(DISTINCT epoch_us(happened_at) // 86400000000) AS days
    FROM read_parquet('{path}') GROUP BY ALL)
SELECT a.village, a.week, a.place4, a.place3, a.place2, a.place1, a.area, coalesce(d.days, 0) AS served, a.need,
    0 AS gap
FROM asked a LEFT JOIN days d USING (village, week);
"""
ROLL = """
SELECT week, {place} AS place, area, count(*) FILTER (WHERE served >= need) AS met,
    count(*) FILTER (WHERE served < need) AS unmet, sum(least(served, need)) AS trips, sum(need) AS due, max(gap) AS gap
FROM judged GROUP BY ALL
"""


def by_duckdb(path, asked, folder):
    """Distinct days, longest gap, verdict, six levels over the raw visits: seconds, those without gap, roll-ups."""
    base = duckdb.connect(f"{folder}/base.duckdb")
    base.execute(f"SET threads = 2; SET temp_directory = '{folder}'")
    base.register("asked_arrow", asked)
    base.execute("CREATE TABLE asked AS SELECT * FROM asked_arrow")
    seconds, rolled = [], []
    for query in (WITHOUT_GAP, QUERY):
        base.execute("DROP TABLE IF EXISTS judged")
        began = time.perf_counter()
        base.execute(query.format(path=path, day=DAY, first=7 * COMPARED[0]))
        rolled = [
            base.execute(ROLL.format(place=f"place{level}" if level else "0")).fetchnumpy()
            for level in LEVELS
        ]
        seconds.append(time.perf_counter() - began)
    return seconds[1], seconds[0], rolled


def asked_of(tree, order, area, facts):
    """What each counted, single-duty village-week without an excuse asks: the part that both can compare."""
    simple = np.ones(facts.villages, bool)
    simple[facts.rows.village[np.diff(facts.rows.village, prepend=-1) == 0]] = False
    odd = (facts.rows.first > facts.monday) | (facts.rows.until < arrays.OPEN_END)
    simple[facts.rows.village[odd]] = False
    for row in COMPARED:
        if HISTORY + row in facts.excused:
            simple &= facts.excused[HISTORY + row] == 0
    village = np.flatnonzero(simple).astype(np.int32)
    need = np.array([7, 5, 3, 1], np.int32)[area[village]]
    columns = {f"place{level}": tree.anchor[level][order][village] for level in (4, 3, 2, 1)}
    columns |= {"village": village, "area": area[village].astype(np.int32), "need": need}
    tables = [pa.table(columns | {"week": np.full(len(village), week, np.int32)}) for week in COMPARED]
    return simple, pa.concat_tables(tables)


def same(simple, tree, order, area, facts, rolled):
    """Whether DuckDB's roll-ups equal the product's, judged and added up over the villages that both can compare."""
    at = np.flatnonzero(simple)
    rows = facts.rows.take(np.isin(facts.rows.village, at))
    number = np.cumsum(simple) - 1
    part = weeks.Facts(
        len(at), facts.monday + 7 * COMPARED[0], len(COMPARED), 0,
        np.ascontiguousarray(facts.served[HISTORY + COMPARED[0] : HISTORY + COMPARED[-1] + 1][:, at]),
        replace(rows, village=number[rows.village].astype(np.int32)),
        facts.rule[: len(COMPARED)], facts.today,
    )  # fmt: skip
    own = sums.ladder(
        [tree.anchor[level][order][at] for level in LEVELS],
        [tree.stand_in[level][order][at] for level in LEVELS],
        LEVELS, area[at], (part.rows.village, part.rows.area_class), order[at],
    )  # fmt: skip
    _, figures = once(part, own)
    for i, theirs in enumerate(rolled):
        level = own.levels[i]
        mine = {}
        for w, by_level in enumerate(figures):
            for g in np.flatnonzero(by_level[i]["met"] + by_level[i]["unmet"]):
                place = int(level.place[g]) if LEVELS[i] else 0
                figure = tuple(int(by_level[i][name][g]) for name in FIGURES)
                mine[COMPARED[w], place, int(level.area_class[g])] = figure
        keys = zip(theirs["week"].tolist(), theirs["place"].tolist(), theirs["area"].tolist(), strict=True)
        values = zip(
            *(theirs[name].astype(int).tolist() for name in ("met", "unmet", "trips", "due", "gap")),
            strict=True,
        )
        if dict(zip(keys, values, strict=True)) != mine:
            return False
    return True


def build(path, folder):
    """Day sets of the compared weeks from the raw visits, by the fold and layout that the product imports with."""
    base = duckdb.connect(f"{folder}/fold.duckdb")
    base.execute("SET threads = 2")
    began = time.perf_counter()
    found = base.execute(
        f"SELECT village, (epoch_us(happened_at) // 86400000000 - {DAY}) // 7 AS week,"
        f" bit_or(1 << ((epoch_us(happened_at) // 86400000000 - {DAY}) % 7)::INTEGER) AS days"
        f" FROM read_parquet('{path}') GROUP BY ALL"
    ).fetchnumpy()
    sets = np.zeros((len(COMPARED), VILLAGES), np.uint8)
    sets[found["week"].astype(int) - COMPARED[0], found["village"]] = found["days"].astype(np.uint8)
    return time.perf_counter() - began, sets


def main():
    dice = np.random.default_rng(20261123)
    conditions = {
        "cpu": next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if "model name" in line), ""),
        "cores": os.cpu_count(), "python": platform.python_version(), "numpy": np.__version__,
        "duckdb": duckdb.__version__, "load_before": os.getloadavg(),
    }  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="bench-compliance-") as folder:
        say("区划与抽样")
        tree, synthetic = tree_of_villages(dice)
        order, area, rows, drawn = draw(tree, dice)
        load_seconds, path = through_postgresql(drawn, folder)
        say("原始打卡")
        visits, total = write_visits(drawn, dice, folder)
        del drawn
        served = np.load(path, mmap_mode="r")
        rule = [[0, 0, 0, 0]] * WEEKS
        facts = weeks.Facts(
            VILLAGES, DAY, WEEKS, HISTORY, served, rows, rule, DAY + 10_000, excuses(tree, order, dice)
        )
        ladder = sums.ladder(
            [tree.anchor[level][order] for level in LEVELS],
            [tree.stand_in[level][order] for level in LEVELS],
            LEVELS, area, (rows.village, rows.area_class), order,
        )  # fmt: skip
        report = measure(facts, ladder, folder)
        say("DuckDB")
        simple, asked = asked_of(tree, order, area, facts)
        duckdb_seconds, without_gap, rolled = by_duckdb(visits, asked, folder)
        build_seconds, built = build(visits, folder)
        first = HISTORY + COMPARED[0]
        report |= {
            "built_equal": bool(np.array_equal(built, served[first : first + len(COMPARED)])),
            "duckdb_seconds": duckdb_seconds, "duckdb_without_gap_seconds": without_gap,
            "duckdb_weeks": len(COMPARED), "duckdb_visits": total,
            "equal": same(simple, tree, order, area, facts, rolled), "compared_villages": int(simple.sum()),
            "build_seconds": build_seconds, "load_seconds": load_seconds,
            "synthetic_villages": synthetic,
        }  # fmt: skip
        report["ratio_per_week"] = (duckdb_seconds / len(COMPARED)) / (report["seconds"] / WEEKS)
        report["ratio_to_scan"] = report["seconds"] / report["scan_seconds"]
        report["conditions"] = conditions | {"load_after": os.getloadavg()}
    print(json.dumps(report, ensure_ascii=False, default=float))
    sound = (
        report["equal"]
        and report["built_equal"]
        and total >= LEAST_VISITS
        and report["seconds"] <= 1
        and report["peak_mib"] <= 1024
    )
    sys.exit(0 if sound and report["ratio_per_week"] >= 100 else 1)


def measure(facts, ladder, folder):
    """What a fresh process that does nothing but judge from the snapshot reports of itself."""
    say("判定全国一年")
    kept = {"facts": replace(facts, served=None), "ladder": ladder}
    Path(folder, "judge.pickle").write_bytes(pickle.dumps(kept))
    found = subprocess.run(
        [sys.executable, "-m", "bench.compliance", folder], capture_output=True, check=True, cwd=ROOT
    )
    return json.loads(found.stdout)


def judge_alone(folder):
    """The best of seven runs over the memory-mapped snapshot, one scan, and the peak memory of this process."""
    kept = pickle.loads(Path(folder, "judge.pickle").read_bytes())
    ladder, served = kept["ladder"], np.load(Path(folder, "days.npy"), mmap_mode="r")
    facts = replace(kept["facts"], served=served)
    timings, cpu = [], []
    for _ in range(7):
        ladder.last_due.clear()
        began, busy = time.perf_counter(), time.process_time()
        codes, figures = once(facts, ladder)
        timings.append(time.perf_counter() - began)
        cpu.append(time.process_time() - busy)
    scans = []
    for _ in range(5):
        began = time.perf_counter()
        int(np.asarray(served[HISTORY:]).max())
        scans.append(time.perf_counter() - began)
    report = {
        "villages": facts.villages, "weeks": facts.weeks, "seconds": min(timings), "runs": timings,
        "cpu_seconds": min(cpu), "scan_seconds": min(scans),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "last_week": {name: int(column.sum()) for name, column in figures[-1][-1].items()},
        "codes": {str(k): int(v) for k, v in zip(*np.unique(codes, return_counts=True), strict=True)},
    }  # fmt: skip
    print(json.dumps(report))


if __name__ == "__main__":
    judge_alone(sys.argv[1]) if len(sys.argv) > 1 else main()
