"""Serving documents: what each way must tell, when it counts, and that it stays."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from puyou.accounts.tests.offices import signed_in
from puyou.cases.archive import record
from puyou.cases.models import Case, CaseDocument, Service
from puyou.cases.papers import issuing
from puyou.cases.serving import rules
from puyou.cases.serving.actions import note_service, why_not_served
from puyou.cases.tests.cast import NOW, Cast, do, open_sample
from puyou.core import clock
from puyou.core.problems import Problem

TODAY = NOW.date()
WHOLE: dict[str, Any] = {"how": "direct", "to": "某公司", "on": TODAY, "served": True, "remark": "当面签收"}


@pytest.fixture
def document(people: Cast) -> CaseDocument:
    case = do(open_sample(people), "accept", people.officer)
    return issuing.issue_document(
        case_id=case.pk,
        kind="rectification_order",
        to="某公司",
        text="限期整改。",
        actor=people.officer,
        now=NOW,
    )


def note(document: CaseDocument, who: Any, now: Any = NOW, **changes: Any) -> Service:
    return note_service(
        case_id=document.case_id, document_id=document.pk, actor=who, now=now, **(WHOLE | changes)
    )


class TestRules:
    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"how": "left"}, "见证人"),
            ({"how": "mail"}, "邮件号码"),
            ({"remark": ""}, "证明"),
            ({"served": False, "remark": ""}, "原因"),
            ({"on": TODAY + timedelta(days=1)}, "日期"),
            ({"on": TODAY - timedelta(days=1)}, "日期"),
            ({"how": "shouted"}, "方式"),
            ({"to": " "}, "受送达人"),
        ],
    )
    def test_each_way_must_tell_what_it_is_worth(
        self, people: Cast, document: CaseDocument, changes: dict[str, Any], said: str
    ) -> None:
        with pytest.raises(Problem, match=said):
            note(document, people.officer, **changes)
        assert not Service.objects.exists()

    @given(
        st.dates(date(2026, 1, 1), date(2027, 1, 1)), st.sampled_from(Service.How.values), st.integers(1, 90)
    )
    def test_only_an_announcement_waits(self, on: date, how: str, days: int) -> None:
        assert (rules.effective_on(how, on, days) - on).days == (days if how == "announced" else 0)


class TestServing:
    def test_it_counts_from_the_day_it_was_handed_over(self, people: Cast, document: CaseDocument) -> None:
        case = Case.objects.get(pk=document.case_id)
        assert why_not_served(case, TODAY) == f"{document.number} 尚未送达"
        note(document, people.officer, served=False, remark="查无此人", how="mail", number="EA123456789CN")
        assert "尚未送达" in str(why_not_served(case, TODAY))
        note(document, people.officer)
        assert why_not_served(case, TODAY) is None

    def test_an_announcement_counts_when_its_days_have_passed(
        self, people: Cast, document: CaseDocument
    ) -> None:
        made, case = note(document, people.officer, how="announced"), document.case
        assert made.effective_on == TODAY + timedelta(days=30)
        assert "公告期未满" in str(why_not_served(case, TODAY + timedelta(days=29)))
        assert why_not_served(case, TODAY + timedelta(days=30)) is None

    def test_only_the_office_and_only_its_own_documents(self, people: Cast, document: CaseDocument) -> None:
        for who, said in ((people.company, "不由您办理"), (people.stranger, "找不到这个案件")):
            with pytest.raises(Problem, match=said):
                note(document, who)
        other = open_sample(people)
        with pytest.raises(Problem, match="找不到这份文书"):
            note_service(case_id=other.pk, document_id=document.pk, actor=people.officer, now=NOW, **WHOLE)
        with pytest.raises(Problem, match="找不到这个附件"):
            note(document, people.officer, proof_id=999_999)

    def test_it_stays_and_stands_in_the_archive(self, people: Cast, document: CaseDocument) -> None:
        note(document, people.officer)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            Service.objects.update(remark="x")
        (kept,) = record.beside(document.case)["services"]
        assert (kept["document"], kept["how"], kept["result"]) == (document.number, "direct", "served")

    def test_the_page_writes_it_down(self, people: Cast, document: CaseDocument) -> None:
        with clock.frozen(NOW):
            officer, address = signed_in(people.officer.user), f"/cases/{document.case_id}/"
            page = f"{address}documents/{document.pk}/service/"
            assert officer.get(page).status_code == 200
            form = {"how": "left", "to": "某公司", "on": str(TODAY), "result": "served", "remark": "门卫拒签"}
            refused = officer.post(page, form)
            assert refused.status_code == 422 and "门卫拒签" in refused.content.decode()
            assert officer.post(page, form | {"witnesses": "社区王主任"}).status_code == 302
            assert "留置送达" in officer.get(address).content.decode()
            assert signed_in(people.company.user).get(page).status_code == 403
