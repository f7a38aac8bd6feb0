"""Who may see, fill and confirm which entries: conditions on rows, and questions about one."""

from collections.abc import Iterable

from django.db.models import Q

from puyou.accounts.models import Organisation
from puyou.accounts.scopes import Grip, Scope
from puyou.core import paths
from puyou.ledgers import problems, rules
from puyou.ledgers.definition import LEVEL_NAMES, Definition
from puyou.ledgers.models import LedgerEntry

FILL, CONFIRM, PUBLISH = "ledgers.fill", "ledgers.confirm", "ledgers.publish"
GENERATIONS = 4  # an operator's tree: nation, province, city, county
REGULATOR, OPERATOR = "regulator", "operator"
SIDES = {REGULATOR: "邮政管理部门", OPERATOR: "邮政企业"}


def visible(scope: Scope) -> Q:
    """Condition on entries: inside the scope's places; a company sees its own; a draft is seen by its own side."""
    if scope.everything:
        return Q()
    condition = Q(pk__in=())
    for grip in scope.grips:
        if "see" in grip.permissions:
            condition |= _inside(grip) & _own(grip) & _drafts(grip)
    return condition


def _inside(grip: Grip) -> Q:
    return Q(place__path__gte=grip.path, place__path__lt=grip.path + "{")


def _own(grip: Grip) -> Q:
    if grip.organisation_id is None:
        return Q()
    condition = Q(pk__in=())
    for generation in range(GENERATIONS):
        condition |= Q(**{"operator" + "__parent" * generation: grip.organisation_id})
    return condition


def _drafts(grip: Grip) -> Q:
    side = REGULATOR if grip.organisation_id is None else OPERATOR
    return ~Q(status=rules.DRAFT) | Q(side=side)


def side_at(scope: Scope, path: str) -> str:
    """As whom one fills at a place: the regulator or a company; empty when not at all."""
    if scope.everything:
        return REGULATOR
    if not scope.covers(path, FILL):
        return ""
    return REGULATOR if scope.operators(path, FILL) is None else OPERATOR


def sides(scope: Scope) -> set[str]:
    """As whom one fills anywhere."""
    if scope.everything:
        return set(SIDES)
    return {
        REGULATOR if grip.organisation_id is None else OPERATOR
        for grip in scope.grips
        if FILL in grip.permissions
    }


def may_fill(scope: Scope, found: Definition) -> bool:
    """Whether one may fill this kind somewhere."""
    return bool(sides(scope) & set(found.fills))


def require_filling(scope: Scope, found: Definition, path: str, operator: Organisation | None) -> str:
    """The side as which one fills. Problems: outside, not this side's to fill, not one's own company."""
    scope.require(path, FILL)
    side = side_at(scope, path)
    if side not in found.fills:
        raise problems.NOT_FILLER(kind=found.name, who=told_sides(found.fills))
    own = scope.operators(path, FILL)
    if own is not None and (operator is None or not _belongs(operator, own)):
        raise problems.NOT_OWN_OPERATOR()
    return side


def _belongs(operator: Organisation, own: Iterable[int]) -> bool:
    held: Organisation | None = operator
    for _ in range(GENERATIONS):
        if held is None:
            return False
        if held.pk in own:
            return True
        held = held.parent
    return False


def may_edit(scope: Scope, entry: LedgerEntry, found: Definition) -> bool:
    """Whether an entry is this person's side's to write."""
    path = entry.place.path
    if not scope.covers(path, FILL) or side_at(scope, path) != entry.side or entry.side not in found.fills:
        return scope.everything
    own = scope.operators(path, FILL)
    return own is None or (entry.operator is not None and _belongs(entry.operator, own))


def may_confirm(scope: Scope, entry: LedgerEntry, found: Definition) -> bool:
    """Whether a person of this scope confirms entries of the kind at the place."""
    if found.confirm_level is None:
        return False
    return scope.everything or any(
        CONFIRM in grip.permissions
        and grip.organisation_id is None
        and entry.place.path.startswith(grip.path)
        and level_of(grip.path) <= found.confirm_level
        for grip in scope.grips
    )


def level_of(path: str) -> int:
    """The level of a place by its path: 0 for the nation."""
    return len(path) // paths.STEP - 1


def told_sides(fills: Iterable[str]) -> str:
    """``邮政管理部门或邮政企业``."""
    return "或".join(SIDES[side] for side in fills)


def told_confirmer(found: Definition) -> str:
    """Who confirms, in words."""
    if found.confirm_level is None:
        return "提交即生效，不须确认"
    return "全国监管部门" if found.confirm_level == 0 else f"{LEVEL_NAMES[found.confirm_level]}以上监管部门"
