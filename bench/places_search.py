"""How fast the place picker answers over the whole nation: `make bench NAME=places_search`.

Uses the database of PUYOU_HOME, loading the divisions if need be. Asks seeded random pieces of real names
(1 to 6 letters), beginnings of codes, two words and nonsense, straight and through the page. Prints one
JSON document; `open_seconds` and `memory_mib` are of a process that finds the finder's file ready.
"""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "puyou.config.settings")
from puyou.config import embedded

if not os.environ.get("DATABASE_URL"):
    embedded.ensure()
django.setup()

from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from puyou.core import clock  # noqa: E402
from puyou.places import actions, queries, snapshot  # noqa: E402
from puyou.places.models import Place  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
QUERIES, SEED = 2000, 47


def resident_mib() -> float:
    """Memory of this process, MiB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def drawn(names: list[tuple[str, str]], chosen: random.Random) -> str:
    """One thing that a person might type."""
    code, name = chosen.choice(names)
    kind = chosen.random()
    if kind < 0.15:
        return code[: chosen.randint(1, 12)]
    if kind < 0.2:
        return "".join(chosen.choice("龘犇骉羴") for _ in range(chosen.randint(1, 3)))
    length = min(len(name), chosen.randint(1, 6))
    start = chosen.randint(0, len(name) - length)
    piece = name[start : start + length]
    return f"{chosen.choice(['贵州', '四川', '毕节', '威宁县'])} {piece}" if kind < 0.3 else piece


def spread(seconds: list[float]) -> dict[str, float]:
    """Milliseconds at the usual points."""
    ordered = sorted(seconds)
    points = {"p50_ms": 0.5, "p95_ms": 0.95, "p99_ms": 0.99, "max_ms": 1.0}
    return {
        name: round(ordered[min(len(ordered) - 1, int(at * len(ordered)))] * 1000, 2)
        for name, at in points.items()
    }


def main() -> None:
    """Measure and print."""
    call_command("migrate", verbosity=0, stdout=sys.stderr)
    load_seconds = timed(lambda: actions.load_divisions(by="system:bench", now=clock.now()))
    subprocess.run([sys.executable, "-m", "bench.places_search", "--open"], cwd=ROOT, check=True)
    names = list(Place.objects.filter(level__gt=0).order_by("id").values_list("code", "name")[::97])
    client, picker = Client(headers={"host": "localhost"}), {"HX-Request": "true"}
    client.get("/places/search/")
    snapshot.forget()
    before = resident_mib()
    open_seconds = timed(lambda: queries.search("全国", 1))
    memory_mib = resident_mib() - before
    chosen = random.Random(SEED)
    asked = [drawn(names, chosen) for _ in range(QUERIES)]
    straight = [timed(partial(queries.search, text, 12)) for text in asked]
    pages = [timed(partial(client.get, "/places/search/", {"q": text}, headers=picker)) for text in asked]
    result = {
        "places": Place.objects.filter(valid_to=None).count(),
        "queries": QUERIES,
        "load_seconds": round(load_seconds, 2),
        "open_seconds": round(open_seconds, 3),
        "memory_mib": round(memory_mib, 1),
        "search": spread(straight),
        "page": spread(pages),
    }
    print(json.dumps(result))


def timed(work: Callable[[], object]) -> float:
    """Seconds that a call takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    if "--open" in sys.argv:
        queries.search("全国", 1)
    else:
        main()
