"""Defining indicators, publishing versions, reporting and restating values, setting targets."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from puyou.accounts.models import Organisation
from puyou.core import events as log
from puyou.indicators import checking, events, formula, names, problems
from puyou.indicators.checking import Kind
from puyou.indicators.formula import FormulaError, Name
from puyou.indicators.models import (
    Indicator,
    IndicatorVersion,
    ReportedValue,
    ReturnItem,
    Target,
    Verification,
)
from puyou.indicators.periods import Period
from puyou.indicators.reckoning import QUALIFIERS
from puyou.indicators.units import Unit
from puyou.places.models import Place

LARGEST = Decimal(10) ** 17


def find_kind(name: Name) -> Kind | None:
    """Unit and nature of what a formula names: a measure, a reported item, another indicator."""
    if name.indicator:
        found = Indicator.objects.filter(code=name.code).first()
        return Kind(Unit.parse(found.unit), found.nature) if found else None
    measure = names.find(name.code)
    if measure is not None:
        return Kind(Unit.parse(measure.unit), measure.nature)
    item = ReturnItem.objects.filter(code=name.code).first()
    return Kind(Unit.parse(item.unit), item.nature) if item else None


def check_formula(indicator: Indicator, text: str) -> None:
    """Refuse a formula that cannot be read, mixes units or natures, gives another unit, or runs in a circle."""
    try:
        node = formula.parse(text)
        found = checking.kind_of(node, find_kind)
    except FormulaError as error:
        raise problems.BAD_FORMULA(reason=error.words) from None
    wanted = Unit.parse(indicator.unit)
    if found.unit != wanted:
        raise problems.WRONG_UNIT(found=found.unit.text or "无单位", wanted=wanted.text or "无单位")
    if found.nature not in (checking.CONSTANT, indicator.nature):
        raise problems.WRONG_NATURE(
            found=checking.NATURES[found.nature], wanted=checking.NATURES[indicator.nature]
        )
    uses = _uses() | {indicator.code: _indicators_of(text)}
    if way := checking.circle(indicator.code, uses):
        raise problems.CIRCLE(way=" → ".join(way))


def _uses() -> dict[str, list[str]]:
    """Which indicators each indicator's versions name."""
    found: dict[str, list[str]] = {}
    held = IndicatorVersion.objects.filter(formula__contains="@").values_list("indicator__code", "formula")
    for code, text in held:
        found.setdefault(code, []).extend(_indicators_of(text))
    return found


def _indicators_of(text: str) -> list[str]:
    return [name.code for name in formula.names(formula.parse(text)) if name.indicator]


@transaction.atomic
def publish_version(
    *,
    indicator: Indicator,
    text: str,
    valid_from: date,
    source: str,
    verification: str = Verification.UNVERIFIED,
    qualifier: str = "",
    base_date: date | None = None,
    sample_scope: str = "",
    note: str = "",
    by: str,
    now: datetime,
) -> IndicatorVersion:
    """A further version from a day on; the one before ends on that day and stays as it was."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('indicators_versions'))")
    check_formula(indicator, text)
    last = indicator.versions.order_by("-number").first()
    if last is not None:
        if valid_from <= last.valid_from:
            raise problems.BACKWARDS(number=last.number, day=last.valid_from)
        IndicatorVersion.objects.filter(pk=last.pk).update(valid_to=valid_from)
    version = IndicatorVersion.objects.create(
        indicator=indicator,
        number=last.number + 1 if last else 1,
        formula=text,
        valid_from=valid_from,
        source=source,
        verification=verification,
        qualifier=qualifier,
        base_date=base_date,
        sample_scope=sample_scope,
        note=note,
        published_by=by,
        published_at=now,
    )
    log.append(
        events.VERSION_PUBLISHED,
        subject=f"indicator:{indicator.code}",
        actor=by,
        now=now,
        data={"version": version.number, "formula": text, "valid_from": str(valid_from)},
    )
    return version


def make_indicator(**values: Any) -> Indicator:
    """A new indicator, its unit checked; it has no value before a version is published."""
    check_unit(values.get("unit", ""))
    return Indicator.objects.create(**values)


def check_unit(text: str) -> None:
    """Refuse a unit that is not in the catalogue."""
    try:
        Unit.parse(text)
    except ValueError as error:
        raise problems.BAD_UNIT(reason=str(error)) from None


@transaction.atomic
def report_value(
    *,
    item: ReturnItem,
    place: Place,
    period: Period,
    value: Decimal,
    qualifier: str = "",
    source: str,
    note: str = "",
    ground: str = "",
    operator: Organisation | None = None,
    address: str = "",
    by: str,
    now: datetime,
) -> ReportedValue:
    """Enter what was reported; the same again changes nothing, another value needs a ground and supersedes."""
    check_value(item, value, qualifier, source)
    held = ReportedValue.objects.select_for_update().filter(
        item=item, place=place, period=period.name, operator=operator, superseded_at=None
    )
    standing = held.first()
    if standing and (standing.value, standing.qualifier) == (value, qualifier):
        return standing
    if standing and not ground.strip():
        shown = f"{standing.qualifier}{standing.value.normalize():f}"
        raise problems.NEEDS_GROUND(item=item.name, period=period.label, value=shown)
    if standing:
        held.update(superseded_at=now)
    made = ReportedValue.objects.create(
        item=item,
        place=place,
        period=period.name,
        first_on=period.first,
        last_on=period.last,
        operator=operator,
        value=value,
        qualifier=qualifier,
        source=source,
        note=note,
        address=address,
        ground=ground,
        recorded_by=by,
        recorded_at=now,
    )
    _tell(made, standing, by, now)
    return made


def _tell(made: ReportedValue, before: ReportedValue | None, by: str, now: datetime) -> None:
    data = {"value": str(made.value), "period": made.period, "place": made.place_id, "source": made.source}
    if before is not None:
        data |= {"before": str(before.value), "ground": made.ground}
    log.append(
        events.VALUE_RESTATED if before is not None else events.VALUES_REPORTED,
        subject=f"item:{made.item.code}",
        actor=by,
        now=now,
        data=data,
    )


def check_value(item: ReturnItem, value: Decimal, qualifier: str, source: str) -> None:
    """Refuse what cannot be: no number, too large, a negative count, more than the whole, no source."""
    if not value.is_finite() or abs(value) >= LARGEST:
        raise problems.BAD_VALUE(text=str(value)[:30])
    if qualifier and qualifier not in QUALIFIERS:
        raise problems.BAD_QUALIFIER(text=qualifier[:10])
    if not source.strip():
        raise problems.NEEDS_SOURCE()
    if value < 0 and item.nature != checking.RATIO:
        raise problems.NEGATIVE(item=item.name)


@transaction.atomic
def set_target(
    *,
    indicator: Indicator,
    place: Place,
    period: Period,
    value: Decimal,
    source: str,
    verification: str = Verification.UNVERIFIED,
    by: str,
    now: datetime,
) -> Target:
    """What an indicator ought to come to; set again it changes, and the log keeps what it was."""
    if not value.is_finite() or abs(value) >= LARGEST:
        raise problems.BAD_VALUE(text=str(value)[:30])
    if not source.strip():
        raise problems.NEEDS_SOURCE()
    said: dict[str, Any] = {"value": value, "source": source, "verification": verification}
    before = Target.objects.filter(indicator=indicator, place=place, period=period.name).first()
    if before and (before.value, before.source, before.verification) == (value, source, verification):
        return before
    target, _ = Target.objects.update_or_create(
        indicator=indicator,
        place=place,
        period=period.name,
        defaults=said | {"last_on": period.last, "set_by": by, "set_at": now},
    )
    data = {"period": period.name, "place": place.pk, "value": str(value)}
    if before:
        data["before"] = str(before.value)
    log.append(events.TARGET_SET, subject=f"indicator:{indicator.code}", actor=by, now=now, data=data)
    return target


@transaction.atomic
def load_definitions(
    *, items: Iterable[Mapping[str, Any]], indicators: Iterable[Mapping[str, Any]], by: str, now: datetime
) -> dict[str, int]:
    """Enter items and indicators that are not there yet, each with its first version. Safe to repeat.

    A row of ``indicators`` is an indicator's fields and, under ``version``, the fields of ``publish_version``.
    """
    known = set(ReturnItem.objects.values_list("code", flat=True))
    fresh = [row for row in items if row["code"] not in known]
    for row in fresh:
        check_unit(row.get("unit", ""))
    ReturnItem.objects.bulk_create(ReturnItem(**row) for row in fresh)
    held = set(Indicator.objects.values_list("code", flat=True))
    rows = [dict(row) for row in indicators if row["code"] not in held]
    first = int(Indicator.objects.count())
    versions = [(row.pop("version"), row) for row in rows]
    made = [make_indicator(**({"position": first + at} | row)) for at, (_, row) in enumerate(versions)]
    for indicator, (version, _) in zip(made, versions, strict=True):
        publish_version(indicator=indicator, by=by, now=now, **version)
    counts = {"items": len(fresh), "indicators": len(made)}
    if fresh or made:
        log.append(events.DEFINED, subject="indicators", actor=by, now=now, data=counts)
    return counts
