"""Who handles a case and who helps: taken, given, and who may be given it."""

from django.db.models import QuerySet

from puyou.accounts.models import Grant, User, in_force
from puyou.cases import names, problems
from puyou.cases.models import Case, Party
from puyou.cases.names import Actor, Performing
from puyou.cases.officers.qualifying import OFFICER
from puyou.cases.relations import HANDLE, RECUSED
from puyou.core import clock
from puyou.core.paths import ids
from puyou.core.periods import day_of

MOST = 200


def candidates(case: Case) -> QuerySet[User]:
    """People of the office in charge who may handle the case today, but for those who keep away from it."""
    day = clock.today()
    held = Grant.objects.filter(
        in_force(day), in_force(day, "post__appointments__"),
        post__organisation=case.office_id, place_id__in=ids(case.place.path),
        role__permissions__contains=[HANDLE],
    )  # fmt: skip
    away = Party.objects.filter(in_force(day), case=case, role=RECUSED).values("user")
    found = User.objects.filter(pk__in=held.values("post__appointments__user"), is_active=True)
    return found.exclude(pk__in=away).order_by("name", "pk")[:MOST]


def concerned(case: Case, actor: Actor) -> list[User]:
    """The officers whom a request to keep away may name: handler, helpers, and the asker if an officer."""
    day = clock.today()
    helping = Party.objects.filter(in_force(day), case=case, role=OFFICER).values_list("user", flat=True)
    own = {user.pk for user in candidates(case)} & {actor.user.pk if actor.user else None}
    named = {one for one in (case.handler_id, *helping, *own) if one is not None}
    return list(User.objects.filter(pk__in=named).order_by("name", "pk"))


def _chosen(performing: Performing) -> User:
    wanted = int(performing.data["person"])
    found = next((user for user in candidates(performing.case) if user.pk == wanted), None)
    if found is None:
        raise problems.NO_OFFICER()
    performing.said["person_name"] = found.name
    return found


@names.effect("take", "由办理人自己承办")
def take(performing: Performing) -> None:
    performing.case.handler = performing.actor.user


@names.effect("assign", "交所选人员承办")
def assign(performing: Performing) -> None:
    performing.case.handler = _chosen(performing)


@names.effect("join", "所选人员协办")
def join(performing: Performing) -> None:
    user, day = _chosen(performing), day_of(performing.now)
    held = Party.objects.filter(in_force(day), case=performing.case, role=OFFICER, user=user)
    if not held.exists():
        Party.objects.create(case=performing.case, role=OFFICER, user=user, valid_from=day)


@names.effect("leave", "所选人员不再协办")
def leave(performing: Performing) -> None:
    wanted, day = int(performing.data["person"]), day_of(performing.now)
    held = Party.objects.filter(in_force(day), case=performing.case, role=OFFICER, user=wanted)
    if not held.exists():
        raise problems.NO_OFFICER()
    held.filter(valid_from=day).delete()
    held.update(valid_to=day)


@names.guard("handled", "案件已有承办人")
def is_handled(performing: Performing) -> str | None:
    return None if performing.case.handler_id is not None else "须先确定承办人"
