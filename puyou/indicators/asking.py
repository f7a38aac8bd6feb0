"""What an address of this room asks for: a place, a period, and who asks."""

from dataclasses import dataclass
from datetime import date

from puyou.accounts.scopes import Scope
from puyou.accounts.views.decorators import OfficerRequest
from puyou.core import clock
from puyou.indicators import queries
from puyou.indicators.engine import Reader
from puyou.indicators.periods import MONTH, SPAN, Period
from puyou.places import queries as places
from puyou.places.models import Place

LENGTHS = {"day": 31, "week": 26, "month": 13, "quarter": 9, "year": 8}


@dataclass(frozen=True)
class Asked:
    """``place`` and ``period`` of a page, and the reader that answers it."""

    place: Place
    period: Period
    reader: Reader

    @property
    def query(self) -> str:
        return f"place={self.place.code}&period={self.period.name}"


def asked_of(request: OfficerRequest, kinds: list[str] | None = None) -> Asked:
    """What is asked; without a place one's own, without a period the last whole one of the first of ``kinds``."""
    code, name = request.GET.get("place", "").strip(), request.GET.get("period", "").strip()
    place = places.get_place(code) if code else own_place(request.scope)
    request.scope.require(place.path)
    kind = MONTH if not kinds or MONTH in kinds else kinds[0]
    today = clock.today()
    period = queries.parse_period(name) if name else _latest(kind, today)
    return Asked(place, period, Reader(request.scope, today))


def _latest(kind: str, today: date) -> Period:
    if kind == SPAN:
        return Period.of("year", date(today.year - 1, 1, 1))
    before = Period.of(kind, today).previous()
    assert before is not None  # only spans have none
    return before


def own_place(scope: Scope) -> Place:
    """The topmost place that somebody holds."""
    paths = scope.paths("see")
    if not paths or "" in paths:
        return places.get_root()
    found = Place.objects.filter(path__in=paths).order_by("level", "code").first()
    return found or places.get_root()


def series(period: Period) -> list[Period]:
    """The period and those before it, oldest first; a span stands alone."""
    found: list[Period] = [period]
    while len(found) < LENGTHS.get(period.kind, 1):
        before = found[-1].previous()
        if before is None:
            break
        found.append(before)
    return found[::-1]
