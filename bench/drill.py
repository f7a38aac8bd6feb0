"""Twenty officers walking the map: how long a page takes while they read, think and click.

Speaks to a running site (``make demo``); this process only generates the load. Each officer signs in with a demo
account, opens the map, follows real links of the pages (a row of the table, a list, another week, a breadcrumb) and
thinks for an exponentially distributed time. While someone thinks, the open page asks for news as a browser does.
Prints one JSON document: milliseconds by kind of page, answers that failed, and database queries by kind of page,
counted afterwards on the same database (bench/drill_queries.py).
"""

import argparse
import html
import http.client
import json
import os
import platform
import random
import re
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

os.environ.setdefault("PUYOU_HOME", str(Path(__file__).resolve().parents[1] / "var"))
POLL_SECONDS = 3
GOAL_P95_MS = 150
LINK = re.compile(r'href="((?:/atlas/\d{12}/|\?)[^"#]*)"')
POLL = re.compile(r'data-poll="([^"]+)"[^>]*?data-poll-etag="([^"]+)"', re.S)
LEVELS = (
    ("0" * 12, "nation"),
    ("0" * 10, "province"),
    ("0" * 8, "city"),
    ("0" * 6, "county"),
    ("0" * 3, "township"),
)


def kind_of(path):
    """Which kind of page an address is: a level, a list of villages, or the live part of a page."""
    parts = urlsplit(path).path.strip("/").split("/")
    if parts[-1] == "villages":
        return "list"
    if parts[-1] == "live":
        return "live"
    return next((name for zeros, name in LEVELS if parts[1].endswith(zeros)), "village")


class Officer(threading.Thread):
    """One person at a desk: a connection, cookies, and a habit of clicking on."""

    def __init__(self, site, account, think, since, until, seed):
        super().__init__(daemon=True)
        self.site, self.account, self.think = site, account, think
        self.since, self.until = since, until
        self.dice = random.Random(seed)
        self.cookies = SimpleCookie()
        self.connection = None
        self.times = defaultdict(list)
        self.failures = []
        self.bytes = 0

    def run(self):
        try:
            self.sign_in()
            time.sleep(self.dice.uniform(0, self.think))
            path, page = "/atlas/", self.read("/atlas/")
            while page and time.monotonic() < self.until:
                self.ponder(page)
                path, page = self.click(path, page)
        except Exception as error:
            self.failures.append(f"{type(error).__name__}: {error}")

    def ask(self, method, path, body=None, headers=None):
        """One request on the kept connection; returns status, headers and text."""
        said = {"Cookie": "; ".join(f"{key}={one.value}" for key, one in self.cookies.items())} | (
            headers or {}
        )
        if self.connection is None:
            self.connection = http.client.HTTPConnection(self.site, timeout=30)
        try:
            self.connection.request(method, path, body, said)
            answer = self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError):
            self.connection = http.client.HTTPConnection(self.site, timeout=30)
            self.connection.request(method, path, body, said)
            answer = self.connection.getresponse()
        content = answer.read()
        self.bytes += len(content)
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self.cookies.load(value)
        return answer.status, answer.headers, content

    def sign_in(self):
        _, _, page = self.ask("GET", "/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.decode())[1]
        body = urlencode({"csrfmiddlewaretoken": token, **self.account})
        referer = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Referer": f"http://{self.site}/login/",
        }
        status, _, _ = self.ask("POST", "/login/", body, referer)
        if status != 302:
            raise RuntimeError(f"sign-in answered {status}")

    def read(self, path):
        """Open a page, following the way to it; the whole way is timed."""
        began = time.perf_counter()
        for _ in range(4):
            status, headers, content = self.ask("GET", path)
            if status not in (301, 302):
                break
            path = headers["Location"]
        self.note(kind_of(path), began)
        if status != 200:
            self.failures.append(f"{status} {path}")
            return None
        self.here = path
        return content.decode()

    def note(self, kind, began):
        """Count an answer, unless the walk was still warming up."""
        if time.monotonic() >= self.since:
            self.times[kind].append((time.perf_counter() - began) * 1000)

    def ponder(self, page):
        """Think, while the open page asks for news every few seconds."""
        rest = self.dice.expovariate(1 / self.think)
        found = POLL.search(page)
        while rest > 0 and time.monotonic() < self.until:
            time.sleep(min(rest, POLL_SECONDS))
            rest -= POLL_SECONDS
            if rest > 0 and found:
                address, etag = html.unescape(found[1]), html.unescape(found[2])
                began = time.perf_counter()
                status, _, _ = self.ask("GET", address, headers={"If-None-Match": etag, "HX-Request": "true"})
                self.note("live", began)
                if status not in (200, 304):
                    self.failures.append(f"{status} {address}")

    def click(self, path, page):
        """Follow one of the page's own links; deep pages lead home now and then."""
        links = [html.unescape(link) for link in LINK.findall(page)]
        base = urlsplit(self.here).path
        links = [base + link if link.startswith("?") else link for link in links]
        links = [link for link in links if "export" not in link and urlsplit(link).path.count("/") >= 3]
        deep = kind_of(self.here) in ("village", "list")
        if not links or (deep and self.dice.random() < 0.5):
            return "/atlas/", self.read("/atlas/")
        link = self.dice.choice(links)
        return link, self.read(link)


def summary(milliseconds):
    """Percentiles of some durations in milliseconds."""
    if not milliseconds:
        return None
    cuts = statistics.quantiles(milliseconds, n=100) if len(milliseconds) > 1 else milliseconds * 99
    numbers = {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "max": max(milliseconds)}
    return {"count": len(milliseconds)} | {name: round(value, 1) for name, value in numbers.items()}


def count_queries(username):
    """Database queries of each kind of page, counted in a process of its own."""
    command = [sys.executable, "-m", "bench.drill_queries", username]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, cwd=Path(__file__).resolve().parents[1]
    )
    return json.loads(done.stdout) if done.returncode == 0 else done.stderr[-500:]


def password_of(username):
    """The demo account's password, as this machine knows it."""
    accounts = json.loads((Path(os.environ["PUYOU_HOME"]) / "demo_accounts.json").read_text())
    found = {one["username"]: one["password"] for one in accounts}
    return found[username]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--site", default=f"127.0.0.1:{os.environ.get('PORT', '8000')}")
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument(
        "--warm", type=float, default=15, help="seconds of walking before anything is counted"
    )
    parser.add_argument(
        "--think", type=float, default=5, help="mean of the exponential think time in seconds"
    )
    parser.add_argument("--account", default="national")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--no-queries", action="store_true", help="do not count queries afterwards")
    asked = parser.parse_args()
    account = {"username": asked.account, "password": password_of(asked.account)}
    since = time.monotonic() + asked.warm
    until = since + asked.seconds
    officers = [
        Officer(asked.site, account, asked.think, since, until, asked.seed + number)
        for number in range(asked.users)
    ]
    print(f"▸ {asked.users} 人走图 {asked.seconds:.0f} 秒 …", file=sys.stderr, flush=True)
    for officer in officers:
        officer.start()
    for officer in officers:
        officer.join()
    times = defaultdict(list)
    for officer in officers:
        for kind, values in officer.times.items():
            times[kind] += values
    pages = [one for kind, values in times.items() if kind != "live" for one in values]
    failures = [failure for officer in officers for failure in officer.failures]
    result = {
        "users": asked.users,
        "seconds": asked.seconds,
        "warm_seconds": asked.warm,
        "think_mean_seconds": asked.think,
        "pages": summary(pages),
        "by_kind": {kind: summary(values) for kind, values in sorted(times.items())},
        "errors": len(failures),
        "error_examples": failures[:5],
        "megabytes": round(sum(officer.bytes for officer in officers) / 1e6, 1),
        "goal_p95_ms": GOAL_P95_MS,
        "goal_met": bool(pages) and not failures and summary(pages)["p95"] <= GOAL_P95_MS,
        "queries": None if asked.no_queries else count_queries(asked.account),
        "conditions": {"cores": os.cpu_count(), "load": os.getloadavg(), "python": platform.python_version()},
    }
    print(json.dumps(result, ensure_ascii=False, indent=2))
    sys.exit(0 if not failures else 1)


if __name__ == "__main__":
    main()
