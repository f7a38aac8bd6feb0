"""Holding a value against another one, with the arithmetic written out as a person would check it."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from puyou.indicators import reckoning, rules
from puyou.indicators.engine import Reader, Value
from puyou.indicators.models import Target
from puyou.indicators.units import PER_CENT, Unit
from puyou.places import queries as places
from puyou.places.models import Kind

PREVIOUS, LAST_YEAR, TARGET, NATION, PEERS = "previous", "year_on_year", "target", "nation", "peers"
KINDS = {PREVIOUS: "比上期", LAST_YEAR: "比上年同期", TARGET: "比目标", NATION: "比全国", PEERS: "比同级"}
LEAST_PEERS = 3  # fewer have no middle worth the name


@dataclass(frozen=True)
class Comparison:
    """Against what (``base``), by how much (``difference``), by how many per cent (``growth``), or why not."""

    kind: str
    against: str
    base: Decimal | None
    difference: Decimal | None
    growth: Decimal | None
    unit: str
    arithmetic: str
    missing: str = ""
    caution: str = ""

    @property
    def name(self) -> str:
        return KINDS[self.kind]

    @property
    def percentage_points(self) -> bool:
        """Whether the difference is one of shares, so that growth would mislead."""
        return self.unit == "个百分点"


def compare(reader: Reader, value: Value, *, peers: bool = False) -> list[Comparison]:
    """With the period before, the same period last year, the target, and the nation where that may be seen.

    ``peers``: also with the median of the places of the same level beneath the same one, of a share alone.
    """
    bases = [*_bases(reader, value), *(_peers(reader, value) if peers else ())]
    return [_against(value, *held) for held in bases]


def _peers(reader: Reader, value: Value) -> Iterator[tuple[str, str, Decimal | None, str, str]]:
    """The median of the peers, the place itself among them, and which rank it has; where the asker may see them."""
    parent = value.place.parent
    if parent is None or value.indicator.nature != "ratio" or not reader.scope.covers(parent.path):
        return
    siblings = [place for place in places.list_children(reader.scope, parent) if place.kind != Kind.VIRTUAL]
    read = [reader.value(value.indicator, place, value.period).exact for place in siblings]
    known = sorted(each for each in read if each is not None)
    if len(known) < LEAST_PEERS or value.exact is None:
        return
    better = sum(
        each > value.exact if value.indicator.direction != "down" else each < value.exact for each in known
    )
    words = f"{parent.name}所辖有数据的 {len(known)} 个地区的中位数（本地第 {better + 1} 位）"
    yield PEERS, words, median(known), "", ""


def _bases(reader: Reader, value: Value) -> Iterator[tuple[str, str, Decimal | None, str, str]]:
    """Kind, words, the value compared with, why there is none, and what to beware of."""
    period = value.period
    before, year_before = period.previous(), period.last_year()
    others = [(PREVIOUS, before if before != year_before else None), (LAST_YEAR, year_before)]
    for kind, other in others:
        if other is not None:
            found = reader.value(value.indicator, value.place, other)
            yield kind, other.label, found.exact, found.missing, _caution(value, found)
    target = Target.objects.filter(indicator=value.indicator, place=value.place, period=period.name).first()
    if target is not None:
        yield TARGET, f"{period.label}目标（{target.source}）", target.value, "", ""
    nation = places.get_root()
    if value.place.level and reader.scope.covers(nation.path) and value.indicator.nature == "ratio":
        found = reader.value(value.indicator, nation, period)
        yield NATION, f"{nation.name}{period.label}", found.exact, found.missing, _caution(value, found)


def _caution(value: Value, other: Value) -> str:
    ours, theirs = value.version, other.version
    if ours is None or theirs is None or ours.pk == theirs.pk:
        return ""
    return f"两期口径不同（第{ours.number}版、第{theirs.number}版），不宜直接比较"


def change_words(held: Comparison) -> str:
    """A known comparison in words: by per cent where growth makes sense, else by its difference."""
    change = held.difference
    if not change:
        return "持平"
    if held.growth is not None:
        return f"{'增长' if change > 0 else '下降'} {abs(held.growth):.1f}%"
    up, down = ("提高", "下降") if held.percentage_points else ("增加", "减少")
    return f"{up if change > 0 else down} {shown(abs(change))} {held.unit}".rstrip()


def _against(
    value: Value, kind: str, against: str, base: Decimal | None, missing: str, caution: str
) -> Comparison:
    unit, shares = value.unit, value.unit.is_percent
    called = "个百分点" if shares else unit.text
    if value.exact is None or base is None:
        why = value.missing if value.exact is None else missing
        return Comparison(kind, against, base, None, None, called, "", why or "没有数据", caution)
    difference = value.exact - base
    grown = _growth(value.exact, base, unit) if not shares else None
    return Comparison(
        kind, against, base, difference, grown, called,
        _arithmetic(value.exact, base, difference, grown, called), "", caution,
    )  # fmt: skip


def _growth(now: Decimal, base: Decimal, unit: Unit) -> Decimal | None:
    found = reckoning.growth(reckoning.Amount(now, unit), reckoning.Amount(base, unit))
    assert found.unit == PER_CENT
    return found.value


def _arithmetic(now: Decimal, base: Decimal, difference: Decimal, grown: Decimal | None, unit: str) -> str:
    text = f"{shown(now)} − {shown(base)} = {shown(difference)} {unit}".rstrip()
    if grown is None:
        return text
    return f"{text}；{shown(difference)} ÷ {shown(base)} × 100% = {shown(grown)}%"


def shown(number: Decimal) -> str:
    """A number of an arithmetic: thousands, at most four decimals, no idle noughts."""
    short = rules.rounded(number, 4).normalize()
    return f"{short:,f}".replace("-", "−")
