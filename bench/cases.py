"""Lists, queues and performing over hundreds of thousands of cases: `make bench NAME=cases`.

Makes a database of its own (`bench_cases`) with the nation's divisions, puts in synthetic rectification cases over all
villages (bench/case_crowd.py), and asks for the product's own pages, in this process, as five officers and companies, a
county to the nation: milliseconds and database queries of each. Then performs actions, each in its own committed
transaction. Prints one JSON document with its conditions. `--cases 2000000` for ten times as many.
"""

import argparse
import gc
import json
import math
import os
import platform
import random
import statistics
import sys
import time
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "puyou.config.settings")
from puyou.config import embedded

if not os.environ.get("DATABASE_URL"):
    embedded.ensure()
import django

django.setup()
import psycopg  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bench import case_crowd  # noqa: E402
from puyou.accounts import actions as accounts  # noqa: E402
from puyou.accounts.actions.accounts import seated_at  # noqa: E402
from puyou.accounts.models import Organisation, User  # noqa: E402
from puyou.accounts.scopes import Scope, scope_for  # noqa: E402
from puyou.cases import actions, queries, relations  # noqa: E402
from puyou.cases.models import Case, Party, Watch  # noqa: E402
from puyou.cases.names import Actor  # noqa: E402
from puyou.config import reference  # noqa: E402
from puyou.core import clock  # noqa: E402
from puyou.core.problems import Problem  # noqa: E402
from puyou.places.models import Place  # noqa: E402

NAME, BY = "bench_cases", "system:bench"
SEATS = {
    "national": ("national_regulator", "000000000000"),
    "province": ("provincial_regulator", "52"),
    "city": ("city_regulator", "5205"),
    "county": ("city_regulator", "520526"),
    "company": ("company_manager", "52"),
    "branch": ("company_manager", "520526"),
}
PAGES = {
    "list": "/cases/",
    "page_9": "/cases/?page=9",
    "oldest": "/cases/?sort=opened_at",
    "open": "/cases/?standing=open",
    "waiting": "/cases/?queue=waiting",
    "overdue": "/cases/?queue=overdue",
    "soon": "/cases/?queue=soon",
    "watched": "/cases/?queue=watched",
    "search": "/cases/?q=投递未达标",
    "search_rare": "/cases/?q=坪子村",
    "workbench": "/workbench/",
}
GOALS = {"list_p95_ms": {200_000: 200, 2_000_000: 300}, "queries": 10, "perform_p95_ms": 50}


def say(text):
    print(f"▸ {text} …", file=sys.stderr, flush=True)


def prepare(fresh):
    """The bench's database with all reference data and the people who look."""
    parameters = connection.get_connection_params()
    keep = {key: parameters[key] for key in ("host", "port", "user", "password") if parameters.get(key)}
    with psycopg.connect(**keep, dbname="postgres", autocommit=True) as server:
        if fresh:
            server.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            server.execute(f"CREATE DATABASE {NAME}")
    connection.close()
    connection.settings_dict["NAME"] = NAME
    call_command("migrate", verbosity=0, interactive=False)
    reference.load(by=BY, now=clock.now())
    system = Scope.system("bench")
    for province in Place.objects.filter(level=1, valid_to=None).order_by("code"):
        for kind in Organisation.Kind.values:
            seated_at(place=province, kind=kind, by=system, now=clock.now())
    for name, (role, code) in SEATS.items():
        if not User.objects.filter(username=f"bench.{name}").exists():
            place = Place.objects.get(code=code.ljust(12, "0"), valid_to=None)
            seat = (
                {"organisation": operator_of(Place.objects.get(code="52".ljust(12, "0")))}
                if name == "branch"
                else {}
            )
            accounts.open_account(
                username=f"bench.{name}",
                name=name,
                role=role,
                place=place,
                by=system,
                now=clock.now(),
                **seat,
            )
    if not User.objects.filter(username="bench.reporter").exists():
        accounts.create_user(
            username="bench.reporter", name="reporter", organisation=None, by=system, now=clock.now()
        )
    User.objects.update(must_change_password=False)


def operator_of(province):
    return Organisation.objects.get(place=province, kind="operator")


def places():
    """Every village with the province's office and company."""
    provinces = {place.path: place for place in Place.objects.filter(level=1, valid_to=None)}
    seats = {(seat.place_id, seat.kind): seat for seat in Organisation.objects.filter(place__level=1)}
    found = []
    rows = Place.objects.filter(level=5, valid_to=None).order_by("pk").values_list("pk", "name", "path")
    for pk, name, path in rows.iterator(chunk_size=20_000):
        province = provinces.get(path[: 2 * case_crowd.STEP])
        if province:
            office, operator = seats[province.pk, "regulator"], seats[province.pk, "operator"]
            found.append(
                case_crowd.Village(pk, name, office.pk, province.code[:6], operator.pk, operator.name)
            )
    return found


def fill(count, processes):
    """Cases up to ``count``; search's index is made afterwards, as one does."""
    held = Case.objects.count()
    if held >= count:
        return None
    handlers = list(
        User.objects.filter(username__in=["bench.county", "bench.city"]).values_list("pk", flat=True)
    )
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_indexdef('cases_case_words'::regclass)")
        definition = cursor.fetchone()[0]
        cursor.execute("DROP INDEX cases_case_words")
        connection.commit()
        first = case_crowd.enter(count - held, places(), handlers, clock.today(), held + 2026, processes)
    with connection.cursor() as cursor:
        cursor.execute(definition)
        for table in ("cases_case", "cases_caseevent", "cases_caseclock"):
            cursor.execute(f"VACUUM (ANALYZE) {table}")
    seconds = time.perf_counter() - began
    mark(first, count - held)
    return case_crowd.audit(first, count - held) | {"seconds": round(seconds, 1)}


def mark(first, count):
    """Some cases are followed, and some were reported by a person who holds no post."""
    dice = random.Random(3)
    reporter = User.objects.get(username="bench.reporter")
    Party.objects.bulk_create(
        Party(
            case_id=pk,
            role="reporter",
            user=reporter,
            hidden=True,
            valid_from=clock.today() - timedelta(days=1),
        )
        for pk in dice.sample(range(first, first + count), min(300, count))
    )
    for name in SEATS:
        user = User.objects.get(username=f"bench.{name}")
        seen = queries.list_cases(scope_for(user), user).values_list("pk", flat=True)[:200]
        Watch.objects.bulk_create(
            [Watch(case_id=pk, user=user, since=clock.now()) for pk in seen], ignore_conflicts=True
        )


def read(client, path, times):
    """Milliseconds of a page asked ``times`` times, and its queries."""
    client.get(path)
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        answer = client.get(path)
        spent.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, (path, answer.status_code)
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return spent, captured


def pages(times, slow_ms):
    """Every page as everybody; all milliseconds of lists together."""
    found, everything = {}, []
    for name in (*SEATS, "reporter"):
        client = Client()
        client.force_login(
            User.objects.get(username=f"bench.{name}"), backend="django.contrib.auth.backends.ModelBackend"
        )
        found[name] = {}
        for page, path in PAGES.items():
            if name == "reporter" and page == "workbench":
                continue
            spent, captured = read(client, path, times)
            if page != "workbench":
                everything += spent
            found[name][page] = {
                "p50": round(statistics.median(spent), 1),
                "p95": p95(spent),
                "queries": len(captured),
            }
            for query in captured:
                if float(query["time"]) * 1000 >= slow_ms:
                    print(f"{name} {page} {query['time']} s: {query['sql'][:1500]}\n", file=sys.stderr)
    return found, everything


def p95(milliseconds):
    ordered = sorted(milliseconds)
    return round(ordered[math.ceil(len(ordered) * 0.95) - 1], 1)


def performing(count):
    """Milliseconds of actions on open cases, by company and office in turn, each committed."""
    spent, refused, now = [], 0, clock.now()
    actors = {}
    for name in ("branch", "county", "province", "company"):
        user = User.objects.get(username=f"bench.{name}")
        actors[name] = Actor(scope_for(user), user)
    chosen = []
    for name, state in (("company", "ordered"), ("company", "rectifying"), ("province", "verifying")):
        who = actors[name]
        held = (
            queries.list_waiting(who.scope, who.user)
            if name == "company"
            else queries.list_cases(who.scope, who.user)
        )
        chosen += [
            (name, state, *row)
            for row in held.filter(state=state).values_list("pk", "revision")[: count // 3]
        ]
    asked = {
        "ordered": (
            "answer",
            case_crowd.DATA["answer"] | {"finish_on": str(clock.today() + timedelta(days=20))},
        ),
        "rectifying": ("report", case_crowd.DATA["report"]),
        "verifying": ("return", case_crowd.DATA["return"]),
    }
    for name, state, pk, revision in chosen:
        action, data = asked[state]
        began = time.perf_counter()
        try:
            actions.perform(
                case_id=pk, action=action, actor=actors[name], data=data, revision=revision, now=now
            )
        except Problem:
            refused += 1
            continue
        spent.append((time.perf_counter() - began) * 1000)
    with CaptureQueriesContext(connection) as captured:
        name, state, pk, _ = chosen[0]
        relations.visible(actors[name])
    assert captured is not None
    return {
        "count": len(spent),
        "refused": refused,
        "p50": round(statistics.median(spent), 1),
        "p95": p95(spent),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=200_000)
    parser.add_argument("--times", type=int, default=20, help="how often each page is asked for")
    parser.add_argument("--performed", type=int, default=300)
    parser.add_argument("--fresh", action="store_true", help="begin with an empty database")
    parser.add_argument(
        "--slow", type=float, default=1e9, help="print queries that take so many milliseconds"
    )
    asked = parser.parse_args()
    settings.ALLOWED_HOSTS = ["*"]
    say("准备数据库")
    prepare(asked.fresh)
    say(f"生成 {asked.cases:,} 件模拟案件")
    filled = fill(asked.cases, os.cpu_count() or 1)
    gc.collect()
    gc.freeze()  # the crowd's places are no part of a page
    say("逐页测量")
    by_person, spent = pages(asked.times, asked.slow)
    say("办理")
    performed = performing(asked.performed)
    worst = max(
        one["p95"] for pages in by_person.values() for page, one in pages.items() if page != "workbench"
    )
    desk = max(pages["workbench"]["p95"] for pages in by_person.values() if "workbench" in pages)
    most = max(
        one["queries"] for pages in by_person.values() for page, one in pages.items() if page != "workbench"
    )
    goal = GOALS["list_p95_ms"][2_000_000 if asked.cases > 200_000 else 200_000]
    result = {
        "cases": Case.objects.count(),
        "open": Case.objects.filter(closed_at=None).count(),
        "filled": filled,
        "pages": {
            "lists_p50": round(statistics.median(spent), 1), "lists_p95": p95(spent),
            "worst_list_p95": worst, "worst_workbench_p95": desk, "most_queries": most,
        },
        "perform": performed,
        "by_person": by_person,
        "goals": {"list_p95_ms": goal, "queries": GOALS["queries"], "perform_p95_ms": GOALS["perform_p95_ms"]},
        "goals_met": p95(spent) <= goal and most <= GOALS["queries"] and performed["p95"] <= GOALS["perform_p95_ms"],
        "conditions": {"cores": os.cpu_count(), "load": os.getloadavg(), "python": platform.python_version(),
                       "in_process": True},
    }  # fmt: skip
    print(json.dumps(result, ensure_ascii=False, indent=2))
    sys.exit(0 if result["goals_met"] else 1)


if __name__ == "__main__":
    main()
