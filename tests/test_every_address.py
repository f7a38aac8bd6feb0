"""Walks every address of the site as people who must not see Guizhou, and looks for Guizhou's figures."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from puyou.accounts import actions
from puyou.accounts.models import LoginSession, User
from puyou.accounts.tests.offices import NOW, SYSTEM, neighbour, officer
from puyou.core import clock
from puyou.core.models import Event
from puyou.places.models import Place
from puyou.places.queries import get_place
from tests import markers

OPEN311 = ("discovery", "services", "services/{code}", "requests", "requests/{number}", "tokens/{identifier}")
PUBLIC = {
    "/login/",
    "/places/search/",  # names are public
    "/places/boundaries/{code}.json",  # so are boundaries
    "/system/styles/boundaries.json",
    "/api/v1/openapi.json",
    "/field/",  # so is the app: it holds nothing before a phone is enrolled
    "/field/sw.js",
    "/field/manifest.webmanifest",
    "/api/v1/field/version",  # any phone may ask which app is known
    "/healthz",  # machines ask whether this one lives; nothing is told
    "/readyz",
    "/v/",  # the public types the code of a notice
    "/portal/",
    "/portal/feedback/",
    "/portal/feedback/track/",
    "/portal/results/",
    "/portal/results/{pk}/",
    "/portal/cards/",
    "/portal/cards/{pk}/",
    "/portal/cards/{pk}/file.{kind}",
    *(f"/open311/v2/{name}.{form}" for name in OPEN311 for form in ("json", "xml")),
}
KNOWN = {
    "number",
    "pk",
    "id",
    "identifier",
    "code",
    "week",
    "year",
    "kind",
    "sha256",
    "document",
    "paper",
    "note",
    "link",
    "recusal",
    "draft",
    "archive",
    "publication",
}
VILLAGE = "520526"  # a village of this county carries the markers
MUST_BE_PLANTED = {
    "registry_courier",
    "registry_duty",
    "registry_round",
    "villagers_noticecode",
    "villagers_villagerword",
    "visits_visit",
    "cases_case",
    "cases_party",
    "cases_attachment",
    "cases_casenote",
    "cases_casedocument",
    "feedback_report",
    "supervisors_supervisor",
    "audits_audititem",
    "audits_auditresult",
    "compliance_excuse",
    "reviews_rejectionproposal",
    "reviews_question",
    "reviews_appeal",
}
OTHERS_ROWS = {  # rooms without numbered rows of their own show those of others
    "fieldwork": ("ingest", "registry", "places"),
    "workbench": ("cases",),
    "portal": ("cases",),
}
MUST_SHOW = {"cases", "accounts", "registry", "atlas", "fieldwork", "ledgers"}
SAFE_REFUSALS = {301, 302, 400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429}


@dataclass(frozen=True)
class Address:
    """An address pattern: its text with ``{name}`` for parameters, their names, and the room that answers."""

    text: str
    parameters: tuple[str, ...]
    room: str


def addresses() -> list[Address]:
    """Every pattern that any room answers at."""
    return sorted(set(_walk(get_resolver(), "/")), key=lambda address: address.text)


def _walk(resolver: URLResolver, prefix: str) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        text = prefix + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(entry.pattern))
        if isinstance(entry, URLPattern):
            yield Address(text, tuple(re.findall(r"{(\w+)}", text)), _room_of(entry.callback))
        else:
            yield from _walk(entry, text)


@dataclass(frozen=True)
class World:
    """Marked Guizhou, and the people who look at it."""

    candidates: dict[str, list[str]]
    numbers: dict[str, set[str]]
    place: str
    people: dict[str, User | None]
    planted: set[str]


@pytest.fixture
def world(db: None, monkeypatch: Any) -> Iterator[World]:
    _spread_numbers()
    with clock.frozen(NOW):
        yield _world()


def _spread_numbers() -> None:
    """Give every table of accounts numbers of its own, so that no number of Guizhou's names a row of another's."""
    tables = sorted(model._meta.db_table for model in apps.get_app_config("accounts").get_models())
    with connection.cursor() as cursor:
        for at, table in enumerate(tables, 1):
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
            sequence = (cursor.fetchone() or [None])[0]
            if sequence:
                cursor.execute("SELECT setval(%s, %s + nextval(%s))", [sequence, at * 10_000_000, sequence])


def _world() -> World:
    guizhou, yunnan, county = get_place("52"), neighbour(), get_place(VILLAGE)
    village = Place.objects.filter(path__startswith=county.path, level=5).order_by("code").first()
    assert village is not None
    company = officer("marked.company", "company_manager", county, markers.TEXT)
    insider = officer("marked.officer", "provincial_regulator", guizhou)
    keeper = officer("marked.keeper", "system_administrator", guizhou)
    stay = actions.begin_session(user=insider, key="marked", agent="", address=None, now=NOW)
    planted = markers.plant(village)
    ledger = markers.plant_ledger(county, company)
    owed = markers.plant_return(county, company)
    rows = [village, county, stay, ledger, owed, *(row for table in planted.values() for row in table)]
    for user in (company, insider, keeper):
        appointment = user.appointments.get()
        post = appointment.post
        rows += [user, appointment, post, post.organisation, post.grants.get()]
    numbers: dict[str, set[str]] = {}
    for row in rows:
        if isinstance(row.pk, int):
            numbers.setdefault(_room_of(type(row)), set()).add(str(row.pk))
    for room, others in OTHERS_ROWS.items():
        numbers[room] = set().union(*(numbers.get(other, set()) for other in others))
    names = {str(row.pk) for row in rows if isinstance(row.pk, UUID)}
    people: dict[str, User | None] = {"anonymous": None}
    people["without_grants"], _ = actions.create_user(
        username="nobody", name="无权", organisation=None, by=SYSTEM, now=NOW
    )
    User.objects.filter(username="nobody").update(must_change_password=False)
    people["other_officer"] = officer("other.officer", "provincial_regulator", yunnan)
    people["other_manager"] = officer("other.manager", "system_administrator", yunnan)
    people["other_granter"] = officer("other.granter", "security_administrator", yunnan)
    return World(
        candidates={
            "id": sorted(names),
            "identifier": sorted(names),
            "code": ["52", county.code, village.code, "marker", "building_project", "wecom"],
            "number": ["marker"],
            "week": ["2026-W47"],
            "year": ["2026"],
            "kind": ["csv", "xlsx"],
            "sha256": ["ab" * 32],
        },
        numbers=numbers,
        place=village.code,
        people=people,
        planted=set(planted),
    )


def _room_of(thing: Any) -> str:
    """The room whose code this is."""
    return (str(thing.__module__).split(".") + [""])[1]


def _client(user: User | None) -> Client:
    client = Client(raise_request_exception=False)
    if user is not None:
        user.refresh_from_db()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _filled(address: Address, world: World) -> Iterator[str]:
    """The address with each candidate for its parameters; numbers are those of the room's own rows."""
    everyones = set().union(*world.numbers.values())
    numbers = sorted(world.numbers.get(address.room, everyones))
    few = dict.fromkeys(
        ("document", "paper", "note", "link", "recusal", "draft", "archive", "publication"), numbers[:2]
    )
    candidates = world.candidates | few | {"pk": numbers}
    if address.room == "standards":
        candidates["code"] = ["delivery_floor"]
    texts = [address.text]
    for name in dict.fromkeys(address.parameters):
        texts = [text.replace(f"{{{name}}}", value) for text in texts for value in candidates.get(name, ())]
    yield from texts


def _asked(text: str, world: World) -> Iterator[str]:
    """An address bare, and with what a page may be told: a place of Guizhou, a week, a search, a file."""
    yield text
    asked = f"?place={world.place}&code={world.place}&week=2026-W47&q={markers.TEXT}"
    yield text + asked
    yield f"{text}{asked}&format=csv"


def _body(response: Any) -> str:
    """Everything an answer tells; a workbook unpacked."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"PK"):
        with ZipFile(BytesIO(content)) as book:
            content = b"".join(book.read(name) for name in book.namelist())
    return content.decode("utf-8", "replace") + str(response.headers)


def _complaint(response: Any, asked: str) -> str | None:
    """What is wrong with an answer, if anything. What was asked for may be repeated back."""
    if response.status_code >= 500:
        error = getattr(response, "exc_info", None)
        return f"{asked}: {response.status_code} {error[1] if error else ''}"
    if response.status_code not in SAFE_REFUSALS and not 200 <= response.status_code < 300:
        return f"{asked}: unexpected status {response.status_code}"
    body = _body(response)
    repeated = {markers.TEXT} if markers.TEXT in asked else set()
    leaked = sorted(set(markers.SHOWN.findall(body)) - repeated)
    return f"{asked}: shows {leaked}" if leaked else None


def _walked(who: str) -> list[Address]:
    """All addresses; for administrators, who hold nothing elsewhere, those they have business at."""
    theirs = ("/system/", "/sessions/") if who in ("other_manager", "other_granter") else ("/",)
    return [address for address in addresses() if address.text.startswith(theirs)]


WHO = ["anonymous", "without_grants", "other_officer", "other_manager", "other_granter"]


def test_every_parameter_has_a_candidate():
    unknown = {address.text for address in addresses() if set(address.parameters) - KNOWN}
    assert unknown == set(), f"name the parameter one of {KNOWN}, or teach this test what to fill in"


@pytest.mark.parametrize("who", WHO)
def test_no_address_shows_another_provinces_figures(world, who):
    client = _client(world.people[who])
    complaints = []
    for address in _walked(who):
        for text in _filled(address, world):
            for asked in _asked(text, world) if not address.parameters else [text]:
                complaints.append(_complaint(client.get(asked), asked))
    assert [complaint for complaint in complaints if complaint] == []


@pytest.mark.parametrize("who", WHO)
def test_no_address_lets_another_province_change_anything(world, who):
    client = _client(world.people[who])
    before, complaints = Event.objects.count(), []
    for address in _walked(who):
        if address.text == "/logout/":
            continue
        for text in _filled(address, world):
            response = client.post(text, {"place": world.place, "on": "2026-11-20", "ground": "无"})
            complaints.append(_complaint(response, f"POST {text}"))
    assert [complaint for complaint in complaints if complaint] == []
    own = {"session.begun", "session.ended"}
    assert list(Event.objects.exclude(kind__in=own).order_by("id")[before:].values("kind", "subject")) == []
    assert LoginSession.objects.get(key="marked").ended_at is None


def test_the_anonymous_see_only_what_is_public(world):
    client, open_doors = _client(None), []
    for address in addresses():
        for text in _filled(address, world):
            if client.get(text).status_code == 200:
                open_doors.append(address.text)
    assert set(open_doors) - PUBLIC == set()


def test_the_markers_are_real(world):
    """Otherwise this file would prove nothing: people of Guizhou do see them, in each of these rooms."""
    assert MUST_BE_PLANTED <= world.planted
    seen = set()
    for username in ("marked.officer", "marked.keeper"):
        client = _client(User.objects.get(username=username))
        for address in addresses():
            texts = [text for text in _filled(address, world) if address.room not in seen]
            if any(markers.SHOWN.search(_body(client.get(text))) for text in texts):
                seen.add(address.room)
    assert MUST_SHOW <= seen
