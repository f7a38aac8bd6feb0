"""Figures of reports: counted in the database by the same measures that open the lists behind them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, QuerySet, Value
from django.db.models.functions import Left, TruncMonth

from puyou.accounts.models import Organisation
from puyou.cases.feedback import measures
from puyou.cases.feedback.measures import MEASURES, Asked
from puyou.cases.feedback.models import Category, Report
from puyou.core import paths
from puyou.core.clock import SHANGHAI
from puyou.places.models import Place
from puyou.standards import queries as standards
from puyou.standards.queries import Value as RuleValue

RULE = "feedback_denominator"
BASES = (measures.FILED, measures.CLOSED, measures.DUE, measures.REOPENED)
GROUPS = {
    "place": "地区",
    "category": "类别",
    "operator": "企业",
    "month": "月份",
    "cause": "根本原因",
    "source": "来源",
}
NOWHERE = "未转企业"


class Median(Aggregate):
    """The middle value."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True)
class Period:
    """Days, both ends included."""

    since: date
    until: date


@dataclass
class Row:
    """One group's figures. ``link``: what narrows the list to the group."""

    key: Any
    name: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    median: float | None = None
    link: dict[str, str] = field(default_factory=dict)

    def __getattr__(self, name: str) -> int:
        if name in MEASURES:
            return self.counts.get(name, 0)
        raise AttributeError(name)

    @property
    def accepted_rate(self) -> float | None:
        return share(self.counts.get("accepted", 0), self.counts.get("filed", 0))

    @property
    def on_time_rate(self) -> float | None:
        return share(self.counts.get("on_time", 0), self.counts.get("due", 0))

    @property
    def verified_rate(self) -> float | None:
        return share(self.counts.get("verified", 0), self.counts.get("denominator", 0))


def share(part: int, whole: int) -> float | None:
    """A share, or None of nothing."""
    return part / whole if whole else None


def method_on(day: date) -> RuleValue:
    """The rule in force that says which reports stand in the denominator."""
    return standards.get_value(RULE, day)


def asked_on(period: Period, today: date) -> Asked:
    """What measures depend on: the rule of the period's last day."""
    return Asked(today, str(method_on(min(period.until, today)).value))


def total(rows: QuerySet[Report], period: Period, asked: Asked) -> Row:
    """Everything in one row."""
    found = _counted(rows.order_by(), period, asked, lambda base: Value("all"))
    row = found.get("all", Row("all"))
    row.name = "合计"
    return row


def grouped(
    rows: QuerySet[Report], period: Period, asked: Asked, by: str, place: Place | None = None
) -> list[Row]:
    """Figures by place below ``place``, category, company, month, cause or source; groups with nothing are left out."""
    keys: dict[str, Callable[[str], Any]] = {
        "place": lambda base: Left("case__path", len(place.path) + paths.STEP if place else paths.STEP * 2),
        "category": lambda base: F("category_id"),
        "operator": lambda base: F("case__operator_id"),
        "month": lambda base: TruncMonth(base, tzinfo=None if base == measures.DUE else SHANGHAI),
        "cause": lambda base: F("cause"),
        "source": lambda base: F("source"),
    }
    found = _counted(rows.order_by(), period, asked, keys[by])
    _NAMING[by](list(found.values()), place, period)
    return sorted(found.values(), key=lambda row: _order(by, row))


def _counted(
    rows: QuerySet[Report], period: Period, asked: Asked, key: Callable[[str], Any]
) -> dict[Any, Row]:
    found: dict[Any, Row] = {}
    for base in BASES:
        held = measures.within(rows, base, period.since, period.until).annotate(key=key(base)).values("key")
        chosen = {one.code: one.q(asked) for one in MEASURES.values() if one.dated == base}
        wanted: dict[str, Any] = {f"n_{code}": Count("pk", filter=q) for code, q in chosen.items()}
        if base == measures.CLOSED:
            took = ExpressionWrapper(F("case__closed_at") - F("filed_at"), output_field=DurationField())
            wanted["median"] = Median(took, filter=chosen[measures.DENOMINATOR])
        for each in held.annotate(**wanted):
            _enter(found, _plain(each["key"]), each)
    return found


def _plain(key: Any) -> Any:
    return (key.date() if hasattr(key, "date") else key).isoformat() if hasattr(key, "isoformat") else key


def _enter(found: dict[Any, Row], key: Any, each: dict[str, Any]) -> None:
    row = found.setdefault(key, Row(key))
    row.counts |= {name[2:]: count for name, count in each.items() if name.startswith("n_")}
    if each.get("median") is not None:
        row.median = each["median"] / timedelta(days=1)


def _order(by: str, row: Row) -> tuple[Any, ...]:
    return (row.name,) if by == "month" else (-row.counts.get("filed", 0), row.name)


def _name_places(rows: Iterable[Row], place: Place | None, period: Period) -> None:
    rows = list(rows)
    held = Place.objects.in_bulk([paths.ids(row.key)[-1] for row in rows])
    for row in rows:
        found = held[paths.ids(row.key)[-1]]
        own = place is not None and found.pk == place.pk
        row.name = f"{found.name}本级" if own else found.name
        row.link = {"place": found.code, "exact": "on"} if own else {"place": found.code}


def _name_categories(rows: Iterable[Row], place: Place | None, period: Period) -> None:
    held = Category.objects.in_bulk()
    for row in rows:
        row.name, row.link = held[row.key].name, {"category": held[row.key].code}


def _name_operators(rows: Iterable[Row], place: Place | None, period: Period) -> None:
    rows = list(rows)
    wanted = [row.key for row in rows if row.key]
    held = dict(Organisation.objects.filter(pk__in=wanted).values_list("pk", "name"))
    for row in rows:
        row.name = held.get(row.key, NOWHERE)
        row.link = {"operator": str(row.key or 0)}


def _name_months(rows: Iterable[Row], place: Place | None, period: Period) -> None:
    for row in rows:
        first = date.fromisoformat(row.key)
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        row.name = f"{first.year}年{first.month:02d}月"
        row.link = {"since": str(max(first, period.since)), "until": str(min(last, period.until))}


def _name_causes(rows: Iterable[Row], place: Place | None, period: Period) -> None:
    for row in rows:
        row.name, row.link = (
            dict(Report.Cause.choices).get(row.key, "未查明"),
            {"cause": row.key or "unknown"},
        )


def _name_sources(rows: Iterable[Row], place: Place | None, period: Period) -> None:
    for row in rows:
        row.name, row.link = Report.Source(row.key).label, {"source": row.key}


_NAMING: dict[str, Callable[[list[Row], Place | None, Period], None]] = {
    "place": _name_places,
    "category": _name_categories,
    "operator": _name_operators,
    "month": _name_months,
    "cause": _name_causes,
    "source": _name_sources,
}
