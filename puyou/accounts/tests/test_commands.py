import json

import pytest
from django.core.management import call_command

from puyou.accounts.models import User
from puyou.accounts.scopes import scope_for

pytestmark = pytest.mark.django_db


def run(capsys, *arguments):
    call_command(*arguments)
    return capsys.readouterr().out


def create(capsys, **changes):
    options = {"username": "sun.liu", "name": "孙六", "role": "provincial_regulator", "place": "52"} | changes
    arguments = [f"--{key}={value}" for key, value in options.items()]
    return json.loads(run(capsys, "create_account", "--json", *arguments))


class TestCreateAccount:
    def test_it_prints_a_one_time_password_for_a_working_account(self, guizhou, capsys):
        told = create(capsys)
        user = User.objects.get(username="sun.liu")
        assert user.check_password(told["password"]) and user.must_change_password
        assert scope_for(user).covers(guizhou.path)

    def test_two_people_share_an_office(self, guizhou, capsys):
        create(capsys)
        create(capsys, username="zhou.qi", name="周七")
        assert User.objects.values("organisation").distinct().count() == 1

    def test_it_uses_the_organisation_that_is_named(self, office, capsys):
        create(capsys, organisation=office.name)
        assert User.objects.get(username="sun.liu").organisation == office

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"role": "king"}, "没有编号为“king”的角色"),
            ({"place": "99"}, "99"),
            ({"place": "5201"}, "角色“省局监管员”只能用于省级，“贵阳市”不是"),
            ({"username": "a b"}, "用户名须为"),
            ({"organisation": "子虚局"}, "没有名为“子虚局”的机构"),
        ],
    )
    def test_wrong_use_ends_with_2_a_sentence_and_nothing_half_written(
        self, guizhou, capsys, changes, sentence
    ):
        with pytest.raises(SystemExit) as end:
            create(capsys, **changes)
        assert end.value.code == 2
        assert sentence in capsys.readouterr().err
        assert not User.objects.exists()


class TestDemoAccounts:
    @pytest.fixture(autouse=True)
    def _home(self, tmp_path, settings):
        settings.PUYOU_HOME, settings.EXTERNAL_DATABASE = tmp_path, ""

    def test_it_prints_the_same_again(self, guizhou, capsys, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            first = json.loads(run(capsys, "demo_accounts", "--json"))
        assert json.loads(run(capsys, "demo_accounts", "--json")) == first
        assert first["accounts"][0]["password"] in run(capsys, "demo_accounts")

    def test_it_is_refused_on_an_external_database(self, guizhou, settings, capsys):
        settings.EXTERNAL_DATABASE = "postgres://elsewhere/puyou"
        with pytest.raises(SystemExit) as end:
            run(capsys, "demo_accounts")
        assert end.value.code == 2
        assert "外部数据库" in capsys.readouterr().err
