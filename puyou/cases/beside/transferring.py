"""Handing a case to another office: the row that says so, and putting right the place it belongs to."""

from puyou.accounts.models import Organisation
from puyou.cases import names, problems
from puyou.cases.actions.opening import office_for
from puyou.cases.models import CaseTransfer, Party
from puyou.cases.names import Performing
from puyou.core.periods import day_of
from puyou.places import queries as places
from puyou.places.models import Place

TRANSFEROR = "transferor"


def hand_over(performing: Performing, office: Organisation, ground: str, place: Place | None = None) -> None:
    """Put another office in charge; with ``place`` the case lies there from now on.

    Clocks go on as they are unless the action says otherwise. Nobody is left as its handler. Whoever hands over goes on
    seeing it as a party (移送人), even where the new place is not theirs. Problem: the office is in charge already.
    """
    case = performing.case
    moved = place is not None and place.pk != case.place_id
    if office.pk == case.office_id and not moved:
        raise problems.SAME_OFFICE(office=office.name)
    CaseTransfer.objects.create(
        case=case,
        source=case.office,
        target=office,
        place_before=case.place if moved else None,
        ground=ground,
        by=performing.actor.user,
        at=performing.now,
    )
    if place is not None and moved:
        _stay_party(performing)
        case.place = place
    case.office, case.handler = office, None
    performing.said["office"] = office.name


def _stay_party(performing: Performing) -> None:
    user = performing.actor.user
    if user is not None:
        Party.objects.get_or_create(
            case=performing.case,
            role=TRANSFEROR,
            user=user,
            valid_to=None,
            defaults={"valid_from": day_of(performing.now)},
        )


@names.effect("transfer", "移送给所填地点的主管部门；地点有误的同时更正")
def transfer(performing: Performing) -> None:
    """To the office of the place that the field ``to`` names.

    An office above the case's own place only takes it over; any other place becomes the case's own.
    """
    case, place = performing.case, places.get_place(str(performing.data["to"]))
    above = case.place.path.startswith(place.path)
    hand_over(performing, office_for(place), str(performing.data["ground"]), None if above else place)


@names.effect("return_transfer", "退回移送来的部门")
def return_transfer(performing: Performing) -> None:
    last = performing.case.transfers.select_related("source", "place_before").order_by("-pk").first()
    if last is None or last.target_id != performing.case.office_id:
        raise problems.NOT_TRANSFERRED()
    hand_over(performing, last.source, str(performing.data["ground"]), last.place_before)


@names.guard("transferred_here", "案件是其他部门移送来的")
def transferred_here(performing: Performing) -> str | None:
    """Passes when the last move brought the case to the office in charge and was not itself a return."""
    moves = list(performing.case.transfers.order_by("-pk").values_list("source", "target")[:2])
    if not moves or moves[0][1] != performing.case.office_id:
        return "不是其他部门移送来的"
    back = len(moves) > 1 and moves[0] == (moves[1][1], moves[1][0])
    return "已是退回来的，不能再退" if back else None
