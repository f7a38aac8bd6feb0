"""How many visits a second the front door takes in, durably: `make bench NAME=ingest`.

Makes a home of its own with one province, serves it by granian, and posts batches of real-looking visits from
client processes beside it, each connection as fast as it is answered (closed loop). Prints one JSON document;
`stored` must equal `accepted`. The worker is not running: this is the door alone.
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
import uuid
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

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


def uuid7(chosen: random.Random) -> str:
    """A UUIDv7 of now."""
    value = int(time.time() * 1000) << 80 | 0x7 << 76 | chosen.getrandbits(12) << 64
    return str(uuid.UUID(int=value | 0x2 << 62 | chosen.getrandbits(62)))


def batch(device: str, villages: list[str], size: int, chosen: random.Random) -> bytes:
    """A compressed batch as a phone sends it."""
    happened = datetime.now(UTC).isoformat(timespec="seconds")
    items = [
        {
            "schema": 1,
            "id": uuid7(chosen),
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
    return gzip.compress(json.dumps(items, separators=(",", ":")).encode(), 6)


def client(number: int, plan: dict[str, Any], start: Barrier, results: Any) -> None:
    """One client process: prepares its batches, waits for the start, posts until they are gone."""
    chosen = random.Random(number)
    share = plan["tokens"][number :: plan["clients"]]
    work = []
    for _ in range(plan["requests"] // plan["clients"]):
        device, token = chosen.choice(share)
        work.append((token, batch(device, plan["villages"], plan["size"], chosen)))
    told: list[tuple[float, int]] = []
    lock, wrong = threading.Lock(), []

    def post() -> None:
        line = http.client.HTTPConnection("127.0.0.1", plan["port"], timeout=60)
        while True:
            with lock:
                if not work:
                    return
                token, body = work.pop()
            headers = {"Authorization": f"Bearer {token}", "Content-Encoding": "gzip"}
            began = time.perf_counter()
            line.request("POST", "/api/v1/envelopes", body, headers)
            answer = line.getresponse()
            text = answer.read()
            accepted = text.count(b'"status":"accepted"')
            told.append((time.perf_counter() - began, accepted))
            if answer.status != 200 or accepted != plan["size"]:
                wrong.append(f"{answer.status} {text[:200]!r}")

    start.wait()
    began = time.time()
    threads = [threading.Thread(target=post) for _ in range(plan["connections"] // plan["clients"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results.put((began, time.time(), told, wrong[:3]))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=50)
    parser.add_argument("--requests", type=int, default=4000)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--clients", type=int, default=2)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--devices", type=int, default=200)
    options = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="puyou-bench-", dir="/var/tmp"))
    home.chmod(0o755)
    os.environ |= {"PUYOU_HOME": str(home), "DJANGO_SETTINGS_MODULE": "puyou.config.settings"}
    os.environ.pop("DATABASE_URL", None)
    try:
        print(json.dumps(measure(options)))
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
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--no-ws"]
    command += ["--workers", str(options.workers), "--blocking-threads", "4", "--backlog", "1024"]
    web = subprocess.Popen([*command, "--log-level", "error", "puyou.config.wsgi:application"], cwd=ROOT)
    try:
        wait_for(port)
        numbered = [(f"D{n}", token) for n, token in enumerate(tokens)]
        plan = vars(options) | {"port": port, "tokens": numbered, "villages": villages}
        return report(plan, post_all(plan))
    finally:
        web.terminate()
        web.wait(30)


def wait_for(port: int) -> None:
    """Until somebody answers at the port."""
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("the server did not start")


def post_all(plan: dict[str, Any]) -> list[Any]:
    """Run the client processes; warms the server up first with two requests a worker."""
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
    """The measured run as one document."""
    seconds = max(end for _, end, _, _ in told) - min(began for began, _, _, _ in told)
    waits = sorted(wait for _, _, calls, _ in told for wait, _ in calls)
    accepted = sum(count for _, _, calls, _ in told for _, count in calls)
    cpu = next(
        line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")
    )
    return {
        "visits_per_second": round(accepted / seconds),
        "accepted": accepted,
        "stored": int(ask(COUNT).splitlines()[-1]) - plan["workers"] * 4,
        "wrong": [each for *_, wrong in told for each in wrong],
        "seconds": round(seconds, 2),
        "requests_per_second": round(len(waits) / seconds),
        "p50_ms": round(waits[len(waits) // 2] * 1000, 1),
        "p99_ms": round(waits[int(len(waits) * 0.99)] * 1000, 1),
        "batch": plan["size"],
        "connections": plan["connections"],
        "client_processes": plan["clients"],
        "web_workers": plan["workers"],
        "commit": "durable (synchronous_commit on, fsync on)",
        "loop": "closed",
        "load_before": round(os.getloadavg()[2], 2),
        "cpus": os.cpu_count(),
        "cpu": cpu.partition(":")[2].strip(),
    }


if __name__ == "__main__":
    main()
