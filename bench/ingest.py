"""How many visits a second the front door takes in, durably: `make bench NAME=ingest`.

Makes a home of its own with one province, serves it by granian, and posts real-looking visits from client processes
beside it. Three parts, one JSON document:

- `singles`: one check-in a request at a fixed rate over 10 to 400 connections, open loop (bench/open_loop.py);
- `batches`: batches of 50 and of 500, each connection as fast as it is answered, and how the rate holds over the time;
- `copy`: how many rows of the same size the same server takes by COPY, each batch committed: the physical limit.

`stored` must equal `accepted`. The worker is not running: this is the door alone. Clients, web and database share the
machine's cores.
"""

import argparse
import gzip
import http.client
import json
import multiprocessing
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from bench import open_loop

ROOT = Path(__file__).resolve().parents[1]
PUYOU = [sys.executable, "-m", "puyou.config.cli"]
PREPARE = """
import django; django.setup()
from django.core.management import call_command; call_command("migrate", verbosity=0)
from puyou.core import clock
from puyou.places import actions; actions.load_divisions(by="system:bench", now=clock.now(), provinces=["52"])
"""
TOKENS = """
import json, django; django.setup()
from puyou.core import clock
from puyou.ingest import actions, enrolment
from puyou.places.models import Place
made = []
by, now = "system:bench", clock.now()
for n in range({devices}):
    each = enrolment.enrol(number=f"K{{n}}", identifier=f"D{{n}}", by=by, now=now)
    made.append(actions.issue_token(courier=each.courier, device=each.device, by=by, now=now))
codes = Place.objects.filter(level=5).order_by("id").values_list("code", flat=True)[:5000]
print(json.dumps([made, list(codes)]))
"""
COUNT = """
import django; django.setup()
from puyou.ingest.models import Envelope; print(Envelope.objects.count())
"""


COPY = """
import django; django.setup()
import json, os, time, uuid
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("CREATE TABLE bench_copy (id uuid PRIMARY KEY, received_at timestamptz, body bytea)")
    body, rows, commits = os.urandom(420), 0, 0
    began = time.perf_counter()
    while time.perf_counter() - began < {seconds}:
        with cursor.copy("COPY bench_copy (id, received_at, body) FROM STDIN WITH (FORMAT binary)") as copy:
            copy.set_types(["uuid", "timestamptz", "bytea"])
            now = __import__("datetime").datetime.now(__import__("datetime").UTC)
            for _ in range({size}):
                copy.write_row((uuid.uuid4(), now, body))
        rows, commits = rows + {size}, commits + 1
    seconds = time.perf_counter() - began
    cursor.execute("DROP TABLE bench_copy")
print(json.dumps({{"rows_per_second": round(rows / seconds), "commits": commits, "batch": {size}, "processes": 1}}))
"""


LETTERS = 200  # different ones of a client; each is sent again under new ids
MARK = "01900000-0000-7000-8000-000000000000"


def letter(device: str, villages: list[str], size: int, chosen: random.Random) -> list[bytes]:
    """A batch as a phone writes it, in pieces between which the ids stand."""
    happened = datetime.now(UTC).isoformat(timespec="seconds")
    items = [
        {
            "schema": 1,
            "id": MARK,
            "kind": "visit",
            "happened_at": happened,
            "counter": counter,
            "device": device,
            "source": "app",
            "payload": {
                "village": chosen.choice(villages),
                "position": {
                    "lon": round(chosen.uniform(104, 109), 6),
                    "lat": round(chosen.uniform(25, 29), 6),
                    "accuracy_m": round(chosen.uniform(4, 60), 1),
                    "fixed_at": happened,
                },
                "handed": {"letters": chosen.randint(0, 9), "newspapers": chosen.randint(0, 9)},
            },
        }
        for counter in range(size)
    ]
    return json.dumps(items, separators=(",", ":")).encode().split(MARK.encode())


def addressed(pieces: list[bytes], chosen: random.Random) -> bytes:
    """A batch with ids of now: cheap, because the clients share the machine with the server."""
    now = f"{int(time.time() * 1000):012x}"
    head, found = f"{now[:8]}-{now[8:]}-7", [pieces[0]]
    for piece in pieces[1:]:
        text = f"{chosen.getrandbits(76):019x}"
        found += [f"{head}{text[:3]}-8{text[3:6]}-{text[6:18]}".encode(), piece]
    return b"".join(found)


def batch(device: str, villages: list[str], size: int, chosen: random.Random) -> bytes:
    """A compressed batch as a phone sends it."""
    return gzip.compress(addressed(letter(device, villages, size, chosen), chosen), 6)


def client(number: int, plan: dict[str, Any], start: Barrier, results: Any) -> None:
    """One client process: prepares batches, waits for the start, posts until the time is over; ids are made anew."""
    chosen = random.Random(number)
    share = plan["tokens"][number :: plan["clients"]]
    told: list[tuple[float, float, int]] = []
    wrong: list[str] = []
    stop = [0.0]
    letters = [
        (token, letter(device, plan["villages"], plan["size"], chosen)) for device, token in share[:LETTERS]
    ]

    def post() -> None:
        line = http.client.HTTPConnection("127.0.0.1", plan["port"], timeout=60)
        while time.time() < stop[0]:
            token, pieces = chosen.choice(letters)
            body = gzip.compress(addressed(pieces, chosen), 1)
            headers = {"Authorization": f"Bearer {token}", "Content-Encoding": "gzip"}
            began = time.perf_counter()
            line.request("POST", "/api/v1/envelopes", body, headers)
            answer = line.getresponse()
            text = answer.read()
            accepted = text.count(b'"status":"accepted"')
            told.append((time.time(), time.perf_counter() - began, accepted))
            if answer.status != 200 or accepted != plan["size"]:
                wrong.append(f"{answer.status} {text[:200]!r}")

    start.wait()
    began = time.time()
    stop[0] = began + plan["seconds"]
    threads = [threading.Thread(target=post) for _ in range(plan["connections"] // plan["clients"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results.put((began, time.time(), told, wrong[:3]))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=20, help="of each part")
    parser.add_argument("--rate", type=float, default=500, help="single check-ins a second")
    parser.add_argument("--ladder", type=int, nargs="*", default=[10, 50, 100, 200, 400], help="connections")
    parser.add_argument("--sizes", type=int, nargs="*", default=[50, 500], help="visits of a batch")
    parser.add_argument("--connections", type=int, default=8, help="of batches")
    parser.add_argument("--clients", type=int, default=2)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=16, help="of each worker")
    parser.add_argument("--devices", type=int, default=400)
    options = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="puyou-bench-", dir="/var/tmp"))
    home.chmod(0o755)
    os.environ |= {"PUYOU_HOME": str(home), "DJANGO_SETTINGS_MODULE": "puyou.config.settings"}
    os.environ.pop("DATABASE_URL", None)
    try:
        print(json.dumps(measure(options), ensure_ascii=False, indent=2))
    finally:
        subprocess.run([*PUYOU, "stop"], stdout=sys.stderr, check=False)
        shutil.rmtree(home, ignore_errors=True)


def ask(program: str) -> str:
    """What a small program prints, run in the home."""
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Prepare, serve, post and count."""
    from puyou.config import embedded  # noqa: PLC0415 - the home must be named first

    embedded.ensure()
    subprocess.run([sys.executable, "-c", PREPARE], cwd=ROOT, check=True, stdout=sys.stderr)
    tokens, villages = json.loads(ask(TOKENS.format(devices=options.devices)).splitlines()[-1])
    load = [round(each, 2) for each in os.getloadavg()]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--no-ws"]
    command += [
        "--workers",
        str(options.workers),
        "--blocking-threads",
        str(options.threads),
        "--backlog",
        "1024",
    ]
    web = subprocess.Popen([*command, "--log-level", "error", "puyou.config.wsgi:application"], cwd=ROOT)
    try:
        wait_for(port)
        numbered = [(f"D{n}", token) for n, token in enumerate(tokens)]
        plan = vars(options) | {"port": port, "tokens": numbered, "villages": villages}
        warm(plan)
        before = int(ask(COUNT).splitlines()[-1])
        singles = [single(plan | {"connections": each}) for each in options.ladder]
        batches = [report(plan | {"size": size}, post_all(plan | {"size": size})) for size in options.sizes]
        accepted = sum(each["accepted"] for each in singles + batches)
        return {
            "singles": singles,
            "batches": batches,
            "copy": copying(),
            "accepted": accepted,
            "stored": int(ask(COUNT).splitlines()[-1]) - before,
            "conditions": conditions(options, load),
        }
    finally:
        web.terminate()
        web.wait(30)


def conditions(options: argparse.Namespace, load: list[float]) -> dict[str, Any]:
    """The machine and how it was asked."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    cpu = next(line for line in lines if line.startswith("model name")).partition(":")[2].strip()
    return {
        "cores": os.cpu_count(), "cpu": cpu, "load_before": load, "web_workers": options.workers,
        "client_processes": options.clients, "commit": "durable (synchronous_commit on, fsync on)",
        "clients_on_the_same_machine": True,
    }  # fmt: skip


def warm(plan: dict[str, Any]) -> None:
    """Two requests a worker before anything is counted."""
    chosen = random.Random(0)
    for number in range(plan["workers"] * 4):
        line = http.client.HTTPConnection("127.0.0.1", plan["port"], timeout=60)
        device, token = plan["tokens"][number]
        body = batch(device, plan["villages"], 1, chosen)
        line.request(
            "POST",
            "/api/v1/envelopes",
            body,
            {"Authorization": f"Bearer {token}", "Content-Encoding": "gzip"},
        )
        line.getresponse().read()


def single(plan: dict[str, Any]) -> dict[str, Any]:
    """One check-in a request, at a fixed rate."""
    print(f"▸ 单条 {plan['rate']:.0f}/秒，{plan['connections']} 个连接 …", file=sys.stderr, flush=True)
    return open_loop.knock(singles_of, plan)


def singles_of(number: int, plan: dict[str, Any]) -> list[bytes]:
    """The requests of one client process: plain, as a phone sends a short one."""
    chosen = random.Random(time.time_ns() + number)
    share = plan["tokens"][number :: plan["clients"]]
    count = int(plan["rate"] * plan["seconds"] / plan["clients"])
    found = []
    for at in range(count):
        device, token = share[at % len(share)]
        body = gzip.decompress(batch(device, plan["villages"], 1, chosen))
        found.append(open_loop.request_of(token, body, packed=False))
    return found


def copying(seconds: float = 10, size: int = 500) -> dict[str, Any]:
    """Rows a second that the same server takes by COPY into a plain table, one process, a commit a batch."""
    return json.loads(ask(COPY.format(seconds=seconds, size=size)).splitlines()[-1])  # type: ignore[no-any-return]


def wait_for(port: int) -> None:
    """Until somebody answers at the port."""
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("the server did not start")


def post_all(plan: dict[str, Any]) -> list[Any]:
    """Run the client processes."""
    print(f"▸ 每批 {plan['size']} 条，{plan['connections']} 个连接 …", file=sys.stderr, flush=True)
    start, results = multiprocessing.Barrier(plan["clients"]), multiprocessing.Queue()
    arguments = [(number, plan, start, results) for number in range(plan["clients"])]
    processes = [multiprocessing.Process(target=client, args=each) for each in arguments]
    for process in processes:
        process.start()
    told = [results.get() for _ in processes]
    for process in processes:
        process.join()
    return told


def report(plan: dict[str, Any], told: list[Any]) -> dict[str, Any]:
    """The measured run as one document; ``decline``: the last quarter's rate under the first's."""
    began = min(began for began, _, _, _ in told)
    seconds = max(end for _, end, _, _ in told) - began
    calls = [call for _, _, calls, _ in told for call in calls]
    waits = sorted(wait for _, wait, _ in calls)
    accepted = sum(count for _, _, count in calls)
    quarter = seconds / 4
    parts = [
        sum(count for at, _, count in calls if quarter * part <= at - began < quarter * (part + 1)) / quarter
        for part in range(4)
    ]
    return {
        "batch": plan["size"],
        "visits_per_second": round(accepted / seconds),
        "requests_per_second": round(len(waits) / seconds, 1),
        "p50_ms": round(waits[len(waits) // 2] * 1000, 1),
        "p99_ms": round(waits[int(len(waits) * 0.99)] * 1000, 1),
        "quarters": [round(each) for each in parts],
        "decline": round(1 - parts[3] / parts[0], 3) if parts[0] else None,
        "accepted": accepted,
        "wrong": [each for *_, wrong in told for each in wrong],
        "connections": plan["connections"],
        "loop": "closed",
        "seconds": round(seconds, 1),
    }


if __name__ == "__main__":
    main()
