"""Judgements about targets: whether a value meets one, how far it is away, and how a plan's indicator stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from puyou.plans.forecasting import Forecast

AT_LEAST, MORE, AT_MOST, LESS = "at_least", "more", "at_most", "less"
RELATIONS = {AT_LEAST: "不少于", MORE: "超过", AT_MOST: "不多于", LESS: "低于"}
SIGNS = {AT_LEAST: "≥", MORE: ">", AT_MOST: "≤", LESS: "<"}

MET, ON_PATH, LIKELY, UNCERTAIN, OPEN, BEHIND, UNLIKELY, UNKNOWN = (
    "met", "on_path", "likely", "uncertain", "open", "behind", "unlikely", "unknown",
)  # fmt: skip
STANDINGS = {
    MET: "已达到目标",
    ON_PATH: "符合年度进度",
    LIKELY: "按趋势可以达到",
    UNCERTAIN: "能否达到不确定",
    OPEN: "未达到，无法预测",
    BEHIND: "落后于年度进度",
    UNLIKELY: "按趋势达不到",
    UNKNOWN: "无法判断",
}
GAPS = (BEHIND, UNLIKELY, UNCERTAIN, OPEN, UNKNOWN)  # what a gap list asks somebody to look into
OUTCOMES = {"met": "完成", "not_met": "未完成", "not_known": "无法判定"}


def satisfies(value: Decimal | float, relation: str, wanted: Decimal | float) -> bool:
    """Whether a value is as its target asks."""
    held, asked = float(value), float(wanted)
    return {AT_LEAST: held >= asked, MORE: held > asked, AT_MOST: held <= asked, LESS: held < asked}[relation]


def gap(value: Decimal, relation: str, wanted: Decimal) -> Decimal:
    """What is still lacking, positive while something is."""
    return wanted - value if relation in (AT_LEAST, MORE) else value - wanted


@dataclass(frozen=True)
class Progress:
    """How an indicator of a plan stands at a place: the latest known year, the targets, what is expected."""

    standing: str
    year: int | None = None
    value: Decimal | None = None
    wanted: Decimal | None = None
    wanted_now: Decimal | None = None
    gap: Decimal | None = None
    done: Decimal | None = None
    yearly: Decimal | None = None

    @property
    def words(self) -> str:
        return STANDINGS[self.standing]


def progress(
    *,
    values: Mapping[int, Decimal],
    targets: Mapping[int, Decimal],
    relation: str,
    final: int,
    base: Decimal | None = None,
    expected: Forecast | None = None,
) -> Progress:
    """How it stands. ``values`` and ``targets`` by year; the target of ``final`` is what the plan is about."""
    wanted = targets.get(final)
    year = max(values, default=None)
    if year is None or wanted is None:
        return Progress(UNKNOWN, year, values[year] if year is not None else None, wanted)
    value = values[year]
    left = gap(value, relation, wanted)
    return Progress(
        standing=_standing(value, year, targets, relation, wanted, final, expected),
        year=year,
        value=value,
        wanted=wanted,
        wanted_now=targets.get(year),
        gap=left,
        done=_done(base, value, wanted),
        yearly=left / (final - year) if left > 0 and final > year else None,
    )


def _standing(
    value: Decimal, year: int, targets: Mapping[int, Decimal], relation: str, wanted: Decimal, final: int,
    expected: Forecast | None,
) -> str:  # fmt: skip
    if satisfies(value, relation, wanted):
        return MET
    if year >= final:
        return BEHIND
    if year in targets:
        return ON_PATH if satisfies(value, relation, targets[year]) else BEHIND
    if expected is None:
        return OPEN
    ends = {satisfies(end, relation, wanted) for end in (expected.low, expected.high)}
    return UNCERTAIN if len(ends) == 2 else LIKELY if ends == {True} else UNLIKELY


def _done(base: Decimal | None, value: Decimal, wanted: Decimal) -> Decimal | None:
    """Which share of the way from the baseline was gone; nothing where there is no way to go."""
    return None if base is None or base == wanted else (value - base) / (wanted - base)


def outcome(value: Decimal | None, relation: str, wanted: Decimal | None) -> str:
    """How an indicator of a plan ended: met, not met, or not known."""
    if value is None or wanted is None:
        return "not_known"
    return "met" if satisfies(value, relation, wanted) else "not_met"


@dataclass(frozen=True)
class Ask:
    """What a place would have to do for a target: its own target, per year, and how that compares with the past."""

    base: Decimal | None
    wanted: Decimal | None
    yearly: Decimal | None
    before: Decimal | None
    times: Decimal | None
    missing: str = ""


def ask(
    *,
    values: Mapping[int, Decimal],
    whole: Decimal | None,
    wanted: Decimal,
    final: int,
    ratio: bool,
) -> Ask:
    """A place's part of a target. A share is asked of every place alike; of an amount each keeps its part of the whole.

    ``whole``: the latest value of the place that the target is set for. ``before``: the mean yearly change so far.
    """
    year = max(values, default=None)
    if year is None:
        return Ask(None, wanted if ratio else None, None, None, None, "没有现值")
    base = values[year]
    if ratio:
        own = wanted
    elif whole is None or whole == 0:
        return Ask(base, None, None, _mean_change(values), None, "没有总量，无法分解")
    else:
        own = wanted * base / whole
    if final <= year:
        return Ask(base, own, None, _mean_change(values), None, "目标年份已过")
    yearly, before = (own - base) / (final - year), _mean_change(values)
    times = yearly / before if before else None
    return Ask(base, own, yearly, before, times)


def _mean_change(values: Mapping[int, Decimal]) -> Decimal | None:
    first, last = min(values), max(values)
    return (values[last] - values[first]) / (last - first) if last > first else None


def fewest(numerator: int, denominator: int, members: int) -> int:
    """How many of ``members`` make at least the fraction: 1/3 of 31 are 11."""
    return -(-members * numerator // denominator)


def pooled(
    parts: Sequence[tuple[Decimal | None, Decimal | None, Decimal | None]],
    *,
    ratio: bool,
    additive: bool = True,
) -> tuple[Decimal | None, Decimal | None, Decimal | None, int]:
    """Members of a set as one value: amounts add up, of shares the numerators and denominators do (never their mean).

    ``parts``: value, numerator, denominator of each member. Returns value, numerator, denominator and how many members
    have none; with one lacking, the value is None: a sum over some is not the sum over all.
    """
    if ratio:
        known = [(above, below) for _, above, below in parts if above is not None and below is not None]
        lacking = len(parts) - len(known)
        above = sum((each[0] for each in known), Decimal(0))
        below = sum((each[1] for each in known), Decimal(0))
        if lacking or not known:
            return None, None, None, lacking
        return (above / below if below else None), above, below, 0
    values = [value for value, _, _ in parts if value is not None]
    lacking = len(parts) - len(values)
    if lacking or not values or not additive:
        return None, None, None, lacking
    return sum(values, Decimal(0)), None, None, 0
