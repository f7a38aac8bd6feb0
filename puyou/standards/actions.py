"""Publishing and verifying rules, and extending the calendar."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from puyou.core import events as log
from puyou.core import importing
from puyou.standards import calendar_files, events, problems, rules, seeds
from puyou.standards.models import CalendarDay, CalendarYear, Rule, RuleVersion

if TYPE_CHECKING:
    from puyou.places.models import Place

Verification = RuleVersion.Verification


@transaction.atomic
def load_standards(*, by: str, now: datetime) -> dict[str, int]:
    """Load the rules and their first versions; what is there stays as it is. Returns how many were new."""
    known = {rule.code: rule for rule in Rule.objects.all()}
    missing = [kind for kind in seeds.RULES if kind.code not in known]
    for kind in missing:
        known[kind.code] = Rule.objects.create(code=kind.code, name=kind.name, description=kind.description)
    taken = set(RuleVersion.objects.values_list("rule_id", "area_class").distinct())
    fresh = [
        _from_seed(seed, known[seed.code], now)
        for seed in seeds.VERSIONS
        if (known[seed.code].pk, seed.area_class) not in taken
    ]
    RuleVersion.objects.bulk_create(fresh)
    made = {"rules": len(missing), "versions": len(fresh)}
    if missing or fresh:
        log.append(events.STANDARDS_LOADED, subject="standards", actor=by, now=now, data=made)
    return made


def _from_seed(seed: seeds.Seed, rule: Rule, now: datetime) -> RuleVersion:
    return RuleVersion(
        rule=rule,
        area_class=seed.area_class,
        value=seed.value,
        unit=seed.unit,
        valid_from=seed.valid_from,
        source=seed.source,
        verification=Verification.VERIFIED if seed.verified else Verification.UNVERIFIED,
        verified_at=now if seed.verified else None,
        published_at=now,
    )


@transaction.atomic
def publish_rule_version(
    *,
    rule: Rule,
    area_class: str,
    place: "Place | None",
    value: str,
    unit: str,
    valid_from: date,
    valid_to: date | None = None,
    source: str,
    verification: str = Verification.UNVERIFIED,
    close_previous: bool = True,
    by: str,
    now: datetime,
) -> RuleVersion:
    """Publish a version in force in ``[valid_from, valid_to)``.

    With ``close_previous`` the version that is open at its start ends there; any other overlap is refused. A
    version published as verified is verified by ``by``, who must then be a person.
    """
    rule = Rule.objects.select_for_update().get(pk=rule.pk)
    _check_content(rule, area_class, value, unit, source)
    if valid_to is not None and valid_to <= valid_from:
        raise problems.ENDS_BEFORE_START(first=valid_from, last=valid_to)
    siblings = RuleVersion.objects.filter(rule=rule, area_class=area_class, place=place)
    closed = _make_room(list(siblings), valid_from, valid_to, close_previous)
    verified = verification == Verification.VERIFIED
    version = RuleVersion.objects.create(
        rule=rule,
        area_class=area_class,
        place=place,
        value=value.strip(),
        unit=unit,
        valid_from=valid_from,
        valid_to=valid_to,
        source=source.strip(),
        verification=verification,
        verified_by_id=_person(by) if verified else None,
        verified_at=now if verified else None,
        published_at=now,
    )
    said = {
        "area_class": area_class,
        "place": place.code if place else None,
        "value": version.value,
        "unit": unit,
    }
    span = {"valid_from": str(valid_from), "valid_to": valid_to and str(valid_to), "closed": closed}
    said |= {"rule": rule.code, "source": version.source, "verification": verification}
    log.append(
        events.RULE_PUBLISHED, subject=f"rule_version:{version.pk}", actor=by, now=now, data=said | span
    )
    return version


def _check_content(rule: Rule, area_class: str, value: str, unit: str, source: str) -> None:
    kind = seeds.BY_CODE.get(rule.code)
    if kind is None:
        raise problems.UNKNOWN_RULE(code=rule.code)
    if kind.by_area_class != bool(area_class) or (area_class and area_class not in seeds.AREA_CLASSES):
        raise problems.AREA_CLASS_UNFIT(area_class=seeds.AREA_CLASSES.get(area_class, area_class or "不分"))
    if unit not in kind.units:
        raise problems.UNIT_NOT_OFFERED(unit=unit, units="、".join(seeds.UNITS[unit] for unit in kind.units))
    if kind.options and value.strip() not in kind.options:
        raise problems.VALUE_NOT_OFFERED(value=value, options="、".join(kind.options))
    if not kind.options and not _is_measure(value):
        raise problems.VALUE_NOT_A_NUMBER(value=value)
    if not source.strip():
        raise problems.SOURCE_MISSING()


def _is_measure(value: str) -> bool:
    try:
        number = Decimal(value.strip())
    except InvalidOperation:
        return False
    return number.is_finite() and number >= 0


def _make_room(
    siblings: list[RuleVersion], first: date, last: date | None, close_previous: bool
) -> int | None:
    """End the version that is open at ``first``; refuse any other overlap. Returns the ended version's id."""
    closed = None
    for version in siblings:
        if version.valid_to == version.valid_from:
            continue
        if not rules.overlap((version.valid_from, version.valid_to), (first, last)):
            continue
        if not close_previous or version.valid_to is not None or version.valid_from >= first:
            raise problems.OVERLAPS(first=version.valid_from)
        version.valid_to = first
        version.save(update_fields=["valid_to"])
        closed = version.pk
    return closed


def _person(by: str) -> int:
    """The account behind an actor such as ``user:12``; Problem when it is no person."""
    kind, _, number = by.partition(":")
    if kind != "user" or not number.isdigit():
        raise problems.NEEDS_A_PERSON()
    return int(number)


@transaction.atomic
def verify_rule_version(*, version: RuleVersion, by: str, now: datetime) -> RuleVersion:
    """A person confirms a version against its source: 未经核实 becomes 已核实."""
    version = RuleVersion.objects.select_for_update().get(pk=version.pk)
    if version.verification == Verification.VERIFIED:
        raise problems.ALREADY_VERIFIED()
    version.verification, version.verified_by_id, version.verified_at = (
        Verification.VERIFIED,
        _person(by),
        now,
    )
    version.save(update_fields=["verification", "verified_by", "verified_at"])
    log.append(events.RULE_VERIFIED, subject=f"rule_version:{version.pk}", actor=by, now=now, data={})
    return version


@transaction.atomic
def load_calendar(*, path: Path | None = None, by: str, now: datetime) -> dict[str, int]:
    """Add the days of a CSV or xlsx file (``date, kind, name, sources``) and publish their years.

    Without ``path`` the file that ships with the product. A faulty row refuses the file. Returns counts.
    """
    path = path or settings.DATA_DIR / "holidays.csv"
    days = calendar_files.read_days(path)
    known = {row.day: (row.kind, row.name, row.source) for row in CalendarDay.objects.all()}
    changed = [day for day in days if known.get(day.day) != (day.kind, day.name, day.source)]
    CalendarDay.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["day"], update_fields=["kind", "name", "source"]
    )
    published = set(CalendarYear.objects.values_list("year", flat=True))
    years = sorted({day.day.year for day in days} - published)
    CalendarYear.objects.bulk_create([CalendarYear(year=year, source=path.name) for year in years])
    made = {"read": len(days), "changed": len(changed), "years": len(years)}
    if changed or years:
        digest = importing.file_digest(path)
        data = made | {"file": path.name, "sha256": digest, "published": years}
        log.append(events.CALENDAR_EXTENDED, subject=f"calendar:{path.name}", actor=by, now=now, data=data)
    return made
