"""People around a case for tests: an office in Guizhou, a company, another province's office."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from puyou.accounts.models import Appointment, Grant, Organisation, User
from puyou.accounts.scopes import scope_for
from puyou.accounts.tests.offices import neighbour, officer
from puyou.cases import actions
from puyou.cases.models import Case
from puyou.cases.names import Actor
from puyou.cases.tests import sample
from puyou.places.queries import get_place

NOW = datetime(2026, 9, 24, 2, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Cast:
    """Who acts: ``company`` are the people of ``operator``."""

    officer: Actor
    colleague: Actor
    stranger: Actor
    company: Actor
    operator: Organisation


def actor(user: User) -> Actor:
    return Actor(scope_for(user, NOW.date()), user)


def gather() -> Cast:
    """The people, each with a grant of their own."""
    guizhou, county = get_place("52"), get_place("520526")
    company = officer("case.company", "company_manager", county)
    organisation = company.appointments.get().post.organisation
    seats = (("officer", "provincial_regulator", guizhou), ("colleague", "city_regulator", county))
    people = [officer(f"case.{name}", role, place) for name, role, place in seats]
    people.append(officer("case.stranger", "provincial_regulator", neighbour()))
    Grant.objects.update(valid_from=date(2026, 1, 1))
    Appointment.objects.update(valid_from=date(2026, 1, 1))
    return Cast(*(actor(user) for user in (*people, company)), organisation)


def publish(**changes: Any) -> None:
    """The sample procedure, in force since the beginning of the year."""
    version = actions.draft_version(value=sample.value(**changes), by="test", now=NOW)
    actions.publish_version(version=version, valid_from=date(2026, 1, 1), by="test", now=NOW)


def open_sample(cast: Cast, title: str = "样例案件", **more: Any) -> Case:
    """A case on the sample procedure at a county in Guizhou."""
    county = get_place("520526")
    return actions.open_case(
        procedure="sample",
        title=title,
        place=county,
        operator=cast.operator,
        actor=cast.officer,
        now=NOW,
        **more,
    )


def close_sample(cast: Cast, title: str = "某村一周未投递") -> Case:
    """A case that went its way to the end: accepted, answered, verified."""
    case = do(open_sample(cast, title), "accept", cast.officer)
    do(case, "reply", cast.company, kind="fixed", text="已补投")
    return do(case, "verify", cast.officer)


def do(case: Case, action: str, who: Actor, now: datetime = NOW, **data: Any) -> Case:
    """Perform on the case as it is."""
    held = Case.objects.get(pk=case.pk)
    return actions.perform(
        case_id=held.pk, action=action, actor=who, data=data, revision=held.revision, now=now
    )
