"""Random walks over every definition that ships with the product, and the sample: what must hold wherever they lead.

An end is reached from everywhere; what is denied changes nothing; the chain verifies; clocks add up; a list holds what
may be seen and nothing else; replaying the records rebuilds the case. ``PUYOU_WALKS=50`` walks that many times as far.
"""

import json
import os
import random
from collections import deque
from datetime import date, timedelta
from functools import reduce
from pathlib import Path

import pytest
from django.db import transaction

from puyou.accounts.models import Appointment, Grant, Organisation
from puyou.accounts.scopes import Scope, scope_for
from puyou.accounts.tests.offices import neighbour, officer
from puyou.cases import actions, chain, clocks, names, queries, reading, rules, terms
from puyou.cases.actions.opening import OPENING
from puyou.cases.definition import read
from puyou.cases.feedback.tests.cast import World
from puyou.cases.models import Case, CaseClock, CaseEvent, CaseNotice, ClockExtension, ClockPause, Party
from puyou.cases.names import Actor, Performing
from puyou.cases.tests import sample
from puyou.cases.tests.cast import NOW, gather
from puyou.core import clock
from puyou.core.models import Event
from puyou.core.periods import day_of
from puyou.core.problems import Problem
from puyou.places.models import Place
from puyou.places.queries import get_place
from puyou.standards import queries as standards

pytestmark = pytest.mark.django_db
WALKS, STEPS = 2 * int(os.environ.get("PUYOU_WALKS", "1")), 7
SHIPPED = {
    path.stem: json.loads(path.read_text())
    for path in sorted(Path(names.__file__).parents[1].rglob("procedures/*.json"))
}
DEFINITIONS = {read(value).code: value for value in (sample.value(), *SHIPPED.values())}
WORDS = "投递 整改\u3000已，<b>&amp;'\";=1+2😀ABC"


class Walk:
    """One case on its way, with everybody who could stand to it in any relation, and dice.

    ``before``: everything as it stood after the last thing done.
    """

    def __init__(self, code: str, seed: int, people) -> None:
        self.dice = random.Random(f"{code} {seed}")
        self.people, self.now = people, NOW
        self.case_id = self.open(code)
        reporter = officer(f"walk.reporter.{seed}", "courier", people.county)
        Party.objects.create(
            case_id=self.case_id, role="reporter", user=reporter, valid_from=date(2026, 1, 1)
        )
        system = Actor(Scope.system("walk"))
        self.actors = [people.officer, people.colleague, people.company, people.stranger, system]
        self.actors.append(Actor(scope_for(reporter), reporter))
        self.denied = self.done = 0
        self.before = self.kept()

    @property
    def case(self) -> Case:
        return Case.objects.select_related("place", "office", "operator").get(pk=self.case_id)

    @property
    def definition(self):
        return reading.definition_of(self.case.version_id)

    def open(self, code: str) -> int:
        """A case as its own alcove opens it where one must, else as anybody does."""
        if code == "report":
            return self.people.world.file(now=NOW).report.case_id
        case = actions.open_case(
            procedure=code,
            title="行走",
            place=self.people.county,
            operator=self.people.operator,
            actor=self.people.officer,
            now=NOW,
            starts=tuple(one.code for one in read(DEFINITIONS[code]).clocks[:1]),
            shared=True,
        )
        return case.pk

    def data(self, action):
        """Values for the fields of an action; what need not be said is sometimes left out."""
        asked = (one for one in action.fields if one.required or self.dice.random() < 0.5)
        return {one.code: self.value(one) for one in asked}

    def value(self, field):
        dice = self.dice
        length = dice.randrange(1, min(field.limit, 30) + 1)
        kinds = {
            "choice": lambda: dice.choice(list(field.options)),
            "date": lambda: str(self.now.date() + timedelta(days=dice.randrange(1, 60))),
            "number": lambda: dice.randrange(field.limit + 1),
            "person": lambda: self.people.colleague.user.pk,
            "boolean": lambda: field.required or dice.random() < 0.5,
            "place": lambda: dice.choice(["52", "520526", "999999"]),
        }
        words = kinds.get(field.kind, lambda: "".join(dice.choices(WORDS, k=length)).strip() or "文")
        return words()

    def kept(self):
        """Everything that an action could change, as plain values."""
        rows = [list(Case.objects.filter(pk=self.case_id).values())]
        for model in (CaseClock, CaseEvent, CaseNotice, Party):
            rows.append(list(model.objects.filter(case=self.case_id).order_by("pk").values()))
        for model in (ClockPause, ClockExtension):
            rows.append(list(model.objects.filter(clock__case=self.case_id).order_by("pk").values()))
        return [*rows, Event.objects.count()]

    def attempt(self, action, actor, revision=None, **more) -> bool:
        """Try an action; True when it was done. Denied or refused, it must have changed nothing."""
        case = self.case
        performing = Performing(case, self.definition, action, actor, self.now)
        reason = reading.why_not(performing, reading.relations_held(case, actor))
        try:
            with transaction.atomic():
                actions.perform(
                    case_id=self.case_id,
                    action=action.code,
                    actor=actor,
                    data=self.data(action) | more,
                    revision=case.revision if revision is None else revision,
                    now=self.now,
                )
        except Problem as problem:
            assert self.kept() == self.before, (action.code, problem.message)
            self.denied += 1
            return False
        assert reason is None, f"{action.code} was done although denied: {reason}"
        assert self.case.revision == case.revision + 1
        self.done, self.before = self.done + 1, self.kept()
        return True

    def step(self) -> None:
        """Time passes; wrong things are tried, then what is offered to anybody until something is done."""
        self.now += timedelta(days=self.dice.choice([0, 0, 1, 3, 8]), minutes=self.dice.randrange(1, 600))
        self.before, everything = self.kept(), self.definition.actions
        tried = self.dice.choice(everything)
        assert not self.attempt(tried, self.people.officer, revision=self.case.revision + 1)
        assert not self.attempt(tried, self.people.officer, **{"no_such_field": "1"})
        self.attempt(self.dice.choice(everything), self.dice.choice(self.actors))
        any(self.attempt(action, actor) for action, actor in self.offered())

    def offered(self):
        """What anybody may do now, in an order by lot; what closes the case rather late."""
        case = self.case
        found = [
            (offer.action, actor)
            for actor in self.actors
            for offer in reading.available(case, actor, self.now)
            if offer.allowed
        ]
        ends = {state.code for state in self.definition.states if state.kind == "final"}
        return sorted(found, key=lambda way: (way[0].target in ends) * 0.9 + self.dice.random())

    def finish(self) -> None:
        """From wherever the walk has led, an end is reached by steps that each lead nearer."""
        distance = distances(self.definition)
        for _ in range(20):
            case = self.case
            if case.closed_at is not None:
                return
            self.now += timedelta(days=1)
            ways = [
                (distance.get(action.target or case.state, 99), self.dice.random(), action, actor)
                for action in self.definition.actions
                for actor in self.actors
                if case.state in rules.sources_of(self.definition, action)
            ]
            ways.sort(key=lambda way: way[:2])
            near = [way for way in ways if way[2].target not in (None, case.state) or way[2].clears]
            assert any(self.attempt(action, actor) for _, _, action, actor in near), (
                f"no way out of {case.state}"
            )
        raise AssertionError("no end after twenty steps")

    def check(self) -> None:
        """What holds after every step."""
        case = self.case
        records = list(case.events.order_by("revision"))
        assert chain.first_fault(records) is None
        self.replay(case, records)
        self.clocks(case, day_of(records[-1].at))

    def replay(self, case, records) -> None:
        assert records[0].action == OPENING and len(records) == case.revision
        start = (self.definition.start.code, frozenset())
        state, flags = reduce(self.follow, records[1:], start)
        assert (state, sorted(flags)) == (case.state, sorted(case.flags))
        final = self.definition.state(state)
        assert (case.closed_at is not None) == (final.kind == "final")
        assert case.outcome == (final.outcome or "")

    def follow(self, held, record):
        """One record, by the definition alone."""
        assert record.source == held[0]
        found = rules.after(self.definition.action(record.action), *held)
        assert (record.target, sorted(record.flags)) == (found[0], sorted(found[1]))
        return found

    def clocks(self, case, today) -> None:
        calendar, dues = standards.get_calendar(), []
        for held in case.clocks.prefetch_related("pauses", "extensions"):
            open_pauses = [pause for pause in held.pauses.all() if pause.last is None]
            assert len(open_pauses) <= (held.stopped_on is None)
            if held.stopped_on is None:
                assert terms.due_of(clocks.running_of(held), calendar, today).due == held.due_on
                dues.append(held.due_on)
        assert case.due_on == (min(dues) if dues and case.closed_at is None else None)
        assert (case.due_on is None) == (case.warn_on is None)
        assert not (case.closed_at and dues)


def distances(definition):
    """How many steps every state is from an end."""
    steps, found = rules.successors(definition), {}
    found = {state.code: 0 for state in definition.states if state.kind == "final"}
    todo = deque(found)
    while todo:
        near = todo.popleft()
        for state, targets in steps.items():
            if near in targets and state not in found:
                found[state] = found[near] + 1
                todo.append(state)
    return found


class People:
    """Everybody of the walks: an office, another below it, a company, another province; and passers-by by lot."""

    def __init__(self) -> None:
        cast = gather()
        self.officer, self.colleague, self.stranger = cast.officer, cast.colleague, cast.stranger
        self.company, self.operator = cast.company, cast.operator
        self.county = get_place("520526")
        self.world = World()

    def passers_by(self, dice):
        roles = [
            "provincial_regulator",
            "city_regulator",
            "company_manager",
            "courier",
            "system_administrator",
        ]
        spots = {
            "provincial_regulator": [get_place("52"), neighbour()],
            "system_administrator": [get_place("52")],
        }
        county = self.county
        below = list(Place.objects.filter(path__startswith=county.path, level__in=(3, 4)).order_by("pk")[:5])
        for number in range(8):
            role = dice.choice(roles)
            place = dice.choice(spots.get(role, [county, *(one for one in below if role == "courier")]))
            user = officer(f"walk.by.{number}", role, place)
            Grant.objects.filter(post__appointments__user=user).update(valid_from=date(2026, 1, 1))
            Appointment.objects.filter(user=user).update(valid_from=date(2026, 1, 1))
            yield Actor(scope_for(user), user)


@pytest.fixture
def people(db, monkeypatch):
    version = actions.draft_version(value=sample.value(), by="test", now=NOW)
    actions.publish_version(version=version, valid_from=date(2026, 1, 1), by="test", now=NOW)
    with clock.frozen(NOW):
        yield People()


@pytest.mark.parametrize("code", DEFINITIONS)
def test_what_holds_wherever_a_walk_leads(code, people):
    done = denied = 0
    for seed in range(WALKS):
        walk = Walk(code, seed, people)
        for _ in range(STEPS):
            walk.step()
            walk.check()
        walk.finish()
        walk.check()
        done, denied = done + walk.done, denied + walk.denied
    assert done >= 3 * WALKS and denied >= 3 * WALKS, "these walks prove little"


def may_see(actor, case, today) -> bool:
    """What relations say, said again for one case and without a database's conditions."""
    by_place = any(
        "see" in grip.permissions
        and case.place.path.startswith(grip.path)
        and (grip.organisation_id is None or (case.shared and case.operator_id == grip.organisation_id))
        for grip in actor.scope.grips
    )
    parts = case.parties.filter(user=actor.user)
    return by_place or any(
        part.valid_from <= today and (part.valid_to is None or today < part.valid_to) for part in parts
    )


def test_a_list_holds_what_may_be_seen_and_nothing_else(people):
    dice = random.Random(7)
    walks = [Walk(code, 100 + at, people) for at, code in enumerate(DEFINITIONS)]
    for walk in walks * 2:
        walk.step()
    other = Organisation.objects.filter(kind="operator").exclude(pk=people.operator.pk).first()
    for walk, firm in zip(walks, (None, other, people.operator), strict=False):
        Case.objects.filter(pk=walk.case_id).update(operator=firm, shared=dice.random() < 0.5)
    seen = 0
    for actor in (people.officer, people.company, people.stranger, *people.passers_by(dice)):
        listed = set(queries.list_cases(actor.scope, actor.user).values_list("pk", flat=True))
        cases = Case.objects.select_related("place")
        assert listed == {case.pk for case in cases if may_see(actor, case, NOW.date())}, actor.user
        seen += len(listed)
        for case in cases:
            if case.pk in listed:
                assert queries.get_case(actor.scope, case.pk, actor.user) == case
            else:
                with pytest.raises(Problem):
                    queries.get_case(actor.scope, case.pk, actor.user)
        waiting = set(queries.list_waiting(actor.scope, actor.user).values_list("pk", flat=True))
        assert waiting <= listed
        for case in cases.filter(pk__in=listed):
            offered = [one.action for one in reading.available(case, actor, NOW) if one.allowed]
            if any(action.primary for action in offered) and case.closed_at is None:
                assert case.pk in waiting  # a queue leaves nothing out that could be done next
    assert seen > 3 * len(walks)
