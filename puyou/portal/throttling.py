"""How often one network address may knock at the public's doors."""

import math
from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest

from puyou.accounts.views.requests import address
from puyou.core.problems import Problem
from puyou.ingest.throttle import Throttle
from puyou.portal import problems

Found = TypeVar("Found")

# Many phones of one operator may share an address: generous in bursts, narrow for a loop gone wild.
LOOKING = Throttle(per_second=2, burst=240)
SAYING = Throttle(per_second=0.2, burst=40)
GUESSING = Throttle(per_second=0.05, burst=20)  # wrong codes from an address
GUESSING_NUMBER = Throttle(per_second=1 / 600, burst=10)  # wrong codes for one tracking number, from anywhere
RELAYING = Throttle(per_second=5, burst=200)  # reports that one system files for its callers
FILING = Throttle(per_second=1 / 300, burst=10)  # reports


def caller_of(request: HttpRequest) -> str:
    """The network address that a request came from."""
    return address(request) or "local"


def take(throttle: Throttle, caller: str) -> None:
    """Count one call; Problem 429 portal.slow_down when the caller has none left."""
    _refuse_after(throttle.wait(caller))


def require_left(throttle: Throttle, caller: str) -> None:
    """Problem 429 when the caller has none left; counts nothing."""
    _refuse_after(throttle.dry(caller))


def guessed(caller: str, find: Callable[[], Found]) -> Found:
    """What is found by a code that somebody gave; a wrong one (404) counts against the address."""
    require_left(GUESSING, caller)
    try:
        return find()
    except Problem as problem:
        if problem.status == 404:
            GUESSING.wait(caller)
        raise


def _refuse_after(seconds: float) -> None:
    if seconds > 0:
        raise problems.SLOW_DOWN(seconds=math.ceil(seconds))
