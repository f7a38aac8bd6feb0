"""Opening a case: the first record of its chain."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from puyou.accounts.models import Organisation
from puyou.cases import numbering, problems
from puyou.cases.actions.performing import Done, finish
from puyou.cases.definition import Action
from puyou.cases.models import Case, CaseSequence, Procedure, ProcedureVersion
from puyou.cases.names import Actor, Performing
from puyou.cases.reading import definition_of
from puyou.core.paths import ids
from puyou.core.periods import day_of
from puyou.places.models import Place

OPENING = "open"


@transaction.atomic
def open_case(
    *,
    procedure: str,
    title: str,
    place: Place,
    actor: Actor,
    now: datetime,
    operator: Organisation | None = None,
    office: Organisation | None = None,
    subject: str = "",
    fields: dict[str, Any] | None = None,
    starts: tuple[str, ...] = (),
    shared: bool = False,
) -> Case:
    """Begin a case on the version in force today. ``office``: who is in charge, else the nearest regulator above the
    place; ``subject``: what it is about, such as ``village:123``; ``starts``: clocks that begin at once;
    ``shared``: whether the operator sees it from the beginning.

    Problems: unknown procedure, none in force, no office.
    """
    version = current_version(procedure, day_of(now))
    found = definition_of(version.pk)
    seat = office or office_for(place)
    case = Case.objects.create(
        version=version,
        number=_number(version.procedure, seat, now, found.number_prefix),
        title=title.strip()[:120],
        place=place,
        office=seat,
        operator=operator,
        shared=shared and operator is not None,
        state=found.start.code,
        subject=subject,
        fields=fields or {},
        opened_at=now,
    )
    notifies = ("operator", "office") if shared else ()
    opening = Action(code=OPENING, name="立案", who=("system",), starts=starts, notifies=notifies)
    return finish(
        Performing(case, found, opening, actor, now, dict(fields or {})), Done("", found.start.code, ())
    )


def current_version(code: str, on: date) -> ProcedureVersion:
    """The version of a procedure that is in force on a day."""
    procedure = Procedure.objects.filter(code=code).first()
    if procedure is None:
        raise problems.UNKNOWN_PROCEDURE(code=code)
    held = procedure.versions.exclude(status=ProcedureVersion.Status.DRAFT).filter(valid_from__lte=on)
    version = held.select_related("procedure").order_by("-valid_from", "-number").first()
    if version is None or (version.valid_to is not None and version.valid_to <= on):
        raise problems.NOT_PUBLISHED(name=procedure.name, on=on)
    return version


def office_for(place: Place) -> Organisation:
    """The regulator's office nearest above a place."""
    above = ids(place.path)
    seats = {
        seat.place_id: seat
        for seat in Organisation.objects.filter(
            kind=Organisation.Kind.REGULATOR, place_id__in=above
        ).order_by("-pk")
    }
    for identifier in reversed(above):
        if identifier in seats:
            return seats[identifier]
    raise problems.NO_OFFICE(place=place.name)


def _number(procedure: Procedure, office: Organisation, now: datetime, prefix: str) -> str:
    year = day_of(now).year
    order = numbering.next_order(CaseSequence, procedure=procedure, office=office, year=year)
    return numbering.spelled(prefix, office, year, order)
