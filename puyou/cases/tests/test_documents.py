import hashlib

import pytest
from django.db import DatabaseError, transaction

from puyou.accounts.tests.offices import signed_in
from puyou.cases.models import CaseDocument, DocumentSequence
from puyou.cases.papers import issuing, typesetting
from puyou.cases.tests.cast import NOW, do, open_sample
from puyou.core import clock
from puyou.core.problems import Problem

pytestmark = pytest.mark.django_db
HOSTILE = '#panic("obeyed") #read("/etc/passwd") $x$ \\ ] } "\n= 标题\n*粗体* <b>'


def issue(case, who, kind="acceptance_notice", text="已受理。", to="某公司"):
    return issuing.issue_document(case_id=case.pk, kind=kind, to=to, text=text, actor=who, now=NOW)


def said(*lines):
    names = ("office", "number", "title", "to", "day", "case")
    return dict.fromkeys(names, "邮政管理局") | {"lines": list(lines)}


class TestTypesetting:
    def test_the_same_words_give_the_same_bytes_with_fonts_inside(self):
        first = typesetting.pdf_of(said("已受理。"), NOW)
        assert first == typesetting.pdf_of(said("已受理。"), NOW)
        assert first.startswith(b"%PDF-") and b"pdfaid" in first and b"NotoSansSC" in first
        assert b"/FontFile" in first

    def test_what_people_write_is_not_obeyed(self):
        assert typesetting.pdf_of(said(*HOSTILE.split("\n")), NOW).startswith(b"%PDF-")


class TestIssuing:
    def test_numbers_have_no_gap_even_after_a_failure(self, people, monkeypatch):
        case = open_sample(people)
        assert issue(case, people.officer).number.endswith("-1号")
        with monkeypatch.context() as patch:
            patch.setattr(issuing, "pdf_of", lambda said, now: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                issue(case, people.officer)
        assert issue(case, people.officer).number.endswith("-2号")
        assert issue(case, people.officer, kind="result_notice").order == 1
        assert DocumentSequence.objects.get(kind="acceptance_notice").last == 2

    def test_bytes_are_those_that_the_hash_names(self, people):
        made = issue(open_sample(people), people.officer, text=HOSTILE)
        held = CaseDocument.objects.get(pk=made.pk)
        assert hashlib.sha256(bytes(held.data)).hexdigest() == held.sha256 and len(held.sm3) == 64

    @pytest.mark.parametrize(
        "change", [lambda held: held.update(data=b"%PDF-other"), lambda held: held.delete()]
    )
    def test_what_was_issued_stays(self, people, change):
        issue(open_sample(people), people.officer)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change(CaseDocument.objects.all())
        assert CaseDocument.objects.count() == 1

    @pytest.mark.parametrize(
        "bad", [{"kind": "../x"}, {"text": " "}, {"text": "长" * 5001}, {"to": ""}, {"text": "\U0001f600"}]
    )
    def test_bad_input_is_refused_and_takes_no_number(self, people, bad):
        with pytest.raises(Problem):
            issue(open_sample(people), people.officer, **bad)
        assert not CaseDocument.objects.exists() and not DocumentSequence.objects.exists()

    def test_only_the_office_and_only_while_open(self, people):
        case = open_sample(people)
        do(case, "accept", people.officer)
        for who, code in ((people.company, "cases.not_yours"), (people.stranger, "cases.unknown_case")):
            with pytest.raises(Problem) as caught:
                issue(case, who)
            assert caught.value.code == code


class TestPages:
    def test_an_office_issues_and_the_company_reads(self, people):
        with clock.frozen(NOW):
            case = open_sample(people)
            do(case, "accept", people.officer)
            address = f"/cases/{case.pk}/"
            officer, company = signed_in(people.officer.user), signed_in(people.company.user)
            stranger = signed_in(people.stranger.user)
            form = {
                "kind": "rectification_order",
                "form": "application/pdf",
                "to": "某公司",
                "text": "限期整改。",
            }
            assert officer.get(f"{address}documents/new/").status_code == 200
            assert officer.post(f"{address}documents/new/", form | {"text": ""}).status_code == 422
            assert officer.post(f"{address}documents/new/", form).status_code == 302
            made = CaseDocument.objects.get()
            assert made.number in officer.get(address).content.decode()
            answer = company.get(f"{address}documents/{made.pk}/")
            assert answer.content == bytes(made.data)
            assert stranger.get(f"{address}documents/{made.pk}/").status_code == 404
            assert company.post(f"{address}documents/new/", form).status_code == 403
            other = open_sample(people)
            assert officer.get(f"/cases/{other.pk}/documents/{made.pk}/").status_code == 404
