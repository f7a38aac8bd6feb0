"""Keeping place sets: named, dated lists of places, imported from a file."""

import csv
import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from puyou.core import events
from puyou.core.importing import Outcome, Source, open_source, write_rejects
from puyou.places import problems, rules
from puyou.places.events import PLACE_SET_CHANGED
from puyou.places.models import Place, PlaceSet, PlaceSetMember

SUPPLIED = [
    (
        "west-12",
        "西部12省区市",
        "国务院关于实施西部大开发若干政策措施的通知（国发〔2000〕33号，2001-01-01起施行；未对原件核实）",
    ),
    ("mainland-31", "31个省（区、市）", "国家统计局统计口径：不含香港、澳门特别行政区和台湾省"),
]
ALWAYS = date(1949, 10, 1)
Row = tuple[int, str, date, date | None]  # file row, full code, from, to


@transaction.atomic
def import_place_set(
    *, path: str | Path, code: str, name: str, source: str, by: str, now: datetime, rejects: Path
) -> Outcome:
    """Add the places of a file (``place_code``, optionally ``from``, ``to``) to a set, made if need be.

    ``to`` is the first day no longer a member, empty = open; an empty ``from`` means always. Rows that cannot
    be read go to a file in the folder ``rejects``; a membership that is already there is a duplicate.
    """
    if not re.fullmatch(r"[a-z0-9_-]{1,40}", code):
        raise problems.BAD_SET_CODE(code=code[:60])
    place_set, _ = PlaceSet.objects.get_or_create(code=code, defaults={"name": name, "source": source})
    with open_source(path, ["place_code"], ["from", "to"]) as opened:
        rows = _read(opened)
        known = dict(
            Place.objects.filter(code__in=[row[1] for row in rows], valid_to=None).values_list("code", "pk")
        )
        for row in rows:
            if row[1] not in known:
                _reject(opened, row[0], "place_code", problems.UNKNOWN(code=row[1]))
        wanted = {(known[place], since): until for _, place, since, until in rows if place in known}
        added = _add(place_set, wanted)
        refused = opened.rejected
        duplicate = opened.read - refused - added
        outcome = Outcome(
            opened.read, added, duplicate, refused, opened.digest, write_rejects(opened, rejects, now)
        )
    data = {"name": name, "source": source, "added": added, "file": outcome.digest}
    if added:
        events.append(PLACE_SET_CHANGED, subject=f"place_set:{code}", actor=by, now=now, data=data)
    return outcome


@transaction.atomic
def change_place_set(
    *,
    code: str,
    name: str,
    source: str,
    members: Mapping[tuple[int, date], date | None],
    by: str,
    now: datetime,
) -> int:
    """Add memberships, or end them otherwise than before, by place id and first day; makes the set if need be.

    Returns how many are new or end differently; a repeat changes nothing.
    """
    if not re.fullmatch(r"[a-z0-9_-]{1,40}", code):
        raise problems.BAD_SET_CODE(code=code[:60])
    place_set, made = PlaceSet.objects.get_or_create(code=code, defaults={"name": name, "source": source})
    renamed = (place_set.name, place_set.source) != (name, source)
    if renamed:
        PlaceSet.objects.filter(pk=place_set.pk).update(name=name, source=source)
    added = _add(place_set, dict(members))
    if added or made or renamed:
        data = {"name": name, "source": source, "added": added}
        events.append(PLACE_SET_CHANGED, subject=f"place_set:{code}", actor=by, now=now, data=data)
    return added


def seed_place_sets(folder: Path) -> None:
    """The sets that come with the product, with those of their members that are loaded."""
    for code, name, source in SUPPLIED:
        place_set, _ = PlaceSet.objects.get_or_create(code=code, defaults={"name": name, "source": source})
        with (folder / "place_sets" / f"{code}.csv").open(encoding="utf-8", newline="") as file:
            since = {row["place_code"]: date.fromisoformat(row["from"]) for row in csv.DictReader(file)}
        known = Place.objects.filter(code__in=since, valid_to=None).values_list("code", "pk")
        _add(place_set, {(place, since[own]): None for own, place in known})


def _add(place_set: PlaceSet, wanted: dict[tuple[int, date], date | None]) -> int:
    """Write the memberships that are new or end differently; returns how many."""
    present = {(m.place_id, m.valid_from): m for m in place_set.members.all()}
    new = [
        PlaceSetMember(place_set=place_set, place_id=place, valid_from=since, valid_to=until)
        for (place, since), until in wanted.items()
        if (place, since) not in present
    ]
    changed = [m for key, m in present.items() if key in wanted and m.valid_to != wanted[key]]
    for member in changed:
        member.valid_to = wanted[member.place_id, member.valid_from]
    PlaceSetMember.objects.bulk_create(new)
    PlaceSetMember.objects.bulk_update(changed, ["valid_to"])
    return len(new) + len(changed)


def _read(source: Source) -> list[Row]:
    found: list[Row] = []
    query = 'SELECT "row", place_code, "from", "to" FROM source ORDER BY "row"'
    for row, code, since, until in source.database.execute(query).fetchall():
        try:
            full = rules.full_code(code or "")
        except ValueError:
            _reject(source, row, "place_code", problems.BAD_CODE(code=code or ""))
            continue
        first, last = _day(source, row, "from", since), _day(source, row, "to", until)
        if isinstance(first, bool) or isinstance(last, bool):
            continue
        if last is not None and last <= (first or ALWAYS):
            _reject(source, row, "to", problems.EMPTY_TERM())
            continue
        found.append((row, full, first or ALWAYS, last))
    return found


def _day(source: Source, row: int, column: str, text: str | None) -> date | None | bool:
    """The day of a cell, None when empty, False (and a reject) when it is no date."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        _reject(source, row, column, problems.BAD_DATE(text=text[:40]))
        return False


def _reject(source: Source, row: int, column: str, problem: Exception) -> None:
    code = getattr(problem, "code", "")
    source.database.execute("INSERT INTO rejects VALUES (?, ?, ?, ?)", [row, column, code, str(problem)])
