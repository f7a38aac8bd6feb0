"""How long importing visits takes, verdicts included: `make bench NAME=import_visits`, with `--rows 10000000`.

Makes a home of its own, loads the divisions, lays a duty on every established village, writes a CSV of visits of eight
weeks and imports it by the command. Prints one JSON document.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parents[1]
PUYOU = [sys.executable, "-m", "puyou.config.cli"]
FIRST_DAY, DAYS = "2026-08-03", 56
ESTABLISHED = "level = 5 AND CAST(right(code, 3) AS INTEGER) BETWEEN 200 AND 399"


def write_files(folder: Path, rows: int) -> tuple[Path, Path]:
    """A duty for every established village, and `rows` visits of 70,000 couriers, 12 villages a day each."""
    divisions = ROOT / "data" / "divisions.parquet"
    database = duckdb.connect()
    database.execute("SET memory_limit = '2GB'; SET enable_progress_bar = false; SELECT setseed(0.47)")
    database.execute(
        f"CREATE TABLE villages AS SELECT code, row_number() OVER (ORDER BY code) - 1 AS n "
        f"FROM '{divisions}' WHERE {ESTABLISHED}"
    )
    villages = database.execute("SELECT count(*) FROM villages").fetchall()[0][0]
    duties, visits = folder / "duties.csv", folder / "visits.csv"
    database.execute(
        f"""COPY (SELECT code AS village_code, 'rural' AS area_class, 3 AS times, 'week' AS period,
        '2026-01-01' AS "from", '' AS "to" FROM villages) TO '{duties}' (HEADER)"""
    )
    database.execute(
        f"""COPY (
        WITH drawn AS (
            SELECT *, (k * 7 + stop) % {villages} AS n FROM (
                SELECT CAST(floor(random() * {DAYS}) AS INTEGER) AS day, CAST(floor(random() * 70000) AS INTEGER) AS k,
                    CAST(floor(random() * 12) AS INTEGER) AS stop, random() AS minute, random() AS a, random() AS b
                FROM range({rows}) t(i)
            )
        )
        SELECT uuid() AS visit_id, v.code AS village_code, 'K' || k AS courier_no, 'D' || k AS device_id,
            strftime(DATE '{FIRST_DAY}' + day, '%Y-%m-%d') || 'T' || lpad(CAST(7 + stop AS VARCHAR), 2, '0') || ':'
                || lpad(CAST(CAST(floor(minute * 60) AS INTEGER) AS VARCHAR), 2, '0') || ':00+08:00' AS happened_at,
            CASE WHEN a < 0.05 THEN NULL ELSE round(100 + k % 20 + stop * 0.05 + a * 0.001, 6) END AS lon,
            CASE WHEN a < 0.05 THEN NULL ELSE round(25 + k % 15 + stop * 0.03 + b * 0.001, 6) END AS lat,
            CASE WHEN a < 0.05 THEN NULL ELSE round(5 + b * 40, 1) END AS accuracy_m
        FROM drawn JOIN villages v ON v.n = drawn.n
        ) TO '{visits}' (HEADER)"""
    )
    database.close()
    return duties, visits


def run(home: Path, *arguments: str) -> tuple[dict[str, object], float]:
    """One command in the bench's home: its JSON and its wall seconds."""
    began = time.monotonic()
    done = subprocess.run(
        [*PUYOU, *arguments],
        env={**os.environ, "PUYOU_HOME": str(home)},
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
    )
    return json.loads(done.stdout or b"{}"), time.monotonic() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    rows = parser.parse_args().rows
    home = Path(tempfile.mkdtemp(prefix="puyou-bench-", dir="/var/tmp"))
    home.chmod(0o755)
    try:
        duties, visits = write_files(home, rows)
        run(home, "init", "--json")
        run(home, "import_duties", str(duties), "--json")
        report, seconds = run(home, "import_visits", str(visits), "--json")
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        result = {
            "rows": rows,
            "file_mib": visits.stat().st_size >> 20,
            "seconds": round(seconds, 1),
            "peak_mib": peak,
        }
        print(json.dumps(result | {"report": report}, ensure_ascii=False))
    finally:
        subprocess.run([*PUYOU, "stop"], env={**os.environ, "PUYOU_HOME": str(home)}, cwd=ROOT, check=False,
                       stdout=subprocess.DEVNULL)  # fmt: skip
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
