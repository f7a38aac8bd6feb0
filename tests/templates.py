"""Databases for tests: one template with Guizhou in it, cloned for whoever needs one."""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from puyou.config import reference
from puyou.core import clock, partitions

ROOT = Path(__file__).resolve().parents[1]
INGREDIENTS = [
    "puyou/*/migrations/*.py",
    "puyou/places/*.py",
    "puyou/standards/*.py",
    "puyou/accounts/roles.py",
    "puyou/cases/actions/publishing.py",
    "puyou/cases/*/procedures/*.json",
    "puyou/cases/papers/*.py",
    "puyou/indicators/*.json",
    "puyou/reports/*.json",
    "puyou/ledgers/actions/kinds.py",
    "puyou/ledgers/kinds/*.json",
    "puyou/*/*/migrations/*.py",
    "puyou/scrutiny/seeds.py",
    "puyou/config/reference.py",
]
PROVINCE = "52"


def _mark() -> str:
    digest = hashlib.sha256()
    for pattern in INGREDIENTS:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def administer(*statements: str) -> list[tuple[object, ...]]:
    """Run statements on the maintenance database; returns the rows of the last one."""
    parameters = connection.get_connection_params()
    keep = {key: parameters[key] for key in ("host", "port", "user", "password") if parameters.get(key)}
    with psycopg.connect(**keep, dbname="postgres", autocommit=True) as server:
        for statement in statements:
            cursor = server.execute(statement)
        return cursor.fetchall() if cursor.description else []


def point_to(name: str) -> None:
    """Make Django's connection speak to database ``name``."""
    connection.close()
    connection.settings_dict["NAME"] = name


def template() -> str:
    """Name of the template database, made on first use (one province, rules, calendar, roles)."""
    name = f"template_{_mark()}"
    with (Path(settings.PUYOU_HOME) / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if administer(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"):
            return name
        stale = administer("SELECT datname FROM pg_database WHERE datname LIKE 'template\\_%'")
        building = f"building_{_mark()}"
        administer(f"DROP DATABASE IF EXISTS {building} WITH (FORCE)", f"CREATE DATABASE {building}")
        point_to(building)
        call_command("migrate", verbosity=0, interactive=False)
        reference.load(by="system:tests", now=clock.now(), provinces=[PROVINCE])
        connection.close()
        administer(f"ALTER DATABASE {building} RENAME TO {name}")
        for (old,) in stale:
            administer(f"DROP DATABASE IF EXISTS {old} WITH (FORCE)")
    return name


def clone(name: str) -> None:
    """A fresh copy of the template."""
    administer(
        f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name} TEMPLATE {template()}"
    )


@contextmanager
def own(name: str) -> Iterator[str]:
    """Django's connection on a database of that name, cloned for the while and dropped afterwards."""
    shared = str(connection.settings_dict["NAME"])
    connection.close()
    clone(name)
    point_to(name)
    partitions._known.clear()
    yield name
    point_to(shared)
    partitions._known.clear()
    administer(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
