import json
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from puyou.accounts import actions, roles
from puyou.accounts.models import Appointment, Grant, LoginSession, Organisation, Role, User
from puyou.accounts.scopes import Scope, scope_for
from puyou.accounts.tests.offices import NOW, PASSWORD, SYSTEM, TODAY, officer
from puyou.core.models import Event
from puyou.core.problems import Problem
from puyou.places.queries import get_place

pytestmark = pytest.mark.django_db


def refused(code):
    return _Refusal(code)


class _Refusal:
    """`with refused("accounts.own_post"):` the problem's code must be exactly this."""

    def __init__(self, code):
        self.code = code

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        assert isinstance(error, Problem), f"nothing was refused, {self.code} expected"
        assert error.code == self.code
        return True


def said(kind):
    return [event.data for event in Event.objects.filter(kind=kind).order_by("id")]


@pytest.fixture
def manager(guizhou):
    """The provincial system administrator: accounts.manage in Guizhou."""
    return officer("manager", "system_administrator", guizhou)


@pytest.fixture
def granter(guizhou):
    """The provincial security administrator: accounts.grant in Guizhou."""
    return officer("granter", "security_administrator", guizhou)


class TestOrganisations:
    def test_it_stands_inside_its_parents_place_and_says_so(self, office, manager):
        city = get_place("5205")
        row = actions.create_organisation(
            kind="regulator", name="某市局", parent=office, place=city, by=scope_for(manager), now=NOW
        )
        assert (row.parent, row.place) == (office, city)
        assert said("organisation.created")[-1]["name"] == "某市局"
        assert Event.objects.filter(kind="organisation.created").last().actor == f"user:{manager.pk}"

    def test_it_refuses_a_place_outside_the_parent(self, office, yunnan):
        with refused("accounts.outside_parent"):
            actions.create_organisation(
                kind="regulator", name="外省局", parent=office, place=yunnan, by=SYSTEM, now=NOW
            )

    def test_it_refuses_a_company_under_a_regulator(self, office, guizhou):
        with refused("accounts.outside_parent"):
            actions.create_organisation(
                kind="operator", name="公司", parent=office, place=guizhou, by=SYSTEM, now=NOW
            )

    def test_it_refuses_the_same_name_twice(self, office, guizhou):
        with refused("accounts.name_taken"):
            actions.create_organisation(
                kind="regulator", name=office.name, parent=None, place=guizhou, by=SYSTEM, now=NOW
            )

    @pytest.mark.parametrize("name", ["", "   ", "长" * 101])
    def test_it_refuses_unfit_names(self, guizhou, name):
        with refused("accounts.name_missing"):
            actions.create_organisation(
                kind="regulator", name=name, parent=None, place=guizhou, by=SYSTEM, now=NOW
            )

    def test_another_province_cannot(self, office, yunnan):
        stranger = scope_for(officer("stranger", "system_administrator", yunnan))
        with refused("accounts.out_of_scope"):
            actions.create_post(organisation=office, title="内应", by=stranger, now=NOW)


class TestAppointments:
    def _post(self, office, title="值班员"):
        return actions.create_post(organisation=office, title=title, by=SYSTEM, now=NOW)

    def _user(self, office, username="newcomer"):
        return actions.create_user(username=username, name="新人", organisation=office, by=SYSTEM, now=NOW)[0]

    def _grant(self, post, role, place, **more):
        actions.load_roles(by="tests", now=NOW)
        row = Role.objects.get(code=role)
        given = {"valid_from": TODAY, "by": SYSTEM, "now": NOW} | more
        return actions.grant(post=post, role=row, place=place, **given)

    def test_it_gives_the_person_what_the_post_may(self, office, guizhou, manager):
        post, user = self._post(office), self._user(office)
        self._grant(post, "provincial_regulator", guizhou)
        assert not scope_for(user).may("see")
        actions.appoint(user=user, post=post, valid_from=TODAY, by=scope_for(manager), now=NOW)
        assert scope_for(user).covers(guizhou.path, "compliance.approve_excuse")
        assert said("appointment.made")[-1]["post"] == post.pk

    def test_ending_it_works_at_once_and_deletes_nothing(self, office, guizhou, manager):
        post, user = self._post(office), self._user(office)
        self._grant(post, "provincial_regulator", guizhou)
        row = actions.appoint(user=user, post=post, valid_from=TODAY, by=SYSTEM, now=NOW)
        actions.end_appointment(appointment=row, on=TODAY, by=scope_for(manager), now=NOW)
        assert not scope_for(user).may("see")
        assert Appointment.objects.get(pk=row.pk).valid_to == TODAY

    def test_an_end_before_the_beginning_empties_the_period(self, office):
        post, user = self._post(office), self._user(office)
        later = TODAY + timedelta(30)
        row = actions.appoint(user=user, post=post, valid_from=later, by=SYSTEM, now=NOW)
        actions.end_appointment(appointment=row, on=TODAY, by=SYSTEM, now=NOW)
        row.refresh_from_db()
        assert (row.valid_from, row.valid_to) == (later, later)

    def test_what_has_ended_cannot_be_ended_later(self, office):
        post, user = self._post(office), self._user(office)
        row = actions.appoint(
            user=user, post=post, valid_from=date(2026, 1, 1), valid_to=date(2026, 2, 1), by=SYSTEM, now=NOW
        )
        with refused("accounts.no_longer_in_force"):
            actions.end_appointment(appointment=row, on=TODAY, by=SYSTEM, now=NOW)

    def test_it_refuses_the_same_post_twice_on_the_same_days(self, office):
        post, user = self._post(office), self._user(office)
        actions.appoint(user=user, post=post, valid_from=TODAY, by=SYSTEM, now=NOW)
        with refused("accounts.already_appointed"):
            actions.appoint(user=user, post=post, valid_from=TODAY, by=SYSTEM, now=NOW)

    def test_it_refuses_dates_that_run_backwards(self, office):
        with refused("accounts.ends_before_it_begins"):
            actions.appoint(
                user=self._user(office),
                post=self._post(office),
                valid_from=TODAY,
                valid_to=TODAY - timedelta(1),
                by=SYSTEM,
                now=NOW,
            )

    def test_nobody_appoints_themselves(self, office, manager):
        with refused("accounts.own_post"):
            actions.appoint(
                user=manager, post=self._post(office), valid_from=TODAY, by=scope_for(manager), now=NOW
            )

    def test_nobody_hands_out_a_post_that_reaches_beyond_their_places(self, office, manager):
        post, user = self._post(office), self._user(office)
        self._grant(post, "national_regulator", get_place("000000000000"))
        with refused("accounts.out_of_scope"):
            actions.appoint(user=user, post=post, valid_from=TODAY, by=scope_for(manager), now=NOW)

    def test_another_province_cannot(self, office, yunnan):
        stranger = scope_for(officer("stranger", "system_administrator", yunnan))
        with refused("accounts.out_of_scope"):
            actions.appoint(
                user=self._user(office), post=self._post(office), valid_from=TODAY, by=stranger, now=NOW
            )

    def test_the_three_administrators_are_three_people(self, office, guizhou):
        system, audit = self._post(office, "系统"), self._post(office, "审计")
        self._grant(system, "system_administrator", guizhou)
        self._grant(audit, "audit_administrator", guizhou)
        user = self._user(office)
        actions.appoint(user=user, post=system, valid_from=TODAY, by=SYSTEM, now=NOW)
        with refused("accounts.administrators_must_differ"):
            actions.appoint(user=user, post=audit, valid_from=TODAY, by=SYSTEM, now=NOW)
        assert user.appointments.count() == 1

    def test_a_grant_cannot_join_two_administrators_either(self, office, guizhou, granter):
        system, other = self._post(office, "系统"), self._post(office, "其他")
        self._grant(system, "system_administrator", guizhou)
        user = self._user(office)
        for post in (system, other):
            actions.appoint(user=user, post=post, valid_from=TODAY, by=SYSTEM, now=NOW)
        with refused("accounts.administrators_must_differ"):
            self._grant(other, "security_administrator", guizhou, by=scope_for(granter))
        assert not other.grants.exists()

    def test_administrators_may_follow_one_another(self, office, guizhou):
        system, audit = self._post(office, "系统"), self._post(office, "审计")
        self._grant(system, "system_administrator", guizhou)
        self._grant(audit, "audit_administrator", guizhou)
        user, later = self._user(office), TODAY + timedelta(10)
        actions.appoint(user=user, post=system, valid_from=TODAY, valid_to=later, by=SYSTEM, now=NOW)
        actions.appoint(user=user, post=audit, valid_from=later, by=SYSTEM, now=NOW)
        assert user.appointments.count() == 2

    def test_the_database_itself_refuses_backward_dates(self, office):
        with pytest.raises(IntegrityError), transaction.atomic():
            Appointment.objects.create(
                user=self._user(office), post=self._post(office), valid_from=TODAY, valid_to=date(2026, 1, 1)
            )


class TestGrants:
    @pytest.fixture
    def post(self, office):
        return actions.create_post(organisation=office, title="值班员", by=SYSTEM, now=NOW)

    def _role(self, code):
        actions.load_roles(by="tests", now=NOW)
        return Role.objects.get(code=code)

    def test_revoking_works_at_once(self, post, guizhou, granter):
        role = self._role("provincial_regulator")
        user, _ = actions.create_user(
            username="u01", name="甲", organisation=post.organisation, by=SYSTEM, now=NOW
        )
        actions.appoint(user=user, post=post, valid_from=TODAY, by=SYSTEM, now=NOW)
        by = scope_for(granter)
        row = actions.grant(post=post, role=role, place=guizhou, valid_from=TODAY, by=by, now=NOW)
        assert scope_for(user).covers(guizhou.path)
        actions.revoke_grant(grant=row, on=TODAY, by=by, now=NOW)
        assert not scope_for(user).covers(guizhou.path)
        assert Grant.objects.filter(pk=row.pk, valid_to=TODAY).exists()
        assert [data["grant"] for data in said("grant.made") + said("grant.revoked")][-2:] == [row.pk, row.pk]

    def test_nobody_grants_to_their_own_post(self, granter, guizhou):
        own = granter.appointments.get().post
        with refused("accounts.own_post"):
            actions.grant(
                post=own,
                role=self._role("provincial_regulator"),
                place=guizhou,
                valid_from=TODAY,
                by=scope_for(granter),
                now=NOW,
            )

    def test_nobody_grants_beyond_their_places(self, post, granter, yunnan):
        with refused("accounts.out_of_scope"):
            actions.grant(
                post=post,
                role=self._role("provincial_regulator"),
                place=yunnan,
                valid_from=TODAY,
                by=scope_for(granter),
                now=NOW,
            )

    def test_the_system_administrator_cannot_grant(self, post, manager, guizhou):
        with refused("accounts.no_permission"):
            actions.grant(
                post=post,
                role=self._role("provincial_regulator"),
                place=guizhou,
                valid_from=TODAY,
                by=scope_for(manager),
                now=NOW,
            )

    def test_a_role_fits_its_kind_of_organisation_and_level_of_place(self, post, guizhou):
        for code, problem in [
            ("company_manager", "accounts.role_does_not_fit"),
            ("national_regulator", "accounts.level_does_not_fit"),
            ("city_regulator", "accounts.level_does_not_fit"),
        ]:
            role = self._role(code)
            with refused(problem):
                actions.grant(post=post, role=role, place=guizhou, valid_from=TODAY, by=SYSTEM, now=NOW)

    def test_a_companys_grant_names_the_company_or_one_under_it(self, guizhou):
        county = get_place("520121")
        above = actions.create_organisation(
            kind="operator", name="省公司", parent=None, place=guizhou, by=SYSTEM, now=NOW
        )
        below = actions.create_organisation(
            kind="operator", name="县公司", parent=above, place=county, by=SYSTEM, now=NOW
        )
        post = actions.create_post(organisation=below, title="管理员", by=SYSTEM, now=NOW)
        given = {"role": self._role("company_manager"), "place": county, "valid_from": TODAY} | {
            "by": SYSTEM,
            "now": NOW,
        }
        for foreign in (None, above):
            with refused("accounts.organisation_needed"):
                actions.grant(post=post, organisation=foreign, **given)
        row = actions.grant(post=post, organisation=below, **given)
        assert row.organisation == below

    def test_the_same_grant_twice_is_refused(self, post, guizhou):
        given = {"post": post, "role": self._role("provincial_regulator"), "place": guizhou}
        actions.grant(**given, valid_from=TODAY, by=SYSTEM, now=NOW)
        with refused("accounts.already_granted"):
            actions.grant(**given, valid_from=TODAY, by=SYSTEM, now=NOW)


class TestRoles:
    def test_loading_twice_changes_nothing(self):
        actions.load_roles(by="tests", now=NOW)
        assert actions.load_roles(by="tests", now=NOW)["changed"] == 0
        assert set(Role.objects.values_list("code", flat=True)) >= set(roles.BY_CODE)

    def test_a_changed_catalogue_is_loaded_and_said(self):
        actions.load_roles(by="tests", now=NOW)
        Role.objects.filter(code="courier").update(permissions=["see"])
        assert actions.load_roles(by="tests", now=NOW)["changed"] == 1
        assert Role.objects.get(code="courier").permissions == ["rounds.own"]

    def test_no_administrator_sees_figures(self):
        assert all(not role.permissions & {"see"} for role in roles.CATALOGUE if role.administrator)

    def test_every_permission_has_a_chinese_name(self):
        assert {p for role in roles.CATALOGUE for p in role.permissions} <= set(roles.PERMISSIONS)

    def test_no_company_approves_its_own_excuse(self):
        operators = [role for role in roles.CATALOGUE if role.kind == "operator"]
        assert all("compliance.approve_excuse" not in role.permissions for role in operators)


class TestPeople:
    def test_a_new_account_has_a_one_time_password_and_no_power(self, office, manager):
        user, password = actions.create_user(
            username=" Zhang.San ", name="张三", organisation=office, by=scope_for(manager), now=NOW
        )
        assert user.username == "zhang.san"
        assert user.password.startswith("argon2$argon2id$")
        assert user.check_password(password)
        assert user.must_change_password
        assert scope_for(user).grips == ()
        assert password not in json.dumps(said("user.created"))

    def test_a_user_name_is_taken_once(self, office, manager):
        with refused("accounts.username_taken"):
            actions.create_user(username="MANAGER", name="重名", organisation=office, by=SYSTEM, now=NOW)

    def test_an_unfit_user_name_is_refused(self, office):
        with refused("accounts.username_unfit"):
            actions.create_user(username="a b", name="空格", organisation=office, by=SYSTEM, now=NOW)

    def test_resetting_gives_a_new_password_and_ends_sessions(self, office, guizhou, manager):
        user = officer("target", "provincial_regulator", guizhou)
        actions.begin_session(user=user, key="k1", agent="", address=None, now=NOW)
        password = actions.reset_password(user=user, by=scope_for(manager), now=NOW)
        user.refresh_from_db()
        assert user.check_password(password) and not user.check_password(PASSWORD)
        assert LoginSession.objects.get(key="k1").ended_at == NOW

    def test_a_provincial_manager_cannot_take_over_a_national_account(self, office, manager):
        nation = get_place("000000000000")
        chief = officer("chief", "national_regulator", nation)
        chief.organisation = office
        chief.save()
        for act in (actions.reset_password, actions.resume_user):
            with refused("accounts.out_of_scope"):
                act(user=chief, by=scope_for(manager), now=NOW)

    def test_suspending_closes_the_account_at_once(self, guizhou, manager):
        user = officer("target", "provincial_regulator", guizhou)
        actions.suspend_user(user=user, ground="调离", by=scope_for(manager), now=NOW)
        user.refresh_from_db()
        assert scope_for(user) == Scope.public()
        assert said("user.suspended")[-1]["ground"] == "调离"
        actions.resume_user(user=user, by=scope_for(manager), now=NOW)
        user.refresh_from_db()
        assert scope_for(user).may("see")

    def test_nobody_resets_or_suspends_themselves(self, manager):
        by = scope_for(manager)
        with refused("accounts.own_post"):
            actions.reset_password(user=manager, by=by, now=NOW)
        with refused("accounts.own_post"):
            actions.suspend_user(user=manager, ground="误操作", by=by, now=NOW)

    def test_another_province_cannot(self, guizhou, yunnan):
        user = officer("target", "provincial_regulator", guizhou)
        stranger = scope_for(officer("stranger", "system_administrator", yunnan))
        with refused("accounts.out_of_scope"):
            actions.reset_password(user=user, by=stranger, now=NOW)

    @pytest.mark.parametrize(
        ("old", "new", "code"),
        [
            ("wrong", "another-good-one-9", "accounts.wrong_password"),
            (PASSWORD, "short", "accounts.password_unfit"),
            (PASSWORD, "password123", "accounts.password_unfit"),
            (PASSWORD, PASSWORD, "accounts.password_unfit"),
        ],
    )
    def test_an_unfit_change_of_password_is_refused(self, guizhou, old, new, code):
        user = officer("target", "provincial_regulator", guizhou)
        with refused(code):
            actions.change_password(user=user, old=old, new=new, by=scope_for(user), now=NOW)
        user.refresh_from_db()
        assert user.check_password(PASSWORD)


@pytest.fixture
def home(tmp_path, settings):
    settings.PUYOU_HOME = tmp_path
    settings.EXTERNAL_DATABASE = ""
    return tmp_path


class TestDemoAccounts:
    def _make(self, callbacks, **more):
        with callbacks(execute=True):
            return actions.create_demo_accounts(now=NOW, place_code="52", **more)

    def test_there_is_one_of_each_kind_with_the_scope_of_its_office(
        self, home, guizhou, django_capture_on_commit_callbacks
    ):
        made = self._make(django_capture_on_commit_callbacks)
        heads = [roles.PROVINCIAL, roles.COMPANY]  # who sign what others filled
        assert [account.role for account in made] == [role.name for role in [*roles.CATALOGUE, *heads]]
        scopes = {a.username: scope_for(User.objects.get(username=a.username)) for a in made}
        county = get_place("520121")
        assert scopes["national"].covers(guizhou.path)
        assert scopes["province52"].paths() == (guizhou.path,)
        assert scopes["city5201"].covers(county.path)
        assert scopes["company520121"].paths() == (county.path,)
        assert scopes["company520121"].operators(county.path) == {
            Organisation.objects.get(kind="operator", place=county).pk
        }
        assert scopes["courier520121"].paths() == ()
        assert all(not scopes[name].may("see") for name in ("system", "security", "audit"))
        assert len({account.password for account in made}) == len(made)

    def test_a_second_run_repeats_nothing_and_still_knows_the_passwords(
        self, home, guizhou, django_capture_on_commit_callbacks
    ):
        first = self._make(django_capture_on_commit_callbacks)
        counts = [m.objects.count() for m in (User, Organisation, Grant, Appointment)]
        assert self._make(django_capture_on_commit_callbacks) == first
        assert [m.objects.count() for m in (User, Organisation, Grant, Appointment)] == counts
        assert (home / "demo_accounts.json").stat().st_mode & 0o777 == 0o600

    def test_renewing_gives_new_passwords(self, home, guizhou, django_capture_on_commit_callbacks):
        first = self._make(django_capture_on_commit_callbacks)
        second = self._make(django_capture_on_commit_callbacks, renew=True)
        for old, new in zip(first, second, strict=True):
            user = User.objects.get(username=new.username)
            assert user.check_password(new.password) and not user.check_password(old.password)

    def test_a_changed_password_is_not_told(self, home, guizhou, django_capture_on_commit_callbacks):
        self._make(django_capture_on_commit_callbacks)
        user = User.objects.get(username="national")
        user.set_password(PASSWORD)
        user.save()
        assert self._make(django_capture_on_commit_callbacks)[0].password is None

    def test_a_county_may_be_named(self, home, guizhou, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            made = actions.create_demo_accounts(now=NOW, place_code="520526")
        assert {"province52", "city5205", "company520526"} <= {account.username for account in made}

    def test_it_is_refused_on_an_external_database(self, home, settings, guizhou):
        settings.EXTERNAL_DATABASE = "postgres://elsewhere/puyou"
        with refused("accounts.demo_refused"):
            actions.create_demo_accounts(now=NOW, place_code="52")
        assert not User.objects.exists()
