"""How long after its receipt a check-in is in the figures of its village, township, county, city, province and nation.

`make bench NAME=freshness` prepares a home of its own with the simulated city 5205, serves it with web and worker as
`puyou serve` does, and lets client processes knock with single check-ins at a fixed rate (open loop, as bench/ingest).
Beside them one process reads the product's figures of the running week at all six levels about twice a second. A
check-in is fresh at a level when the figures read there count as many visits as were acknowledged there up to it: so
what is measured is an upper bound, one reading wide. Prints one JSON document with its conditions.
"""

import argparse
import json
import multiprocessing
import os
import platform
import random
import signal
import socket
import subprocess
import sys
import time
from bisect import bisect_left
from pathlib import Path
from typing import Any

from bench import ingest, open_loop

ROOT = Path(__file__).resolve().parents[1]
CITY = "520500000000"
LEVELS = ("nation", "province", "city", "county", "township", "village")
GOALS = {"p95_s": 5, "p99_s": 15}
PREPARE = """
import django; django.setup()
from puyou.config.management.commands.demo import Command
Command()._prepare("520500000000", 2026)
"""
TOKENS = """
import json, django; django.setup()
from puyou.core import clock
from puyou.ingest import actions, enrolment
from puyou.accounts.scopes import Scope
from puyou.compliance import queries
from puyou.core.periods import Week
from puyou.places.queries import get_place
made, by, now = [], "system:bench", clock.now()
for n in range({devices}):
    name = f"{{now:%H%M%S}}{{n}}"
    each = enrolment.enrol(number=f"FK{{name}}", identifier=f"FD{{name}}", by=by, now=now)
    made.append((each.device.identifier, actions.issue_token(courier=each.courier, device=each.device, by=by, now=now)))
week = Week.of(clock.today())
rows = [each.place for each in queries.figures(Scope.system("bench"), get_place("520500000000"), [week], 5)]
print(json.dumps([made, [[row.code, row.lon, row.lat] for row in rows]]))
"""


def requests_of(number: int, plan: dict[str, Any]) -> list[bytes]:
    """The requests of one client process: one check-in each, at its village."""
    chosen = random.Random(time.time_ns() + number)
    share = plan["tokens"][number :: plan["clients"]]
    count = int(plan["rate"] * plan["seconds"] / plan["clients"])
    found = []
    for at in range(count):
        device, token = share[at % len(share)]
        code, lon, lat = chosen.choice(plan["villages"])
        pieces = ingest.letter(device, [code], 1, chosen)
        text = ingest.addressed(pieces, chosen)
        found.append(open_loop.request_of(token, _moved(text, lon, lat), packed=False))
    return found


def _moved(text: bytes, lon: float | None, lat: float | None) -> bytes:
    items = json.loads(text)
    if lon is None:
        del items[0]["payload"]["position"]
    else:
        items[0]["payload"]["position"] |= {"lon": lon, "lat": lat, "accuracy_m": 12.0}
    return json.dumps(items, separators=(",", ":")).encode()


def watch(stop: Any, county: str, township: str, results: Any) -> None:
    """Read the figures of the week at all levels until told to stop: (moment after, level, place code, visits)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "puyou.config.settings")
    import django  # noqa: PLC0415 - in its own process, with the home named

    django.setup()
    from puyou.accounts.scopes import Scope  # noqa: PLC0415
    from puyou.compliance import queries  # noqa: PLC0415
    from puyou.core import clock  # noqa: PLC0415
    from puyou.core.periods import Week  # noqa: PLC0415
    from puyou.places import queries as places  # noqa: PLC0415

    scope, week = Scope.system("bench"), Week.of(clock.today())
    asked = [(0, "0" * 12), (1, "52" + "0" * 10), (2, CITY), (3, county), (4, township), (5, township)]
    held = [(level, places.get_place(code)) for level, code in asked]
    seen = []
    while not stop.is_set():
        for level, place in held:
            read = queries.figures(scope, place, [week], level)
            after = time.time()
            seen += [(after, level, figure.place.code, figure.visits) for figure in read]
        time.sleep(0.2)
    results.put(seen)


def lags(seen: list[Any], told: list[tuple[float, str]]) -> dict[str, Any]:
    """Seconds from receipt to figures by level: percentiles, and how many were never seen."""
    found = {}
    for level, name in enumerate(LEVELS):
        waits, unseen = [], 0
        readings: dict[str, list[tuple[float, int]]] = {}
        for at, where, code, visits in seen:
            if where == level:
                readings.setdefault(code, []).append((at, visits))
        for code, rows in readings.items():
            prefix = code if level == 5 else code[: (0, 2, 4, 6, 9)[level]]
            moments = sorted(at for at, village in told if village.startswith(prefix))
            counts = [visits - rows[0][1] for _, visits in rows]
            for rank, moment in enumerate(moments, 1):
                at = bisect_left(counts, rank)
                if at == len(counts):
                    unseen += 1
                else:
                    waits.append(max(0.0, rows[at][0] - moment))
        waits.sort()
        cut = {
            f"p{share}_s": round(waits[int(len(waits) * share / 100)], 2) for share in (50, 95, 99) if waits
        }
        found[name] = {"counted": len(waits), "unseen": unseen} | cut
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rate", type=float, default=300, help="check-ins a second")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--connections", type=int, default=200)
    parser.add_argument("--clients", type=int, default=2)
    parser.add_argument("--devices", type=int, default=400)
    options = parser.parse_args()
    os.environ["PUYOU_HOME"] = "/var/tmp/puyou-bench-freshness"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "puyou.config.settings")
    print(json.dumps(measure(options), ensure_ascii=False, indent=2))


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Prepare, serve, knock and watch."""
    from puyou.config import embedded  # noqa: PLC0415 - the home must be named first

    embedded.ensure()
    subprocess.run([sys.executable, "-c", PREPARE], cwd=ROOT, check=True, stdout=sys.stderr)
    tokens, villages = json.loads(ingest.ask(TOKENS.format(devices=options.devices)).splitlines()[-1])
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    load = [round(each, 2) for each in os.getloadavg()]
    served = subprocess.Popen(
        [sys.executable, "-m", "puyou.config.cli", "serve", "--port", str(port)], cwd=ROOT, stdout=sys.stderr
    )
    try:
        ingest.wait_for(port)
        time.sleep(10)  # what the simulation left is judged
        township = max(
            {code[:9] for code, *_ in villages}, key=lambda one: sum(v[0].startswith(one) for v in villages)
        )
        results: Any = multiprocessing.Queue()
        stop = multiprocessing.Event()
        watcher = multiprocessing.Process(
            target=watch,
            args=(stop, township[:6] + "000000", township + "000", results),
        )
        watcher.start()
        time.sleep(5)
        plan = vars(options) | {"port": port, "tokens": tokens, "villages": villages, "keep": True}
        run = open_loop.knock(requests_of, plan)
        time.sleep(20)
        stop.set()
        seen = results.get()
        watcher.join()
        told = run.pop("acknowledged")
        levels = lags(seen, told)
        worst = {name: max(one.get(name, float("inf")) for one in levels.values()) for name in GOALS}
        return {
            "load": run,
            "levels": levels,
            "goals": GOALS,
            "goals_met": all(worst[name] <= goal for name, goal in GOALS.items()),
            "villages": len(villages),
            "conditions": {"cores": os.cpu_count(), "load_before": load, "python": platform.python_version(),
                           "clients_on_the_same_machine": True},
        }  # fmt: skip
    finally:
        served.send_signal(signal.SIGTERM)
        served.wait(40)
        embedded.stop()


if __name__ == "__main__":
    main()
