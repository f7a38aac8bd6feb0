"""Who sees what: the one predicate that list, detail, count, search, export and API all use."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q

from puyou.accounts import problems, roles
from puyou.accounts.models import Grant, User, in_force
from puyou.core import clock

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

_AFTER_EVERY_STEP = "{"  # the character after "z" in the C collation: no path step holds it


@dataclass(frozen=True, order=True)
class Grip:
    """A subtree of places held with some permissions; an operator's grip carries its organisation's id."""

    path: str
    permissions: frozenset[str]
    organisation_id: int | None = None

    def within(self, other: "Grip") -> bool:
        """Whether ``other`` holds everything that this grip holds."""
        return (
            self.path.startswith(other.path)
            and self.permissions <= other.permissions
            and other.organisation_id in (None, self.organisation_id)
        )


def minimised(grips: Iterable[Grip]) -> tuple[Grip, ...]:
    """The grips without those that another one contains, sorted by path."""
    kept: list[Grip] = []
    for grip in sorted(set(grips), key=_widest_first):
        if not any(grip.within(other) for other in kept):
            kept.append(grip)
    return tuple(sorted(kept, key=lambda grip: (grip.path, _widest_first(grip))))


def _widest_first(grip: Grip) -> tuple[int, int, bool, str, int, list[str]]:
    """Sorts every grip after all those that could contain it."""
    bound, organisation = grip.organisation_id is not None, grip.organisation_id or 0
    return len(grip.path), -len(grip.permissions), bound, grip.path, organisation, sorted(grip.permissions)


@dataclass(frozen=True)
class Scope:
    """What someone (or a named process) may see and do. No grip is nothing; ``system`` is everything."""

    name: str
    grips: tuple[Grip, ...] = ()
    everything: bool = False

    @classmethod
    def system(cls, reason: str) -> "Scope":
        """A process of the product itself, such as an import; ``reason`` names it in the event log."""
        return cls(f"system:{reason}", everything=True)

    @classmethod
    def public(cls) -> "Scope":
        """Anyone: no place's figures at all."""
        return cls("public")

    def may(self, permission: str) -> bool:
        """Whether the permission is held anywhere."""
        return self.everything or any(permission in grip.permissions for grip in self.grips)

    def paths(self, permission: str = "see") -> tuple[str, ...]:
        """The place paths held with ``permission``, none inside another; ``("",)`` when it is everything."""
        if self.everything:
            return ("",)
        kept: list[str] = []
        for path in sorted({grip.path for grip in self.grips if permission in grip.permissions}):
            if not kept or not path.startswith(kept[-1]):
                kept.append(path)
        return tuple(kept)

    def covers(self, path: str, permission: str = "see") -> bool:
        """Whether the place with ``path`` lies inside."""
        return self.everything or any(
            path.startswith(grip.path) for grip in self.grips if permission in grip.permissions
        )

    def q(self, field: str = "path", permission: str = "see") -> Q:
        """The condition on ``field``, the lookup of a path column, as ranges a C-collated btree serves."""
        if self.everything:
            return Q()
        inside = Q(pk__in=())
        for path in self.paths(permission):
            inside |= Q(**{f"{field}__gte": path, f"{field}__lt": path + _AFTER_EVERY_STEP})
        return inside

    def require(self, path: str, permission: str = "see") -> None:
        """Refuse a place outside: Problem accounts.no_permission or accounts.out_of_scope, both 403."""
        if self.covers(path, permission):
            return
        if not self.may(permission):
            raise problems.NO_PERMISSION(permission=roles.PERMISSIONS.get(permission, permission))
        raise problems.OUT_OF_SCOPE()

    def operators(self, path: str, permission: str = "see") -> frozenset[int] | None:
        """The operators whose affairs may be touched at ``path``: None for any, else organisation ids."""
        holding = [g for g in self.grips if permission in g.permissions and path.startswith(g.path)]
        if self.everything or any(grip.organisation_id is None for grip in holding):
            return None
        return frozenset(grip.organisation_id for grip in holding if grip.organisation_id is not None)


def scope_for(user: "User | AnonymousUser", on: date | None = None) -> Scope:
    """What a person holds on a day (default today), by one query over appointments, posts, grants, roles.

    Anonymous and suspended people get the public scope.
    """
    if not isinstance(user, User) or not user.is_active:
        return Scope.public()
    day = on or clock.today()
    held = Grant.objects.filter(
        in_force(day), in_force(day, "post__appointments__"), post__appointments__user=user
    ).values_list("place__path", "role__permissions", "organisation_id")
    grips = minimised(Grip(path, frozenset(permissions), firm) for path, permissions, firm in held)
    return Scope(f"user:{user.pk}", grips)
