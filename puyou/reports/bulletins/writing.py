"""The machine's own text: a kind's sentences, and one sentence for each of the weakest and most changed places."""

from collections.abc import Iterable
from decimal import Decimal

from puyou.indicators.comparing import PREVIOUS, compare
from puyou.indicators.engine import Value
from puyou.indicators.models import Indicator
from puyou.places import queries as places
from puyou.reports.bulletins.figures import Resolver
from puyou.reports.bulletins.kinds import CHANGES, WEAKEST, Kind
from puyou.reports.bulletins.text import Section

RATE, WHOLE = "village_delivery_rate", Decimal(100)
MOST = 5
NO_FIGURES = "本期没有可以判定的下级地区。"
NONE_WEAK = "本期各下级地区没有未达标的建制村。"
NONE_CHANGED = "各下级地区与上期相比没有变化，或没有上期数据可比。"


def title_of(resolver: Resolver, kind: Kind) -> str:
    """The kind's title with its names put in."""
    names = {
        "place": resolver.place.name, "period": resolver.period.label,
        "company": resolver.company.name if resolver.company else "",
    }  # fmt: skip
    return kind.title.format(**names)


def write(resolver: Resolver, kind: Kind) -> tuple[Section, ...]:
    """Every section of a kind, written out for the place and period."""
    below = _below(resolver)
    return tuple(
        Section(title, tuple(_sentences(resolver, pieces, below))) for title, pieces in kind.sections
    )


def _sentences(resolver: Resolver, pieces: Iterable[str], below: list[Value]) -> Iterable[str]:
    for piece in pieces:
        if piece == WEAKEST:
            yield from weakest(below)
        elif piece == CHANGES:
            yield from changes(resolver, below)
        else:
            yield piece


def _below(resolver: Resolver) -> list[Value]:
    """The delivery rate of each place below that has one."""
    indicator = Indicator.objects.filter(code=RATE).first()
    if indicator is None:
        return []
    found = (
        resolver.reader.value(indicator, place, resolver.period)
        for place in places.list_children(resolver.reader.scope, resolver.place)
    )
    return [each for each in found if each.exact is not None]


def weakest(below: list[Value]) -> list[str]:
    """The places with the lowest rates, lowest first; those where nothing was missed are not weak."""
    weak = [each for each in below if each.exact is not None and each.exact < WHOLE]
    if not weak:
        return [NONE_WEAK if below else NO_FIGURES]
    weak.sort(key=lambda each: (each.exact, each.place.code))
    return [_weak(each.place.code) for each in weak[:MOST]]


def _weak(code: str) -> str:
    return (
        f"{{place#{code}}}周投递达标率{{{RATE}#{code}}}，{{{RATE}#{code}@change}}；"
        f"未达标村周{{village_weeks_missed#{code}}}。"
    )


def changes(resolver: Resolver, below: list[Value]) -> list[str]:
    """The places whose rate moved most against the period before, the greatest move first."""
    moved = [(abs(change), each.place.code) for each in below if (change := _change(resolver, each))]
    moved.sort(key=lambda each: (-each[0], each[1]))
    return [_moved(code) for _, code in moved[:MOST]] or [NONE_CHANGED]


def _change(resolver: Resolver, value: Value) -> Decimal | None:
    found = (each.difference for each in compare(resolver.reader, value) if each.kind == PREVIOUS)
    return next(found, None)


def _moved(code: str) -> str:
    return f"{{place#{code}}}周投递达标率由{{{RATE}#{code}@previous}}变为{{{RATE}#{code}}}，{{{RATE}#{code}@change}}。"
