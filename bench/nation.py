"""The whole nation with three years behind it, and fifty officers walking its map: `make bench NAME=nation`.

Makes a home of its own (kept for the next run), simulates every established village for 157 weeks, judges all of it,
serves it as `puyou serve` does, and lets bench/drill.py walk for two minutes. Meanwhile the memory of each web process
and of the worker is read once a second. Prints one JSON document: what is held, how long it took to make, the
officers' waits, and the peak of each process in MiB (RSS; PSS where pages are shared between processes).
"""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psutil

from bench import ingest

ROOT = Path(__file__).resolve().parents[1]
HOME = "/var/tmp/puyou-bench-nation"
PUYOU = [sys.executable, "-m", "puyou.config.cli"]
GOALS = {"p95_ms": 150, "memory_mib": 1024}
PREPARE = """
import django; django.setup()
import time
from django.core.management import call_command
from puyou.accounts import actions as accounts
from puyou.config import reference
from puyou.core import clock
from puyou.places import queries as places
from puyou.registry.models import Duty
from puyou.simulator import actions as simulator
call_command("migrate", verbosity=0)
now, began = clock.now(), time.monotonic()
reference.load(by="system:bench", now=now)
if not Duty.objects.exists():
    simulator.simulate(place=places.get_place("{place}"), seed=2026, weeks={weeks}, by="system:bench", now=now)
accounts.create_demo_accounts(now=now, place_code="520526000000")
print(round(time.monotonic() - began))
"""
COUNTS = {
    "villages": "SELECT count(DISTINCT place_id) FROM registry_duty",
    "day_sets": "SELECT count(*) FROM visits_villageyear",
    "first_year": "SELECT min(iso_year) FROM visits_villageyear",
    "rollup_rows": "SELECT count(*) FROM compliance_rollup",
    "rollup_weeks": "SELECT count(DISTINCT monday) FROM compliance_rollup WHERE level = 0",
    "visits": "SELECT count(*) FROM visits_visit",
    "database_mib": "SELECT pg_database_size(current_database()) / 1048576",
}
ASK = """
import json, django; django.setup()
from django.db import connection
found = {{}}
with connection.cursor() as cursor:
    for name, sql in {counts!r}.items():
        cursor.execute(sql)
        found[name] = int(cursor.fetchone()[0])
print(json.dumps(found))
"""


def watch(serve: int, stop: threading.Event, peaks: dict[str, dict[str, float]]) -> None:
    """Note the greatest memory of each kind of process under ``serve`` until told to stop."""
    while not stop.wait(1):
        for process in psutil.Process(serve).children(recursive=True):
            try:
                words, used = " ".join(process.cmdline()), process.memory_full_info()
            except psutil.Error:
                continue
            kind = "worker" if words.endswith(" work") else "web" if "granian" in words else None
            if kind:
                held = peaks.setdefault(f"{kind} {process.pid}", {"rss_mib": 0.0, "pss_mib": 0.0})
                held["rss_mib"] = max(held["rss_mib"], round(used.rss / 1048576, 1))
                held["pss_mib"] = max(held["pss_mib"], round(used.pss / 1048576, 1))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--place", default="000000000000")
    parser.add_argument("--weeks", type=int, default=157)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--home", default=HOME)
    options = parser.parse_args()
    os.environ |= {"PUYOU_HOME": options.home, "DJANGO_SETTINGS_MODULE": "puyou.config.settings"}
    os.environ.pop("DATABASE_URL", None)
    print(json.dumps(measure(options), ensure_ascii=False, indent=2))


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Prepare, serve, walk and watch."""
    from puyou.config import embedded  # noqa: PLC0415 - the home must be named first

    embedded.ensure()
    program = PREPARE.format(place=options.place, weeks=options.weeks)
    made = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, text=True, stdout=subprocess.PIPE
    )
    held = json.loads(ingest.ask(ASK.format(counts=COUNTS)).splitlines()[-1])
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    load = [round(each, 2) for each in os.getloadavg()]
    served = subprocess.Popen([*PUYOU, "serve", "--port", str(port)], cwd=ROOT, stdout=sys.stderr)
    stop, peaks = threading.Event(), dict[str, dict[str, float]]()
    watcher = threading.Thread(target=watch, args=(served.pid, stop, peaks))
    try:
        ingest.wait_for(port)
        time.sleep(20)  # what the first start does by itself is done
        watcher.start()
        command = [sys.executable, "-m", "bench.drill", "--site", f"127.0.0.1:{port}"]
        command += ["--users", str(options.users), "--seconds", str(options.seconds)]
        walked = json.loads(subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=False).stdout)
        stop.set()
        watcher.join()
        most = max(peak["rss_mib"] for peak in peaks.values())
        return {
            "held": held | {"weeks_simulated": options.weeks, "prepared_s": int(made.stdout.split()[-1])},
            "walk": walked,
            "memory": peaks,
            "goals": GOALS,
            "goals_met": walked["goal_met"] and most <= GOALS["memory_mib"],
            "conditions": {"cores": os.cpu_count(), "load_before": load, "clients_on_the_same_machine": True},
        }
    finally:
        stop.set()
        served.send_signal(signal.SIGTERM)
        served.wait(40)
        embedded.stop()


if __name__ == "__main__":
    main()
