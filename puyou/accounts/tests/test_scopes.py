from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from puyou.accounts.models import Appointment, Grant, Organisation, Post, Role, User
from puyou.accounts.scopes import Grip, Scope, minimised, scope_for
from puyou.accounts.tests.offices import TODAY
from puyou.core import paths
from puyou.core.problems import Problem
from puyou.places.models import Place

PERMISSIONS = ("see", "visits.review", "registry.edit")
STEPS = st.sampled_from(["000a", "000z", "zzzz", "00a0"])
PATHS = st.lists(STEPS, min_size=0, max_size=4).map("".join)
GRIPS = st.builds(
    Grip,
    PATHS,
    st.frozensets(st.sampled_from(PERMISSIONS)),
    st.none() | st.integers(min_value=1, max_value=2),
)


def _covers(grips, path, permission, firm=None):
    return any(
        path.startswith(g.path) and permission in g.permissions and g.organisation_id in (None, firm)
        for g in grips
    )


@given(st.lists(GRIPS, max_size=8), PATHS, st.sampled_from(PERMISSIONS), st.none() | st.integers(1, 2))
def test_minimised_grips_hold_exactly_what_all_of_them_hold(grips, path, permission, firm):
    kept = minimised(grips)
    assert _covers(kept, path, permission, firm) == _covers(grips, path, permission, firm)
    assert not any(one.within(other) for one in kept for other in kept if one is not other)


@given(st.lists(GRIPS, max_size=8), PATHS, st.sampled_from(PERMISSIONS))
def test_paths_and_covers_say_the_same_and_paths_never_nest(grips, path, permission):
    scope = Scope("user:1", minimised(grips))
    held = scope.paths(permission)
    assert scope.covers(path, permission) == any(path.startswith(prefix) for prefix in held)
    assert not any(a != b and a.startswith(b) for a in held for b in held)


def test_named_scopes_are_everything_and_nothing():
    assert Scope.system("import").covers("0001")
    assert Scope.system("import").name == "system:import"
    assert Scope.system("import").paths() == ("",)
    assert not Scope.public().covers("0001")
    assert Scope.public().paths() == ()
    assert not Scope.public().may("see")


def test_operators_grips_carry_their_organisation():
    firm, officer = Grip("0001", frozenset({"see"}), 7), Grip("0002", frozenset({"see"}))
    scope = Scope("user:1", (firm, officer))
    assert scope.operators("00010002") == {7}
    assert scope.operators("0002") is None
    assert scope.operators("0009") == frozenset()


def test_a_refusal_tells_a_missing_permission_from_a_place_outside():
    scope = Scope("user:1", (Grip("0001", frozenset({"see"})),))
    with pytest.raises(Problem) as outside:
        scope.require("0002")
    with pytest.raises(Problem) as lacking:
        scope.require("0001", "visits.review")
    assert (outside.value.code, outside.value.status) == ("accounts.out_of_scope", 403)
    assert (lacking.value.code, lacking.value.status) == ("accounts.no_permission", 403)
    assert "审核到村投递" in lacking.value.message


class World:
    """A small tree of places under a root of its own, and one post holder."""

    def __init__(self, parents):
        self.places = []
        for number, parent in enumerate(parents):
            above = self.places[parent % len(self.places)] if self.places else None
            if above is not None and above.level == 5:
                above = None
            row = Place(
                code=f"9{number:011d}",
                name=f"地方{number}",
                level=above.level + 1 if above else 0,
                kind="admin",
                parent=above,
                path=f"-{number}",
                valid_from=TODAY,
            )
            row.save()
            row.path = (above.path if above else "") + paths.step(row.pk)
            row.save()
            self.places.append(row)
        self.organisation = Organisation.objects.create(kind="regulator", name="测试局", place=self.places[0])
        self.users = [User.objects.create(username=f"property{n}", name="性质") for n in range(2)]
        self.user = self.users[0]
        self.roles = {
            p: Role.objects.create(code=p.replace(".", "-"), name=p, permissions=[p]) for p in PERMISSIONS
        }

    def grant(self, place, permission, granted, appointed, user=None):
        post = Post.objects.create(organisation=self.organisation, title=f"岗{Post.objects.count()}")
        Appointment.objects.create(
            user=user or self.user, post=post, valid_from=appointed[0], valid_to=appointed[1]
        )
        return Grant.objects.create(
            post=post,
            role=self.roles[permission],
            place=place,
            valid_from=granted[0],
            valid_to=granted[1],
        )


OFFSETS = st.integers(-3, 3)
SPANS = st.tuples(OFFSETS, st.none() | st.integers(0, 4)).map(
    lambda pair: (
        TODAY + timedelta(pair[0]),
        None if pair[1] is None else TODAY + timedelta(pair[0] + pair[1]),
    )
)
GRANTED = st.tuples(st.integers(0, 1), st.integers(0, 30), st.sampled_from(PERMISSIONS), SPANS, SPANS)


def _in_force(span, day):
    return span[0] <= day and (span[1] is None or day < span[1])


@pytest.mark.django_db
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=14), st.lists(GRANTED, max_size=6), OFFSETS)
def test_list_count_search_and_detail_see_exactly_what_the_grants_cover(rollback, parents, granted, shift):
    with rollback():
        world, day = World(parents), TODAY + timedelta(shift)
        held = {(who, permission): set() for who in range(2) for permission in PERMISSIONS}
        for who, number, permission, grant_span, post_span in granted:
            place = world.places[number % len(world.places)]
            world.grant(place, permission, grant_span, post_span, world.users[who])
            if _in_force(grant_span, day) and _in_force(post_span, day):
                held[who, permission].add(place.path)
        mine = Place.objects.filter(code__startswith="9")
        for (who, permission), paths_held in held.items():
            scope = scope_for(world.users[who], on=day)
            expected = {p.pk for p in world.places if any(p.path.startswith(path) for path in paths_held)}
            rows = mine.filter(scope.q("path", permission))
            assert {row.pk for row in rows} == expected
            assert rows.count() == len(expected)
            assert {row.pk for row in rows.filter(name__contains="地方")} == expected
            assert {p.pk for p in world.places if scope.covers(p.path, permission)} == expected
            assert {p.pk for p in world.places if _required(scope, p.path, permission)} == expected


def _required(scope, path, permission):
    try:
        scope.require(path, permission)
    except Problem:
        return False
    return True


@pytest.fixture
def rollback():
    """A transaction undone at the end of each example."""

    @contextmanager
    def undone():
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    return undone


@pytest.mark.django_db
class TestScopeFor:
    def test_no_grant_is_nothing_never_everything(self, guizhou):
        user = User.objects.create(username="nobody", name="无权")
        scope = scope_for(user)
        assert scope.grips == ()
        assert not Place.objects.filter(scope.q()).exists()

    def test_anonymous_and_suspended_people_are_the_public(self, guizhou):
        world = World([0])
        world.grant(world.places[0], "see", (TODAY, None), (TODAY, None))
        world.user.is_active = False
        assert scope_for(world.user) == Scope.public()
        assert scope_for(AnonymousUser()) == Scope.public()

    def test_dates_are_half_open(self, guizhou):
        world = World([0])
        world.grant(world.places[0], "see", (date(2026, 11, 1), date(2026, 11, 8)), (date(2026, 1, 1), None))
        seen = [scope_for(world.user, on=date(2026, 11, day)).may("see") for day in (1, 7, 8)]
        assert seen == [True, True, False]

    def test_it_takes_one_query(self, guizhou, django_assert_num_queries):
        world = World([0, 0, 0])
        for place in world.places:
            world.grant(place, "see", (TODAY, None), (TODAY, None))
        with django_assert_num_queries(1):
            assert len(scope_for(world.user).grips) == 1

    def test_its_condition_is_served_by_the_index_of_paths(self, guizhou):
        scope = Scope("user:1", (Grip(guizhou.path + "0000", frozenset({"see"})),))
        sql, values = Place.objects.filter(scope.q()).values("pk").query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN " + sql, values)
            plan = "\n".join(row[0] for row in cursor.fetchall())
        assert "Index" in plan and "Seq Scan" not in plan
