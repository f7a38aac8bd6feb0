"""Knowing a visitor's browser again without knowing the visitor: a random number in a signed cookie."""

import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE = "village"
YEAR = 366 * 24 * 3600
SALT = "puyou.portal.device"


def device_of(request: HttpRequest) -> str:
    """The browser's number; empty when it brings none of ours."""
    return str(request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=YEAR) or "")


def remember(request: HttpRequest, response: HttpResponse) -> None:
    """Give the browser a number, unless it has one."""
    if device_of(request):
        return
    response.set_signed_cookie(
        COOKIE,
        secrets.token_urlsafe(16),
        salt=SALT,
        max_age=YEAR,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
