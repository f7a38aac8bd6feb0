import re

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from puyou.accounts import actions, queries
from puyou.accounts.models import Appointment, Grant, LoginSession, Organisation, Post, User
from puyou.accounts.scopes import scope_for
from puyou.accounts.tests.offices import NOW, PASSWORD, SYSTEM, TODAY, officer, signed_in
from puyou.accounts.views.decorators import officer_required
from puyou.core.models import Event
from puyou.core.problems import Problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(guizhou):
    return officer("li.si", "provincial_regulator", guizhou)


def sign_in(client, username="li.si", password=PASSWORD, **more):
    return client.post(
        "/login/" + more.pop("query", ""), {"username": username, "password": password}, **more
    )


class TestSignIn:
    def test_it_speaks_chinese_and_loads_nothing_from_outside(self):
        response = Client().get("/login/")
        page = response.content.decode()
        assert response.status_code == 200
        assert "用户名" in page and "密码" in page
        assert not re.search(r"https?://(?!www\.w3\.org)", page)

    def test_a_right_password_opens_a_session_and_goes_back(self, person):
        client = Client()
        response = sign_in(client, query="?next=/sessions/", HTTP_USER_AGENT="Firefox Windows")
        assert (response.status_code, response.url) == (302, "/sessions/")
        stay = LoginSession.objects.get(user=person)
        assert (stay.device, stay.address) == ("火狐浏览器 · Windows 电脑", "127.0.0.1")
        assert Event.objects.filter(kind="session.begun", actor=f"user:{person.pk}").exists()

    @pytest.mark.parametrize("typed", [" LI.SI ", "ｌｉ．ｓｉ"])
    def test_the_spelling_of_the_user_name_does_not_matter(self, person, typed):
        assert sign_in(Client(), typed).status_code == 302

    @pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
    def test_it_never_leads_elsewhere(self, person, elsewhere):
        response = sign_in(Client(), query=f"?next={elsewhere}")
        assert response.url == "/"

    @pytest.mark.parametrize(
        ("username", "password"),
        [("li.si", "wrong"), ("nobody", PASSWORD), ("", ""), ("x" * 5000, "y" * 5000), ("a\0b", "c\0d")],
    )
    def test_a_wrong_pair_is_refused_with_one_sentence_for_all(self, person, username, password):
        response = sign_in(Client(), username, password)
        assert response.status_code == 422
        assert not LoginSession.objects.exists()

    def test_unknown_and_suspended_people_hear_the_same(self, person):
        User.objects.filter(pk=person.pk).update(is_active=False)
        pages = [sign_in(Client(), name).content.decode() for name in ("li.si", "nobody")]
        assert all("用户名或密码不正确，或账号已停用" in page for page in pages)

    def test_a_session_key_known_beforehand_is_worth_nothing(self, person):
        client = Client()
        client.get("/login/")
        session = client.session
        session["planted"] = 1
        session.save()
        client.cookies["sessionid"] = session.session_key
        sign_in(client)
        assert client.cookies["sessionid"].value != session.session_key
        thief = Client()
        thief.cookies["sessionid"] = session.session_key
        assert thief.get("/sessions/").status_code == 302

    def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(self, person):
        client = Client()
        sign_in(client)
        cookie = client.cookies["sessionid"]
        assert cookie["httponly"] and cookie["samesite"] == "Lax"

    def test_it_needs_the_forms_own_token(self, person):
        assert sign_in(Client(enforce_csrf_checks=True)).status_code == 403


class TestLockOut:
    def _fail(self, client, times, username="li.si", **more):
        return [sign_in(client, username, "wrong", **more) for _ in range(times)][-1]

    def test_five_failures_lock_the_name_from_that_address_for_a_while(self, person):
        with time_machine.travel(NOW, tick=False) as traveller:
            client = Client()
            assert self._fail(client, 4).status_code == 422
            locked = self._fail(client, 1)
            assert locked.status_code == 429
            assert "15 分钟" in locked.content.decode()
            assert sign_in(client).status_code == 429
            traveller.shift(16 * 60)
            assert sign_in(client).status_code == 302

    def test_the_lock_is_said_once(self, person):
        self._fail(Client(), 8)
        assert Event.objects.filter(kind="sign_in.locked").count() == 1

    def test_other_addresses_and_other_names_stay_open(self, person, guizhou):
        officer("wang.wu", "city_regulator", guizhou.children.first())
        self._fail(Client(), 6)
        assert sign_in(Client(), "wang.wu").status_code == 302
        assert sign_in(Client(), REMOTE_ADDR="10.0.0.9").status_code == 302

    def test_spelling_the_name_differently_does_not_escape_it(self, person):
        for typed in ("li.si", "LI.SI", " li.si", "ｌｉ．ｓｉ", "Li.Si"):
            response = self._fail(Client(), 1, typed)
        assert response.status_code == 429

    def test_success_forgets_earlier_failures(self, person):
        client = Client()
        self._fail(client, 4)
        sign_in(client)
        assert self._fail(Client(), 4).status_code == 422


class TestSigningOut:
    def test_it_ends_the_session_for_good(self, person):
        client = Client()
        sign_in(client)
        key = client.cookies["sessionid"].value
        assert client.post("/logout/").url == "/login/"
        assert LoginSession.objects.get(key=key).ended_at == NOW
        client.cookies["sessionid"] = key
        assert client.get("/sessions/").status_code == 302

    def test_a_link_cannot_do_it(self, person):
        assert signed_in(person).get("/logout/").status_code == 405

    def test_it_does_no_harm_to_the_anonymous(self):
        assert Client().post("/logout/").status_code == 302


class TestPassword:
    GOOD = "willow-lantern-42"

    def _change(self, client, old=PASSWORD, new=GOOD, again=GOOD):
        return client.post("/password/", {"old": old, "new": new, "again": again})

    def test_this_session_goes_on_and_all_others_end(self, person):
        here, there = Client(), Client()
        sign_in(here)
        sign_in(there)
        assert self._change(here).status_code == 302
        assert here.get("/sessions/").status_code == 200
        assert there.get("/sessions/").status_code == 302
        assert LoginSession.objects.get(ended_at=None).key == here.cookies["sessionid"].value
        person.refresh_from_db()
        assert person.check_password(self.GOOD)

    def test_wrong_or_differing_input_changes_nothing(self, person):
        client = signed_in(person)
        assert "原密码不正确" in self._change(client, old="wrong").content.decode()
        assert "两次输入的新密码不一致" in self._change(client, again="other").content.decode()
        assert self._change(client, new="1", again="1").status_code == 422
        person.refresh_from_db()
        assert person.check_password(PASSWORD)

    def test_a_handed_out_password_must_be_replaced_first(self, person):
        User.objects.filter(pk=person.pk).update(must_change_password=True)
        client = signed_in(person)
        assert client.get("/sessions/").url == "/password/"
        assert "请先换成自己的密码" in client.get("/password/").content.decode()
        self._change(client)
        assert client.get("/sessions/").status_code == 200


class TestMySessions:
    def test_it_lists_ones_own_devices_and_marks_this_one(self, person, guizhou):
        other = officer("wang.wu", "city_regulator", guizhou.children.first())
        actions.begin_session(user=other, key="foreign", agent="iPhone Safari", address=None, now=NOW)
        client = Client()
        sign_in(client, HTTP_USER_AGENT="Firefox Windows")
        page = client.get("/sessions/").content.decode()
        assert "火狐浏览器" in page and "当前设备" in page
        assert "苹果手机" not in page

    def test_ending_one_shuts_that_device_out_at_once(self, person):
        here, there = Client(), Client()
        sign_in(here)
        sign_in(there)
        stay = LoginSession.objects.get(key=there.cookies["sessionid"].value)
        assert here.post(f"/sessions/{stay.pk}/end/").status_code == 302
        assert there.get("/sessions/").status_code == 302
        assert not Session.objects.filter(pk=stay.key).exists()
        assert here.get("/sessions/").status_code == 200

    def test_ending_all_others_leaves_this_one(self, person):
        here, there, third = Client(), Client(), Client()
        for client in (here, there, third):
            sign_in(client)
        here.post("/sessions/others/end/")
        assert [c.get("/sessions/").status_code for c in (here, there, third)] == [200, 302, 302]

    def test_nobody_ends_anothers(self, person, guizhou):
        other = officer("wang.wu", "city_regulator", guizhou.children.first())
        stay = actions.begin_session(user=other, key="foreign", agent="", address=None, now=NOW)
        assert signed_in(person).post(f"/sessions/{stay.pk}/end/").status_code == 404
        stay.refresh_from_db()
        assert stay.ended_at is None

    def test_the_last_contact_is_noted_every_few_minutes_only(self, person, django_assert_num_queries):
        client = Client()
        sign_in(client)
        client.get("/sessions/")
        LoginSession.objects.update(seen_at=TODAY.replace(day=1).isoformat() + "T00:00Z")
        client.get("/login/")
        assert LoginSession.objects.get().seen_at != NOW
        session = client.session
        session["seen"] = 0
        session.save()
        client.get("/login/")
        assert LoginSession.objects.get().seen_at == NOW


class TestOfficerRequired:
    @staticmethod
    @officer_required("visits.review", "registry.edit")
    def view(request):
        return HttpResponse(request.scope.name)

    def _ask(self, user, **more):
        request = RequestFactory().get("/some/page/?week=2026-W40", **more)
        request.user = user
        return self.view(request)

    def test_the_anonymous_are_sent_to_sign_in_and_come_back(self):
        response = self._ask(AnonymousUser())
        assert response.url == "/login/?next=/some/page/%3Fweek%3D2026-W40"
        part = self._ask(AnonymousUser(), HTTP_HX_REQUEST="true")
        assert (part.status_code, part["HX-Redirect"]) == (401, "/login/")

    def test_one_of_the_permissions_is_enough(self, person):
        assert self._ask(person).content.decode() == f"user:{person.pk}"

    def test_lacking_all_is_told_in_chinese(self, guizhou):
        courier = officer("courier", "courier", guizhou.children.first().children.first())
        with pytest.raises(Problem) as refusal:
            self._ask(courier)
        assert refusal.value.message == "您的岗位没有“审核到村投递或维护名录”权限"

    def test_the_page_of_a_refusal_is_a_403_in_chinese(self, person):
        response = signed_in(person).get("/system/accounts/")
        assert response.status_code == 403
        assert "权限" in response.content.decode()


@pytest.fixture
def manager(guizhou):
    return officer("manager", "system_administrator", guizhou, "赵管")


@pytest.fixture
def granter(guizhou):
    return officer("granter", "security_administrator", guizhou, "钱安")


class TestAdministration:
    def test_people_are_listed_with_posts_and_grants_by_a_constant_number_of_queries(
        self, person, manager, guizhou, django_assert_max_num_queries
    ):
        client = signed_in(manager)
        client.get("/system/accounts/")
        for number in range(5):
            officer(f"more{number}", "city_regulator", guizhou.children.first())
        with django_assert_max_num_queries(15):  # three of them only where this month's events begin
            page = client.get("/system/accounts/").content.decode()
        assert "省局监管员·贵州省" in page

    @pytest.mark.parametrize(("asked", "found"), [("李", True), ("LI.S", True), ("王", False)])
    def test_people_are_searched_by_name_and_user_name(self, person, manager, asked, found):
        page = signed_in(manager).get("/system/accounts/", {"text": asked}).content.decode()
        assert ("li.si" in page) == found

    def test_a_person_is_opened_appointed_and_granted_through_pages(self, manager, granter, guizhou):
        office = Organisation.objects.get(place=guizhou)
        client = signed_in(manager)
        handed = client.post(
            f"/system/accounts/organisations/{office.pk}/people/new/", {"username": "sun.liu", "name": "孙六"}
        )
        user = User.objects.get(username="sun.liu")
        password = re.search(r"<dd><code>([a-z0-9]{4}(?:-[a-z0-9]{4}){3})</code>", handed.content.decode())
        assert password and user.check_password(password[1])
        assert "no-store" in handed["Cache-Control"]
        client.post(f"/system/accounts/organisations/{office.pk}/posts/new/", {"title": "督查员"})
        post = Post.objects.get(title="督查员")
        client.post(
            f"/system/accounts/posts/{post.pk}/appointments/new/",
            {"username": "sun.liu", "valid_from": "2026-11-20"},
        )
        assert scope_for(user).grips == ()
        signed_in(granter).post(
            f"/system/accounts/posts/{post.pk}/grants/new/",
            {"role": "provincial_regulator", "place": "52", "valid_from": "2026-11-20"},
        )
        assert scope_for(user).covers(guizhou.path)
        grant = Grant.objects.get(post=post)
        signed_in(granter).post(f"/system/accounts/grants/{grant.pk}/end/", {"on": "2026-11-20"})
        assert scope_for(user).grips == ()
        row = Appointment.objects.get(user=user)
        client.post(f"/system/accounts/appointments/{row.pk}/end/", {"on": "2026-11-20"})
        row.refresh_from_db()
        assert row.valid_to == TODAY

    def test_a_refusal_stands_above_the_form(self, manager, guizhou):
        office = Organisation.objects.get(place=guizhou)
        response = signed_in(manager).post(
            f"/system/accounts/organisations/{office.pk}/people/new/", {"username": "manager", "name": "重名"}
        )
        assert response.status_code == 422
        assert "用户名“manager”已被使用" in response.content.decode()

    @pytest.mark.parametrize("place", ["999999", "abc", "", "5２", "\x00"])
    def test_an_unknown_place_is_a_sentence_at_its_field(self, granter, guizhou, place):
        post = granter.appointments.get().post
        response = signed_in(granter).post(
            f"/system/accounts/posts/{post.pk}/grants/new/",
            {"role": "provincial_regulator", "place": place, "valid_from": "2026-11-20"},
        )
        assert response.status_code == 422

    def test_suspending_and_resetting_through_pages_shuts_out_at_once(self, manager, person):
        client = Client()
        sign_in(client)
        address = f"/system/accounts/people/{person.pk}"
        signed_in(manager).post(f"{address}/suspension/", {"ground": "调离"})
        assert client.get("/sessions/").status_code == 302
        assert sign_in(Client()).status_code == 422
        signed_in(manager).post(f"{address}/resumption/")
        assert sign_in(Client()).status_code == 302
        signed_in(manager).post(f"{address}/password/")
        assert sign_in(Client()).status_code == 422

    def test_every_page_opens_for_whoever_looks_after_it(self, manager, granter, person):
        actions.begin_session(user=person, key="k1", agent="", address=None, now=NOW)
        row = person.appointments.get()
        pages = [
            reverse("account_people"),
            reverse("account_organisations"),
            reverse("account_person", args=[person.pk]),
            reverse("account_organisation", args=[person.organisation_id]),
            reverse("account_post", args=[row.post_id]),
            reverse("account_appointment_create", args=[row.post_id]),
            reverse("account_appointment_end", args=[row.pk]),
            reverse("all_sessions"),
            reverse("account_session", args=[LoginSession.objects.get(key="k1").pk]),
        ]
        client = signed_in(manager)
        assert [client.get(page).status_code for page in pages] == [200] * len(pages)
        grant = row.post.grants.get()
        pages = [
            reverse("account_grant_create", args=[row.post_id]),
            reverse("account_grant_end", args=[grant.pk]),
        ]
        client = signed_in(granter)
        assert [client.get(page).status_code for page in pages] == [200, 200]

    def test_another_province_cannot(self, person, yunnan):
        stranger = signed_in(officer("stranger", "system_administrator", yunnan))
        row = person.appointments.get()
        stay = actions.begin_session(user=person, key="k1", agent="", address=None, now=NOW)
        for name, pk in [
            ("account_person", person.pk),
            ("account_password_reset", person.pk),
            ("account_suspend", person.pk),
            ("account_organisation", person.organisation_id),
            ("account_person_create", person.organisation_id),
            ("account_post", row.post_id),
            ("account_appointment_create", row.post_id),
            ("account_appointment_end", row.pk),
            ("account_session", stay.pk),
        ]:
            for ask in (stranger.get, stranger.post):
                assert ask(reverse(name, args=[pk])).status_code == 404, name
        for name in ("account_people", "account_organisations", "all_sessions"):
            page = stranger.get(reverse(name)).content.decode()
            assert "li.si" not in page and "贵州" not in page

    def test_the_export_holds_what_the_page_holds(self, person, manager, yunnan):
        officer("stranger", "system_administrator", yunnan)
        response = signed_in(manager).get("/system/accounts/", {"format": "csv"})
        body = b"".join(response) if response.streaming else response.content
        text = body.decode("utf-8-sig")
        assert "li.si" in text and "stranger" not in text


class TestHeader:
    def test_the_offices_of_a_person_are_told_in_words(self, person, django_assert_num_queries):
        scope = scope_for(person)
        with django_assert_num_queries(1):
            offices = queries.list_offices(scope, person)
        assert [f"{office.label} {office.post}" for office in offices] == ["省局·贵州 值班员"]
        with pytest.raises(Problem):
            queries.list_offices(SYSTEM, person)

    def test_the_head_of_a_page_says_who_is_there(self, person):
        page = signed_in(person).get("/sessions/").content.decode()
        assert "省局·贵州 值班员" in page and "李四" in page
