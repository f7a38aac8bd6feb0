"""The rows of `GET /compliance`: the same figures as the command, for a person in scope."""

from datetime import date

from puyou.accounts.scopes import Scope
from puyou.compliance import queries
from puyou.config import problems
from puyou.core import clock
from puyou.core.periods import Week, weeks_between
from puyou.places import queries as places

WEEKS_LIMIT = 160  # three years; longer stories are told by exports


def rows(scope: Scope, code: str, first: date, last: date, level: int) -> list[dict[str, object]]:
    """Figures of every week that touches the dates, none in the future, for what stands at ``level``.

    Problems: config.bad_parameters, config.too_wide, places.unknown, accounts.out_of_scope.
    """
    if first > last:
        raise problems.BAD_PARAMETERS(fields="from、to")
    place = places.get_place(code)
    scope.require(place.path)
    last = min(last, clock.today())
    span = (Week.of(last).monday - Week.of(first).monday).days // 7 + 1
    if span > WEEKS_LIMIT:
        raise problems.TOO_WIDE(limit=WEEKS_LIMIT, weeks=span)
    if first > last:
        return []
    found = queries.figures(scope, place, list(weeks_between(first, last)), level)
    return [figure.as_contract() for figure in found]
