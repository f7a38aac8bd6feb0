"""Publishing how a case ended: what is in it, what may not be, who may, and that everybody reads the same."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from puyou.accounts.scopes import Scope
from puyou.accounts.tests.offices import signed_in
from puyou.cases.models import Case, Publication
from puyou.cases.publicity import actions, rules
from puyou.cases.tests.cast import NOW, Cast, close_sample, do, open_sample
from puyou.core import clock
from puyou.core.problems import Problem


@pytest.fixture
def closed(people: Cast) -> Case:
    return close_sample(people)


def publish(
    case: Case, who: Any, title: str = "某村投递整改", summary: str = "已恢复每周三次投递。"
) -> Publication:
    return actions.publish_case(case_id=case.pk, title=title, summary=summary, actor=who, now=NOW)


class TestPublishing:
    def test_the_snapshot_holds_its_words_and_nobodys_name(self, people: Cast, closed: Case) -> None:
        made = publish(closed, people.officer)
        assert made.snapshot["outcome"] == "已核实整改" and made.snapshot["place_code"] == "520526000000"
        assert made.sha256 == actions.digest_of(made.snapshot)
        assert people.officer.user is not None and people.officer.user.name not in str(made.snapshot)

    def test_it_does_not_change_with_the_case(self, people: Cast, closed: Case) -> None:
        made = publish(closed, people.officer)
        do(closed, "reopen", people.officer)
        made.refresh_from_db()
        assert made.snapshot["outcome"] == "已核实整改"
        assert not actions.list_publications(Scope.public()).exists()  # what it says holds no more
        do(closed, "verify", people.officer, NOW + timedelta(days=1))
        assert not actions.list_publications(Scope.public()).exists()

    def test_the_database_keeps_it_as_it_was(self, people: Cast, closed: Case) -> None:
        publish(closed, people.officer)
        for change in ("UPDATE cases_publication SET title = 'x'", "DELETE FROM cases_publication"):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                connection.cursor().execute(change)

    def test_a_partys_name_is_refused(self, people: Cast, closed: Case) -> None:
        closed.parties.create(role="reporter", name="欧阳监督", valid_from=NOW.date())
        with pytest.raises(Problem, match="当事人姓名"):
            publish(closed, people.officer, summary="经欧阳监督反映，已恢复。")

    @pytest.mark.parametrize(
        ("words", "kind"),
        [
            ("联系13985012345", "电话号码"),
            ("联系 139-8501-2345", "电话号码"),
            ("联系１３９８５０１２３４５", "电话号码"),
            ("电话0857-8223344", "电话号码"),
            ("身份证52240119800101123X", "身份证号"),
            ("邮箱a.b@example.com", "邮箱"),
            ("卡号6222020000000000000", "银行卡号"),
        ],
    )
    def test_personal_numbers_are_refused(self, people: Cast, closed: Case, words: str, kind: str) -> None:
        assert kind in rules.personal_in(words)
        with pytest.raises(Problem, match=kind):
            publish(closed, people.officer, summary=words)

    @pytest.mark.parametrize(
        "words", ["2026年9月24日投3次", "反〔2026〕520526-12号", "共 12345 件", "520526001001"]
    )
    def test_ordinary_numbers_are_not(self, words: str) -> None:
        assert rules.personal_in(words) == []

    def test_only_closed_only_once_only_by_the_office(self, people: Cast, closed: Case) -> None:
        with pytest.raises(Problem, match="只有办结"):
            publish(open_sample(people), people.officer)
        for who, said in ((people.company, "不由您办理"), (people.stranger, "找不到这个案件")):
            with pytest.raises(Problem, match=said):
                publish(closed, who)
        with pytest.raises(Problem, match="1 至"):
            publish(closed, people.officer, summary=" ")
        publish(closed, people.officer)
        with pytest.raises(Problem, match="已经公开"):
            publish(closed, people.officer)

    def test_withdrawn_it_is_shown_no_more_and_may_be_published_anew(
        self, people: Cast, closed: Case
    ) -> None:
        made = publish(closed, people.officer)
        take = {
            "case_id": closed.pk,
            "publication_id": made.pk,
            "ground": "表述有误",
            "actor": people.officer,
            "now": NOW,
        }
        actions.withdraw_publication(**take)
        with pytest.raises(Problem, match="已经撤回"):
            actions.withdraw_publication(**take)
        assert not actions.list_publications(Scope.public()).exists() and Publication.objects.count() == 1
        assert publish(closed, people.officer).pk != made.pk


def test_the_pages_publish_and_take_back(people: Cast, closed: Case) -> None:
    with clock.frozen(NOW):
        officer, address = signed_in(people.officer.user), f"/cases/{closed.pk}/"
        form = {"title": "某村投递整改", "summary": "联系13985012345", "checked": "on"}
        refused = officer.post(f"{address}publications/new/", form)
        assert refused.status_code == 422 and "电话号码" in refused.content.decode()
        form["summary"] = "已恢复。"
        assert officer.post(f"{address}publications/new/", form | {"checked": ""}).status_code == 422
        assert officer.post(f"{address}publications/new/", form).status_code == 302
        made = Publication.objects.get()
        assert f"/portal/results/{made.pk}/" in officer.get(address).content.decode()
        assert signed_in(people.company.user).get(f"{address}publications/new/").status_code == 403
        withdraw = f"{address}publications/{made.pk}/withdraw/"
        assert officer.post(withdraw, {"ground": "表述有误"}).status_code == 302
        assert Client().get(f"/portal/results/{made.pk}/").status_code == 404
