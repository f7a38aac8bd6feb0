"""From a definition, a place and a period to a value with all its parts; the same place and period are read once."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from puyou.accounts.scopes import Scope
from puyou.indicators import formula, names, reading, rules
from puyou.indicators.checking import NATURES
from puyou.indicators.formula import FormulaError, Name
from puyou.indicators.models import LEVELS, Indicator, IndicatorVersion
from puyou.indicators.periods import KINDS, Period
from puyou.indicators.reckoning import Amount, When, divide, reckon, share
from puyou.indicators.units import Unit
from puyou.places.models import Place

MEASURED, REPORTED, DERIVED = "measured", "reported", "derived"
SOURCES = {MEASURED: "系统统计", REPORTED: "填报", DERIVED: "指标"}


@dataclass(frozen=True)
class Part:
    """One name of a formula as it was read: where it comes from and the way to its rows."""

    code: str
    name: str
    kind: str
    nature: str
    period: Period
    amount: Amount
    link: str = ""
    source: str = ""
    above: Amount | None = None
    below: Amount | None = None

    @property
    def kind_name(self) -> str:
        return SOURCES[self.kind]

    @property
    def nature_name(self) -> str:
        return NATURES[self.nature]


@dataclass(frozen=True)
class Value:
    """An indicator's value: ``value`` rounded as its definition says, ``exact`` not. None is missing, never zero."""

    indicator: Indicator
    version: IndicatorVersion | None
    place: Place
    period: Period
    exact: Decimal | None
    qualifier: str = ""
    missing: str = ""
    suppressed: bool = False
    numerator: Amount | None = None
    denominator: Amount | None = None
    parts: tuple[Part, ...] = ()

    @property
    def value(self) -> Decimal | None:
        if self.exact is None:
            return None
        return rules.rounded(self.exact, self.indicator.decimals - rules.SCALES[self.indicator.scale])

    @property
    def shown(self) -> str:
        """For people: ``约9.5亿元``; a dash when there is none."""
        if self.exact is None:
            return "—"
        indicator = self.indicator
        number = rules.spoken(self.exact, indicator.decimals, indicator.scale)
        before, after = ("约", "") if self.qualifier == "约" else ("", self.qualifier)
        return f"{before}{number}{indicator.scale}{after}{self.unit.text}"

    @property
    def unit(self) -> Unit:
        return Unit.parse(self.indicator.unit)

    @property
    def amount(self) -> Amount:
        """As another indicator's formula sees it."""
        return Amount(self.exact, self.unit, self.qualifier, self.missing)


@dataclass
class Reader:
    """Reads values for one asker; what was read once is kept for the life of the reader."""

    scope: Scope
    today: date
    _versions: dict[int, list[IndicatorVersion]] = field(default_factory=dict)
    _parts: dict[tuple[object, ...], Part] = field(default_factory=dict)
    _values: dict[tuple[int, int, Period], Value] = field(default_factory=dict)
    _indicators: dict[str, Indicator | None] = field(default_factory=dict)

    def prepare(self, indicators: Iterable[Indicator]) -> None:
        """Fetch the versions of many indicators at once."""
        wanted = {one.pk: one for one in indicators if one.pk not in self._versions}
        self._indicators |= {one.code: one for one in wanted.values()}
        self._versions |= {pk: [] for pk in wanted}
        for version in IndicatorVersion.objects.filter(indicator__in=wanted).order_by("number"):
            self._versions[version.indicator_id].append(version)

    def version(self, indicator: Indicator, on: date) -> IndicatorVersion | None:
        """The definition in force on a day."""
        self.prepare([indicator])
        held = {each.number: each for each in self._versions[indicator.pk]}
        found = rules.in_force(
            (rules.Validity(each.number, each.valid_from, each.valid_to) for each in held.values()), on
        )
        return held[found.number] if found else None

    def value(self, indicator: Indicator, place: Place, period: Period) -> Value:
        """The value of a place and period; Problem outside the scope."""
        self.scope.require(place.path)
        key = (indicator.pk, place.pk, period)
        if key not in self._values:
            self._values[key] = self._value(indicator, place, period)
        return self._values[key]

    def _value(self, indicator: Indicator, place: Place, period: Period) -> Value:
        version = self.version(indicator, period.last)
        refusal = self._refusal(indicator, version, place, period)
        if version is None or refusal:
            return Value(indicator, version, place, period, None, missing=refusal)
        parts: list[Part] = []

        def ask(name: Name, when: When) -> Amount:
            parts.append(self._part(name, place, period, when))
            return parts[-1].amount

        try:
            found = reckon(formula.parse(version.formula), ask)
        except FormulaError as error:
            return Value(indicator, version, place, period, None, missing=f"口径的算式有误：{error.words}")
        numerator, denominator = found.numerator, found.denominator
        if numerator is None and len(parts) == 1:
            numerator, denominator = parts[0].above, parts[0].below
        small = rules.below_gate(denominator.value if denominator else None, indicator.gate)
        reason = rules.SUPPRESSED.format(gate=indicator.gate) if small else found.amount.missing
        return Value(
            indicator=indicator,
            version=version,
            place=place,
            period=period,
            exact=None if small else found.amount.value,
            qualifier=found.amount.qualifier or version.qualifier,
            missing=reason,
            suppressed=small,
            numerator=None if small else numerator,
            denominator=None if small else denominator,
            parts=() if small else _once(parts),
        )

    def _refusal(
        self, indicator: Indicator, version: IndicatorVersion | None, place: Place, period: Period
    ) -> str:
        if period.first > self.today:
            return "时期还没有开始"
        if place.level not in indicator.levels:
            return f"本指标不统计到{LEVELS[place.level]}一级"
        if period.kind not in indicator.period_kinds:
            return f"本指标不按{KINDS[period.kind]}统计"
        return "" if version else "这一时期没有生效的口径"

    def _part(self, name: Name, place: Place, period: Period, when: When) -> Part:
        for _ in range(when.years_back):
            before = period.last_year()
            if before is None:
                why = Amount.lacking("时段没有上年同期")
                return Part(name.code, name.code, MEASURED, "flow", period, why)
            period = before
        period = period.to_date() if when.to_date else period
        key = (name, place.pk, period)
        if key not in self._parts:
            self._parts[key] = self._read(name, place, period)
        return self._parts[key]

    def _read(self, name: Name, place: Place, period: Period) -> Part:
        if name.indicator:
            return self._derived(name.code, place, period)
        measure = names.find(name.code)
        if measure is not None:
            return _measured(measure, self.scope, place, period)
        return self._reported(name.code, place, period)

    def _derived(self, code: str, place: Place, period: Period) -> Part:
        if code not in self._indicators:
            self._indicators[code] = Indicator.objects.filter(code=code).first()
        indicator = self._indicators[code]
        if indicator is None:
            return Part(code, code, DERIVED, "ratio", period, Amount.lacking(f"没有指标“{code}”"))
        value = self.value(indicator, place, period)
        return Part(
            code,
            indicator.name,
            DERIVED,
            indicator.nature,
            period,
            value.amount,
            f"/indicators/{code}/?place={place.code}&period={period.name}",
            above=value.numerator,
            below=value.denominator,
        )

    def _reported(self, code: str, place: Place, period: Period) -> Part:
        found = reading.read_item(self.scope, code, place, period)
        return Part(code, found.name, REPORTED, found.nature, period, found.amount, found.link, found.source)


def _measured(measure: names.Measure, scope: Scope, place: Place, period: Period) -> Part:
    said = names.read(measure, scope, place, period)
    unit = Unit.parse(measure.unit)
    counted = unit if said.denominator is None else Unit()
    above = Amount(_decimal(said.numerator), counted, said.qualifier, said.missing)
    if above.value is None and not above.missing:
        above = Amount.lacking("没有数据", counted)
    below = None if said.denominator is None else Amount(_decimal(said.denominator), Unit())
    amount = above
    if below is not None:
        amount = replace(share(above, below) if unit.is_percent else divide(above, below), unit=unit)
    note = said.note or measure.note
    numerator = None if below is None else above
    return Part(
        measure.code,
        measure.name,
        MEASURED,
        measure.nature,
        period,
        amount,
        said.link,
        note,
        numerator,
        below,
    )


def _decimal(number: names.Number | None) -> Decimal | None:
    return None if number is None else Decimal(str(number))


def _once(parts: Iterable[Part]) -> tuple[Part, ...]:
    return tuple({(part.code, part.kind, part.period): part for part in parts}.values())
