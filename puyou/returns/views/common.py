"""What the pages of this room share: who asks, and the way to a page."""

from typing import cast

from django.http import HttpRequest
from django.urls import reverse

from puyou.accounts.models import User
from puyou.accounts.scopes import Scope

KEPT_STATUSES = (403, 409, 422)  # refusals that leave the person on the return's page


def scope_of(request: HttpRequest) -> Scope:
    """What the asker may see."""
    return cast(Scope, request.scope)  # type: ignore[attr-defined]


def user_of(request: HttpRequest) -> User:
    """Who asks."""
    return cast(User, request.user)


def trail(*steps: tuple[str, str]) -> list[dict[str, str]]:
    """The way to a page under 填报."""
    return [{"name": name, "url": url} for name, url in [("填报", reverse("returns")), *steps]]
