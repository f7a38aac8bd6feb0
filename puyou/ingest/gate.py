"""Who is calling the API: a device by its token, or an officer by a session; and how often they may."""

import math
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer

from puyou.accounts.models import User
from puyou.accounts.scopes import Scope, scope_for
from puyou.core.problems import Problem
from puyou.ingest import problems, tokens
from puyou.ingest.throttle import Throttle
from puyou.ingest.tokens import Bearer

# Generous to an honest phone, which sends every few seconds at most; narrow for a loop gone wild.
DEVICE = Throttle(per_second=20, burst=1200)
ADDRESS = Throttle(per_second=1, burst=60)
GUESSER = Throttle(per_second=0.2, burst=30)  # wrong enrolment codes
VALID_REMEMBERED = 100_000
_lately_valid: "OrderedDict[str, None]" = OrderedDict()


class DeviceToken(HttpBearer):
    """``Authorization: Bearer …`` of a device."""

    def authenticate(self, request: HttpRequest, token: str) -> Bearer:
        return admit(token, request.META.get("REMOTE_ADDR", ""))


class OfficerSession(APIKeyCookie):
    """The session of a logged-in person; what it may see is its scope."""

    param_name = "sessionid"

    def authenticate(self, request: HttpRequest, key: str | None) -> Scope | None:
        person: Any = request.user
        return scope_for(person) if isinstance(person, User) and person.is_active else None


def admit(text: str, address: str) -> Bearer:
    """The bearer of a token, counted against the device's allowance.

    Wrong tokens count against the address; an address that ran dry reaches the database only with a token
    that was valid lately, so that guessing behind a shared address does not shut out the honest phones there.
    Problems: 401, 403, 429.
    """
    if text not in _lately_valid:
        _refuse_after(ADDRESS.dry(address))
    try:
        bearer = tokens.bearer_of(text)
    except Problem:
        _lately_valid.pop(text, None)
        ADDRESS.wait(address)
        raise
    _remember(text)
    _refuse_after(DEVICE.wait(str(bearer.device_id)))
    return bearer


@contextmanager
def counting_guesses(address: str) -> Iterator[None]:
    """Around an enrolment: wrong codes count against the address, which is then heard no more for a while.

    Problem 429 ingest.slow_down.
    """
    _refuse_after(GUESSER.dry(address))
    try:
        yield
    except Problem as problem:
        if problem.kind is problems.BAD_CODE:
            GUESSER.wait(address)
        raise


def _remember(text: str) -> None:
    _lately_valid[text] = None
    if len(_lately_valid) > VALID_REMEMBERED:
        _lately_valid.popitem(last=False)


def _refuse_after(seconds: float) -> None:
    if seconds > 0:
        raise problems.SLOW_DOWN(seconds=math.ceil(seconds))
