"""Reading rules as they hold on a day and a place, and the calendar."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from django.db import connection
from django.db.models import QuerySet

from puyou.accounts.models import in_force
from puyou.accounts.scopes import Scope
from puyou.core import steady
from puyou.standards import problems, rules, seeds
from puyou.standards.models import CalendarDay, CalendarYear, Rule, RuleVersion
from puyou.standards.rules import Calendar, Due, Version

_STAMP = "SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t)), '') FROM {table} t"


@dataclass(frozen=True)
class Value:
    """What a rule says on a day: Decimal for measures, text for methods; with the version that says it."""

    value: Decimal | str
    unit: str
    version_id: int
    verification: str
    source: str

    @property
    def number(self) -> float:
        """The value as a float; ValueError for a method."""
        return float(self.value)


def _stamp(table: str) -> str:
    """A digest of a small table: the caches below hold for as long as it stays the same."""
    return steady.once(table, lambda: _read_stamp(table))


def _read_stamp(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(_STAMP.format(table=table))
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def _versions() -> dict[str, tuple[Version, ...]]:
    return _versions_as_of(_stamp("standards_ruleversion"))


@lru_cache(maxsize=2)
def _versions_as_of(stamp: str) -> dict[str, tuple[Version, ...]]:
    found: dict[str, list[Version]] = {}
    for row in RuleVersion.objects.select_related("rule", "place").order_by("id"):
        path = row.place.path if row.place else ""
        found.setdefault(row.rule.code, []).append(
            Version(
                row.pk,
                row.rule.code,
                row.area_class,
                path,
                row.value,
                row.unit,
                row.valid_from,
                row.valid_to,
                row.source,
                row.verification,
            )
        )
    return {code: tuple(versions) for code, versions in found.items()}


def _read(version: Version) -> Value:
    kind = seeds.BY_CODE.get(version.code)
    value = version.value if kind and kind.options else Decimal(version.value)
    return Value(value, version.unit, version.id, version.verification, version.source)


def find_value(code: str, on: date, area_class: str = "", place_path: str = "") -> Value | None:
    """What a rule says on a day for an area class and a place (its path); None when nothing is in force."""
    version = rules.choose(_versions().get(code, ()), on, area_class, place_path)
    return _read(version) if version else None


def get_value(code: str, on: date, area_class: str = "", place_path: str = "") -> Value:
    """As ``find_value``, but Problem ``standards.no_value`` when nothing is in force."""
    return values_by_week(code, [on], area_class, place_path)[0]


def values_by_week(
    code: str, mondays: Sequence[date], area_class: str = "", place_path: str = ""
) -> list[Value]:
    """What a rule says for each week: the version in force on its Monday judges the whole week.

    One look at the table for all weeks. Problem ``standards.no_value`` when a week has no version.
    """
    versions = _versions().get(code, ())
    values: list[Value] = []
    for monday in mondays:
        version = rules.choose(versions, monday, area_class, place_path)
        if version is None:
            raise problems.NO_VALUE(code=code, on=monday, area_class=area_class or "–")
        values.append(_read(version))
    return values


def override_paths(code: str) -> list[str]:
    """Paths of the places that have versions of their own, wider places first."""
    return sorted({version.path for version in _versions().get(code, ()) if version.path})


def list_rules(scope: Scope) -> QuerySet[Rule]:
    """Every rule; rules are public, so every scope sees them all."""
    return Rule.objects.order_by("id")


@dataclass(frozen=True)
class CurrentRule:
    """A rule and one of the versions in force on a day; ``version`` None when it has none."""

    rule: Rule
    version: RuleVersion | None


def list_current(scope: Scope, on: date) -> list[CurrentRule]:
    """Every rule with each of its versions in force on a day, the nation's before those of places."""
    found: dict[int, list[RuleVersion]] = {}
    for version in list_versions(scope).filter(in_force(on)).order_by("id"):
        found.setdefault(version.rule_id, []).append(version)
    return [
        CurrentRule(rule, version) for rule in list_rules(scope) for version in found.get(rule.pk, [None])
    ]


def get_rule(scope: Scope, code: str) -> Rule:
    """One rule by its code; Problem when unknown."""
    rule = Rule.objects.filter(code=code).first()
    if rule is None:
        raise problems.UNKNOWN_RULE(code=code)
    return rule


def list_versions(scope: Scope, rule: Rule | None = None) -> QuerySet[RuleVersion]:
    """Versions, newest first within rule and area class; of one rule or of all."""
    found = RuleVersion.objects.select_related("rule", "place", "verified_by")
    found = found.filter(rule=rule) if rule else found
    return found.order_by("rule_id", "area_class", "place_id", "-valid_from", "-id")


def get_version(scope: Scope, pk: int) -> RuleVersion:
    """One version; Problem when unknown."""
    version = RuleVersion.objects.select_related("rule", "place").filter(pk=pk).first()
    if version is None:
        raise problems.UNKNOWN_VERSION()
    return version


def get_calendar() -> Calendar:
    """The calendar as data; read again only when its table has changed."""
    return _calendar_as_of(_stamp("standards_calendarday"), _stamp("standards_calendaryear"))


@lru_cache(maxsize=2)
def _calendar_as_of(days: str, years: str) -> Calendar:
    every = list(CalendarDay.objects.all())
    last = CalendarYear.objects.order_by("-year").values_list("year", flat=True).first()
    return Calendar(
        {row.day: row.name for row in every if row.kind == CalendarDay.Kind.HOLIDAY},
        frozenset(row.day for row in every if row.kind == CalendarDay.Kind.MAKEUP),
        date(last, 12, 31) if last else date.min,
    )


def is_working_day(day: date) -> bool:
    """Whether ``day`` is worked."""
    return get_calendar().is_working_day(day)


def add_working_days(start: date, count: int) -> date:
    """The ``count``-th working day after ``start``."""
    return rules.add_working_days(start, count, get_calendar())


def due(start: date, term: str, suspensions: Iterable[rules.Suspension] = ()) -> Due:
    """The last day of a term such as ``20wd`` or ``90d`` that begins on ``start``."""
    return rules.due(start, term, suspensions, get_calendar())


def holiday_weeks(first: date, last: date) -> dict[date, str]:
    """节日周: Mondays of weeks touching the dates that hold days off → festivals' names."""
    return rules.holiday_weeks(first, last, get_calendar())


def list_calendar_days(scope: Scope, year: int) -> list[CalendarDay]:
    """Days off and made up of a year, in order."""
    return list(CalendarDay.objects.filter(day__year=year).order_by("day"))


def list_calendar_years(scope: Scope) -> list[CalendarYear]:
    """The published years, newest first."""
    return list(CalendarYear.objects.order_by("-year"))
