"""Who is asking, as the engine wants to know it."""

from typing import cast

from django.http import HttpRequest

from puyou.accounts.models import User
from puyou.accounts.scopes import Scope
from puyou.cases.names import Actor


def actor_of(request: HttpRequest) -> Actor:
    """The signed-in person with their scope."""
    return Actor(cast(Scope, request.scope), cast(User, request.user))  # type: ignore[attr-defined]
