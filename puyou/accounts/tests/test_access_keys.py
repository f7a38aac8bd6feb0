"""Keys for programs: issued by their owner, shown once, ended at once."""

from datetime import timedelta

import pytest
from django.test import Client

from puyou.accounts import actions
from puyou.accounts.actions.keys import MOST
from puyou.accounts.models import AccessKey
from puyou.accounts.scopes import scope_for
from puyou.accounts.tests.offices import officer
from puyou.core import clock
from puyou.core.models import Event
from puyou.core.problems import Problem
from puyou.places.queries import get_place

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def owner():
    return officer("key.owner", "provincial_regulator", get_place("52"))


@pytest.fixture
def client(owner):
    client = Client()
    client.force_login(owner, backend=BACKEND)
    return client


def issue(owner, name="统计系统", days=30, by=None):
    day = clock.today() + timedelta(days=days)
    return actions.issue_key(user=owner, name=name, valid_to=day, by=by or scope_for(owner), now=clock.now())


def test_only_a_hash_is_kept_and_the_log_does_not_hold_it(owner):
    text = issue(owner)
    assert text.encode() not in bytes(AccessKey.objects.get().digest)
    assert not Event.objects.filter(data__icontains=text).exists()
    assert Event.objects.get(kind="access_key.issued").data["name"] == "统计系统"


@pytest.mark.parametrize(("name", "days"), [("", 30), ("甲" * 41, 30), ("系统", 0), ("系统", 400)])
def test_it_has_a_purpose_and_a_term(owner, name, days):
    with pytest.raises(Problem):
        issue(owner, name, days)


def test_nobody_issues_or_ends_anothers(owner):
    other = officer("key.other", "national_regulator", get_place("0" * 12))
    with pytest.raises(Problem, match="管辖"):
        issue(owner, by=scope_for(other))
    issue(owner)
    with pytest.raises(Problem, match="管辖"):
        actions.end_key(key=AccessKey.objects.get(), by=scope_for(other), now=clock.now())


def test_so_many_and_no_more(owner):
    for number in range(MOST):
        issue(owner, f"系统{number}")
    with pytest.raises(Problem, match="请先停用"):
        issue(owner)


def test_the_last_use_is_noted(owner):
    text = issue(owner)
    assert actions.use_key(username="", text=text, now=clock.now()) == owner
    assert AccessKey.objects.get().used_at is not None


class TestPages:
    def test_a_key_is_shown_once(self, client):
        day = clock.today() + timedelta(days=30)
        page = client.post("/keys/new/", {"name": "省局统计系统", "valid_to": str(day)}).content.decode()
        assert "puyoukey_" in page and "不再显示" in page
        listed = client.get("/keys/").content.decode()
        assert "省局统计系统" in listed and "puyoukey_" not in listed and "在用" in listed

    def test_a_wrong_term_is_said_and_what_was_typed_stays(self, client):
        answer = client.post("/keys/new/", {"name": "省局统计系统", "valid_to": "2020-01-01"})
        page = answer.content.decode()
        assert answer.status_code == 422 and "不超过一年" in page and "省局统计系统" in page

    def test_ending_is_at_once(self, client, owner):
        text = issue(owner)
        client.post(f"/keys/{AccessKey.objects.get().pk}/end/")
        assert "已停用" in client.get("/keys/").content.decode()
        with pytest.raises(Problem):
            actions.use_key(username="", text=text, now=clock.now())

    def test_anothers_is_not_there(self, client):
        other = officer("key.other", "national_regulator", get_place("0" * 12))
        issue(other)
        assert client.post(f"/keys/{AccessKey.objects.get().pk}/end/").status_code == 404

    def test_without_any_it_says_so(self, client):
        assert "还没有接口密钥" in client.get("/keys/").content.decode()
