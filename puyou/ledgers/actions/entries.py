"""Writing entries: making one, saying it anew; what was said before is kept."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from puyou.accounts.models import Organisation, User
from puyou.accounts.scopes import Scope
from puyou.core import events as log
from puyou.core.periods import day_of
from puyou.ledgers import events, powers, problems, reading, rules, values
from puyou.ledgers.definition import LEVEL_NAMES, Definition
from puyou.ledgers.models import (
    LedgerEntry,
    LedgerKind,
    LedgerRevision,
    LedgerSequence,
    LedgerStep,
    LedgerVersion,
)
from puyou.ledgers.reading import Directory
from puyou.ledgers.values import Data
from puyou.places.models import Place

GROUND_LIMIT = 300


@transaction.atomic
def create_entry(
    *,
    version: LedgerVersion,
    place: Place,
    operator: Organisation | None,
    said: Mapping[str, Any],
    submit: bool,
    office: Organisation | None,
    scope: Scope,
    by: User | None,
    now: datetime,
    origin: LedgerEntry | None = None,
    directory: Directory | None = None,
) -> LedgerEntry:
    """Enter something into a ledger, as a draft or submitted at once (numbered then).

    Problems: not this person's to fill, the wrong level of place, wrong or missing values, there already.
    """
    found = reading.definition_of(version)
    if office is None:
        raise problems.NO_OFFICE()
    side = powers.require_filling(scope, found, place.path, operator)
    data = checked(found, place, operator, said, whole=submit, directory=directory)
    if submit:
        refuse_missing_files(found, set())
    entry = LedgerEntry(
        kind_id=version.kind_id, version=version, office=office, side=side, status=rules.DRAFT, origin=origin,
        created_by=by, created_at=now,
    )  # fmt: skip
    write(entry, found, place, operator, data, now)
    if submit:
        entry.number = next_number(version.kind, found, office, day_of(now))
        entry.status = after_submission(found)
    _save(entry)
    add_revision(entry, "", by, now)
    add_step(entry, "", by, now)
    say(events.ENTRY_CREATED, entry, scope, now, {"status": entry.status, "digest": entry.digest})
    return entry


@transaction.atomic
def edit_entry(
    *,
    entry_id: int,
    expected: int,
    place: Place,
    operator: Organisation | None,
    said: Mapping[str, Any],
    ground: str,
    scope: Scope,
    by: User | None,
    now: datetime,
    directory: Directory | None = None,
) -> LedgerEntry:
    """Say an entry anew; beyond a draft it takes a ground, and what was confirmed waits to be confirmed again.

    Problems: stale (409), not this person's to write, withdrawn, no ground, wrong values.
    """
    entry = held(entry_id, expected, "edit")
    found = reading.definition_of(entry.version)
    if not powers.may_edit(scope, entry, found):
        raise problems.NOT_FILLER(kind=found.name, who=powers.told_sides((entry.side,)))
    powers.require_filling(scope, found, place.path, operator)
    ground = ground.strip()[:GROUND_LIMIT]
    if not ground and entry.status != rules.DRAFT:
        raise problems.NO_GROUND()
    whole = entry.status in (rules.SUBMITTED, rules.CONFIRMED)
    data = checked(found, place, operator, said, whole=whole, directory=directory)
    before = entry.digest
    write(entry, found, place, operator, data, now)
    if entry.digest == before:
        return entry
    entry.revision, entry.turn = entry.revision + 1, entry.turn + 1
    moved = entry.status == rules.CONFIRMED and found.confirm_level is not None
    entry.status = rules.SUBMITTED if moved else entry.status
    _save(entry)
    add_revision(entry, ground, by, now)
    if moved:
        add_step(entry, ground, by, now)
    say(
        events.ENTRY_EDITED,
        entry,
        scope,
        now,
        {"revision": entry.revision, "digest": entry.digest, "ground": ground},
    )
    return entry


def held(entry_id: int, expected: int, verb: str) -> LedgerEntry:
    """The entry, locked. Problems: none, changed since ``expected``, a state in which the verb is not possible."""
    entry = (
        LedgerEntry.objects.select_for_update(of=("self",))
        .select_related("place", "operator__parent__parent__parent", "version", "kind", "office")
        .filter(pk=entry_id)
        .first()
    )
    if entry is None:
        raise problems.UNKNOWN_ENTRY()
    if entry.status not in rules.MOVES[verb]:
        raise problems.WRONG_STATE(status=entry.get_status_display(), verb=rules.VERB_NAMES[verb])
    if entry.turn != expected:
        raise problems.STALE(revision=entry.revision, status=entry.get_status_display())
    return entry


def checked(
    found: Definition,
    place: Place,
    operator: Organisation | None,
    said: Mapping[str, Any],
    *,
    whole: bool,
    directory: Directory | None = None,
) -> Data:
    """The data to keep; problems name every field that is wrong."""
    if place.level not in found.place_levels:
        levels = "、".join(LEVEL_NAMES[level] for level in found.place_levels)
        raise problems.BAD_LEVEL(kind=found.name, name=found.place_name, levels=levels)
    if operator is None and found.operator == "required" and whole:
        raise problems.NO_OPERATOR()
    data, wrong = values.check(found, said, (directory or Directory()).finders, whole=whole)
    if wrong:
        raise problems.BAD_ENTRY(faults="；".join(told(found, code, text) for code, text in wrong.items()))
    return data


def told(found: Definition, code: str, text: str) -> str:
    """A fault with the field's name."""
    field = found.field(code)
    return f"{field.name if field else code[:40]}：{text}"


def write(
    entry: LedgerEntry,
    found: Definition,
    place: Place,
    operator: Organisation | None,
    data: Data,
    now: datetime,
) -> None:
    """Put data into a row with everything that repeats it."""
    entry.place, entry.operator, entry.changed_at = place, operator if found.has_operator else None, now
    entry.data = data
    entry.title = title_of(found, place, data)[:200]
    entry.words = words_of(found, place, entry.operator, data)
    entry.begins_on, entry.ends_on = _day(data, found.begins), _day(data, found.ends)
    entry.lon, entry.lat = position_of(found, data)
    entry.key = key_of(found, entry.operator, data)
    entry.digest = digest_of(place, entry.operator, data)


def title_of(found: Definition, place: Place, data: Data) -> str:
    """What an entry is called."""
    field = found.field(found.title)
    assert field is not None  # published definitions have their title
    return values.shown(field, data.get(field.code)) or f"（未填{field.name}）"


def words_of(found: Definition, place: Place, operator: Organisation | None, data: Data) -> str:
    """Everything an entry can be found by."""
    said = [values.shown(field, data.get(field.code)) for field in found.written if field.type != "yes_no"]
    return " ".join([place.name, operator.name if operator else "", *said])


def _day(data: Data, code: str | None) -> date | None:
    value = data.get(code) if code else None
    return date.fromisoformat(value) if isinstance(value, str) else None


def position_of(found: Definition, data: Data) -> tuple[float | None, float | None]:
    """Longitude and latitude, where the kind has a field for them and it was filled."""
    for field in found.of_type("position"):
        if isinstance(value := data.get(field.code), str):
            lon, lat = value.split(",")
            return float(lon), float(lat)
    return None, None


def key_of(found: Definition, operator: Organisation | None, data: Data) -> str:
    """What makes the entry the same as another of its kind; empty where nothing does, or it is not filled yet."""
    if not found.key or any(code not in data for code in found.key):
        return ""
    return _hashed([operator.pk if operator else None, *(data[code] for code in found.key)])


def digest_of(place: Place, operator: Organisation | None, data: Data) -> str:
    """A digest over everything that an entry says."""
    return _hashed([place.pk, operator.pk if operator else None, data])


def _hashed(value: Any) -> str:
    return hashlib.sha256(reading.canonical(value).encode()).hexdigest()


def _save(entry: LedgerEntry) -> None:
    try:
        with transaction.atomic():
            entry.save()
    except IntegrityError as error:
        if "ledgers_entry_once" not in str(error):
            raise
        same = LedgerEntry.objects.filter(kind_id=entry.kind_id, key=entry.key).exclude(
            status=rules.WITHDRAWN
        )
        raise problems.DUPLICATE(number=same.values_list("number", flat=True).first() or "草稿") from error


def next_number(kind: LedgerKind, found: Definition, office: Organisation, day: date) -> str:
    """The next number; the caller's transaction holds it, so that a failure gives it back."""
    return numbers(kind, found, office, day, 1)[0]


def numbers(kind: LedgerKind, found: Definition, office: Organisation, day: date, many: int) -> list[str]:
    """The next numbers of a kind, an office and a year, one after another without gaps."""
    key: dict[str, Any] = {"kind": kind, "office": office, "year": day.year}
    LedgerSequence.objects.get_or_create(**key)
    row = LedgerSequence.objects.select_for_update().get(**key)
    first, row.last = row.last + 1, row.last + many
    row.save(update_fields=["last"])
    mark = f"企{office.pk}" if office.kind == Organisation.Kind.OPERATOR else ""
    head = f"{found.number_prefix}〔{day.year}〕{office.place.code[:6]}{mark}"
    return [f"{head}-{at}号" for at in range(first, row.last + 1)]


def after_submission(found: Definition) -> str:
    """Where submitting leads: to whoever confirms, or straight to being counted."""
    return rules.SUBMITTED if found.confirm_level is not None else rules.CONFIRMED


def refuse_missing_files(found: Definition, there: set[str]) -> None:
    """Problem when a required attachment is not there."""
    lacking = [
        field.name for field in found.of_type("attachment") if field.required and field.code not in there
    ]
    if lacking:
        raise problems.NO_FILE(names="、".join(lacking))


def add_revision(entry: LedgerEntry, ground: str, by: User | None, now: datetime) -> None:
    """Keep what the entry says now."""
    LedgerRevision.objects.create(
        entry=entry, number=entry.revision, place=entry.place, operator=entry.operator, data=entry.data, ground=ground,
        by=by, at=now,
    )  # fmt: skip


def add_step(entry: LedgerEntry, ground: str, by: User | None, now: datetime) -> None:
    """Keep that the entry came into its present state."""
    LedgerStep.objects.create(
        entry=entry, status=entry.status, revision=entry.revision, ground=ground, by=by, at=now
    )


def say(kind: str, entry: LedgerEntry, scope: Scope, now: datetime, data: dict[str, Any]) -> None:
    """Tell that something happened to an entry."""
    told = {"kind": entry.kind.code, "number": entry.number, "place": entry.place.code} | data
    log.append(kind, subject=f"ledger_entry:{entry.pk}", actor=scope.name, now=now, data=told)
