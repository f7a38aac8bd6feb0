import pytest
from django.test import Client

from puyou.accounts import actions as accounts
from puyou.accounts.models import User
from puyou.core import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> dict[str, Client]:
    """A signed-in client by the beginning of its demo account's name."""
    said = accounts.create_demo_accounts(now=clock.now(), place_code="520526000000")
    clients = {}
    for account in said:
        client = Client()
        client.force_login(
            User.objects.get(username=account.username), backend="django.contrib.auth.backends.ModelBackend"
        )
        clients[account.username.rstrip("0123456789")] = client
    return clients


class TestHome:
    def test_an_officer_goes_to_the_map(self, cast):
        assert cast["province"].get("/").headers["Location"] == "/atlas/"

    def test_a_courier_is_told_where_the_work_is_done(self, cast):
        answer = cast["courier"].get("/")
        assert answer.status_code == 200
        assert "到村打卡在手机上完成" in answer.content.decode()

    def test_an_administrator_sees_what_the_post_may_do(self, cast):
        page = cast["system"].get("/").content.decode()
        assert "管理机构与人员" in page and 'href="/system/"' in page

    def test_a_stranger_signs_in_first(self):
        assert Client().get("/").headers["Location"].startswith("/login/")


class TestSystem:
    def test_it_offers_only_doors_that_open(self, cast):
        page = cast["national"].get("/system/").content.decode()
        assert 'href="/system/integrity/"' in page
        assert 'href="/system/accounts/"' not in page

    @pytest.mark.parametrize("who", ["national", "province", "system", "security"])
    def test_every_door_it_offers_opens(self, cast, who):
        client = cast[who]
        page = client.get("/system/")
        for door in page.context["doors"]:
            assert client.get(door.address).status_code == 200, door

    def test_a_courier_may_not_look(self, cast):
        assert cast["courier"].get("/system/").status_code == 403
