"""Who may see, fill and check which returns: conditions on rows, and questions about one."""

from django.db.models import Q

from puyou.accounts.models import Organisation
from puyou.accounts.scopes import Scope
from puyou.core import paths
from puyou.returns import problems, rules
from puyou.returns.definition import LEVEL_NAMES
from puyou.returns.models import DueReturn

FILL, CHECK = "indicators.report", "returns.check"
GENERATIONS = 4  # a company's tree: nation, province, city, county
AFTER = "{"  # after every step of a path


def visible(scope: Scope) -> Q:
    """Condition on returns: places in scope; a company's people those of their company and what lies beneath it."""
    return _held(scope, "see")


def fillable(scope: Scope) -> Q:
    """Condition on returns that one may fill: of one's own office, at its place and level."""
    return _held(scope, FILL) if not scope.everything else Q()


def _held(scope: Scope, permission: str) -> Q:
    if scope.everything:
        return Q()
    condition = Q(pk__in=())
    for grip in scope.grips:
        if permission not in grip.permissions:
            continue
        inside = Q(place__path__gte=grip.path, place__path__lt=grip.path + AFTER)
        if grip.organisation_id is None:
            own = (
                Q()
                if permission == "see"
                else Q(filler__kind=Organisation.Kind.REGULATOR, place__path=grip.path)
            )
        else:
            own = Q(pk__in=())
            for generation in range(GENERATIONS):
                own |= Q(**{"filler" + "__parent" * generation: grip.organisation_id})
        condition |= inside & own
    return condition


def may_fill(scope: Scope, due: DueReturn) -> bool:
    """Whether a person of this scope writes this return."""
    return scope.everything or DueReturn.objects.filter(fillable(scope), pk=due.pk).exists()


def require_filling(scope: Scope, due: DueReturn) -> None:
    """Problem: the return is another office's to fill."""
    if not may_fill(scope, due):
        raise problems.NOT_FILLER(filler=due.filler.name)


def checkable(scope: Scope) -> Q:
    """Condition on returns that wait for a check that one may make."""
    waiting = Q(status=rules.WAITING)
    if scope.everything:
        return waiting
    condition = Q(pk__in=())
    for grip in scope.grips:
        if CHECK in grip.permissions and grip.organisation_id is None:
            inside = Q(place__path__gte=grip.path, place__path__lt=grip.path + AFTER)
            condition |= inside & Q(level__gte=level_of(grip.path))
    return waiting & condition


def may_check(scope: Scope, due: DueReturn) -> bool:
    """Whether a person of this scope checks at the level for which the return waits, or would have."""
    level = due.level if due.level is not None else 0
    return scope.everything or any(
        CHECK in grip.permissions
        and grip.organisation_id is None
        and due.place.path.startswith(grip.path)
        and level_of(grip.path) <= level
        for grip in scope.grips
    )


def require_checking(scope: Scope, due: DueReturn) -> None:
    """Problem: it waits for another level."""
    if not may_check(scope, due):
        raise problems.NOT_CHECKER(level=LEVEL_NAMES[due.level or 0])


def may_open(scope: Scope, path: str) -> bool:
    """Whether returns may be asked for at a place."""
    return scope.covers(path, CHECK)


def reads_draft(scope: Scope, due: DueReturn) -> bool:
    """Whether one sees what is not handed in yet: the side that fills it."""
    return may_fill(scope, due)


def level_of(path: str) -> int:
    """The level of a place by its path: 0 for the nation."""
    return len(path) // paths.STEP - 1
