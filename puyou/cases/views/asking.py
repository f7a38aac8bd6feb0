"""Who is asking, as the engine wants to know it."""

from typing import cast

from django.http import HttpRequest

from puyou.accounts.models import User
from puyou.accounts.scopes import Scope
from puyou.cases import relations
from puyou.cases.names import Actor


def actor_of(request: HttpRequest) -> Actor:
    """The signed-in person with their scope and their parts in cases, asked once for the whole page."""
    user = cast(User, request.user)
    return Actor(cast(Scope, request.scope), user, relations.roles_of(user))  # type: ignore[attr-defined]
