"""Programs knock with a person's access key: HTTP Basic (user name and key) or ``Authorization: ApiToken …``."""

import base64
import binascii
import math

from django.http import HttpRequest
from ninja.security.base import AuthBase

from puyou.accounts import actions as accounts
from puyou.accounts import problems as accounts_problems
from puyou.accounts.scopes import Scope, scope_for
from puyou.core import clock
from puyou.core.problems import Problem
from puyou.ingest import problems as door
from puyou.ingest.throttle import Throttle

GUESSES = Throttle(per_second=0.2, burst=30)  # wrong keys of one address
CALLS = Throttle(per_second=5, burst=300)  # of one person's programs


class AccessKey(AuthBase):
    """The scope of the person whose key it is; None without such a header, so that another way may be tried."""

    openapi_type = "http"
    openapi_scheme = "basic"

    def __call__(self, request: HttpRequest) -> Scope | None:
        said = credentials(request.headers.get("Authorization", ""))
        if said is None:
            return None
        address = request.META.get("REMOTE_ADDR", "")
        _refuse_after(GUESSES.dry(address))
        try:
            user = accounts.use_key(username=said[0], text=said[1], now=clock.now())
        except Problem as problem:
            if problem.kind is accounts_problems.BAD_KEY:
                GUESSES.wait(address)
            raise
        _refuse_after(CALLS.wait(str(user.pk)))
        return scope_for(user)


def credentials(header: str) -> tuple[str, str] | None:
    """User name (empty with ApiToken) and key from the header ``Authorization``; None where it is neither."""
    kind, _, rest = header.partition(" ")
    if kind.lower() == "apitoken":
        return "", rest.strip()
    if kind.lower() != "basic":
        return None
    try:
        name, _, key = base64.b64decode(rest, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return name, key


def _refuse_after(seconds: float) -> None:
    if seconds > 0:
        raise door.SLOW_DOWN(seconds=math.ceil(seconds))
