"""Templates, drafts, letters to print, and the stamped copy scanned back."""

import io
from datetime import date, timedelta
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import DatabaseError, transaction

from puyou.accounts.tests.offices import signed_in
from puyou.cases.models import CaseDocument, DocumentDraft, DocumentScan, DocumentTemplate
from puyou.cases.papers import attaching, drafting, issuing, letters, scans, templating
from puyou.cases.papers.attaching import Upload
from puyou.cases.tests import sample
from puyou.cases.tests.cast import NOW, Cast, do, gather, open_sample, publish
from puyou.core import clock
from puyou.core.problems import Problem
from puyou.evidence import sniffing

HOSTILE = "{{ 7*7 }} {% raw %} <w:p/> & <b> ' \" {{ ''.__class__ }}"
PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU"
    b"\x00\x00\x00\nIDATx\x9cc`\x00\x00\x00\x02\x00\x01H\xaf\xa4q\x00\x00\x00\x00IEND\xaeB`\x82"
)


@pytest.fixture
def people(db: None) -> Any:
    held = sample.value()
    actions = [
        one | ({"documents": ["acceptance_notice"]} if one["code"] == "accept" else {})
        for one in held["actions"]
    ]
    publish(actions=actions)
    with clock.frozen(NOW):
        yield gather()


def body(data: bytes) -> str:
    with ZipFile(io.BytesIO(data)) as book:
        return book.read("word/document.xml").decode()


def said(**changes: Any) -> dict[str, Any]:
    return letters.SAMPLE | changes


def docx(*lines: str) -> io.BytesIO:
    from docx import Document  # noqa: PLC0415

    made, out = Document(), io.BytesIO()
    for line in lines:
        made.add_paragraph(line)
    made.save(out)
    return out


GOOD = ("{{ number }}{{ to }}{{ day }}", "{%p for line in lines %}", "{{ line }}", "{%p endfor %}")


class TestLetters:
    def test_the_layout_is_that_of_the_standard(self) -> None:
        from docx import Document  # noqa: PLC0415

        section = Document(io.BytesIO(letters.layout())).sections[0]
        margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
        assert [round(one.mm) for one in margins if one] == [37, 35, 28, 26]
        text = body(letters.render(letters.layout(), said()))
        assert 'w:eastAsia="仿宋_GB2312"' in text and "正文第一段。" in text and "{%" not in text

    def test_words_are_not_obeyed(self) -> None:
        text = body(letters.render(letters.layout(), said(to=HOSTILE, lines=[HOSTILE])))
        assert "{{ 7*7 }}" in text and "49" not in text and "&lt;w:p/&gt;" in text

    @pytest.mark.parametrize(
        ("file", "reason"),
        [
            (io.BytesIO(b"%PDF-1.7"), "docx"),
            (io.BytesIO(b"MZ"), "程序"),
            (docx("没有字段"), "须含"),
            (docx(*GOOD, "{{ secret }}"), "secret"),
            (docx(*GOOD, "{{ ''.__class__.__mro__ }}"), "模板有误"),
            (docx(*GOOD, "{{ cycler.__init__.__globals__.os.system('id') }}"), "模板有误"),
            (docx(*GOOD, "{% for x in %}"), "模板有误"),
        ],
    )
    def test_what_is_no_template_is_refused_with_its_reason(self, file: io.BytesIO, reason: str) -> None:
        with pytest.raises(Problem, match=reason):
            letters.refuse_unfit(file)

    def test_ties_to_the_outside_are_refused(self) -> None:
        made, out = docx(*GOOD), io.BytesIO()
        with ZipFile(made) as book, ZipFile(out, "w") as other:
            for name in book.namelist():
                data = book.read(name)
                if name == "word/_rels/document.xml.rels":
                    tie = b'<Relationship Id="rX" Type="t" Target="http://x/" TargetMode="External"/></Relationships>'
                    data = data.replace(b"</Relationships>", tie)
                other.writestr(name, data)
        with pytest.raises(Problem, match="指向外部"):
            letters.refuse_unfit(out)


class TestTemplates:
    def publish(self, text: str = "你反映的{事项}已受理。", **more: Any) -> DocumentTemplate:
        values = {
            "kind": "acceptance_notice",
            "docx": None,
            "valid_from": NOW.date(),
            "by": "user:1",
            "now": NOW,
        }
        return templating.publish_template(**(values | {"text": text} | more))

    def test_every_kind_ships_with_one_and_loading_again_adds_none(self, db: None) -> None:
        held = set(DocumentTemplate.objects.values_list("kind", flat=True))
        assert held == set(templating.KINDS) and templating.load_templates(by="x", now=NOW) == []

    def test_a_new_version_holds_from_its_day_and_the_old_one_stays(self, people: Cast) -> None:
        first = templating.template_of("acceptance_notice", NOW.date())
        later = self.publish(valid_from=NOW.date() + timedelta(days=1))
        assert templating.template_of("acceptance_notice", NOW.date()) == first
        assert templating.template_of("acceptance_notice", NOW.date() + timedelta(days=1)) == later
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            DocumentTemplate.objects.update(text="x")

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"text": ""}, "正文"),
            ({"text": "{密码}"}, "没有字段“密码”"),
            ({"kind": "x"}, "没有这种"),
            ({"valid_from": date(1999, 1, 1)}, "不能早于"),
        ],
    )
    def test_what_is_unsound_is_not_published(
        self, people: Cast, changes: dict[str, Any], reason: str
    ) -> None:
        with pytest.raises(Problem, match=reason):
            self.publish(**changes)


class TestDrafts:
    def draft(self, people: Cast) -> DocumentDraft:
        case = do(open_sample(people, "无人投递{案号}"), "accept", people.officer)
        return DocumentDraft.objects.get(case=case)

    def test_an_action_begins_it_in_the_words_of_its_template(self, people: Cast) -> None:
        made = self.draft(people)
        assert (made.kind, made.action, made.to) == ("acceptance_notice", "accept", "反映人")
        assert "你反映的无人投递{案号}，" in made.text and "2026年9月24日" in made.text

    def test_it_is_written_on_and_issued_as_it_stands(self, people: Cast) -> None:
        made = self.draft(people)
        keys = {"case_id": made.case_id, "draft_id": made.pk, "actor": people.officer, "now": NOW}
        later = NOW + timedelta(minutes=1)
        drafting.save_draft(**(keys | {"now": later}), to="张先生", text=HOSTILE, seen=made.changed_at)
        with pytest.raises(Problem, match="已被修改"):
            drafting.save_draft(**keys, to="李先生", text="x", seen=made.changed_at)
        paper = issuing.issue_draft(**keys, form=sniffing.DOCX)
        assert (paper.type, paper.draft, paper.template.version) == (sniffing.DOCX, made, 1)  # type: ignore[union-attr]
        text = body(bytes(paper.data))
        assert "张先生" in text and "{{ 7*7 }}" in text and paper.number in text
        calls: list[tuple[Any, dict[str, Any]]] = [
            (issuing.issue_draft, {}),
            (drafting.save_draft, {"to": "x", "text": "x", "seen": later}),
            (drafting.drop_draft, {"ground": "x"}),
        ]
        for again, more in calls:
            with pytest.raises(Problem, match="已制发"):
                again(**keys, **more)

    def test_dropped_it_takes_no_number(self, people: Cast) -> None:
        made = self.draft(people)
        drafting.drop_draft(
            case_id=made.case_id, draft_id=made.pk, ground="改为电话告知", actor=people.officer, now=NOW
        )
        made.refresh_from_db()
        assert (made.status, made.ground) == ("dropped", "改为电话告知") and not CaseDocument.objects.exists()

    def test_only_the_office_writes(self, people: Cast) -> None:
        made = self.draft(people)
        for who, reason in ((people.company, "不由您办理"), (people.stranger, "找不到这个案件")):
            with pytest.raises(Problem, match=reason):
                issuing.issue_draft(case_id=made.case_id, draft_id=made.pk, actor=who, now=NOW)

    def test_after_closing_the_result_is_told(self, people: Cast) -> None:
        made = self.draft(people)
        do(made.case, "reply", people.company, kind="fixed", text="已补投")
        do(made.case, "verify", people.officer)
        assert issuing.issue_draft(case_id=made.case_id, draft_id=made.pk, actor=people.officer, now=NOW).pk


class TestScans:
    def test_the_stamped_copy_is_tied_to_the_hash_once(self, people: Cast) -> None:
        case = open_sample(people)
        keys = {"case_id": case.pk, "actor": people.officer, "now": NOW}
        paper = issuing.issue_document(
            **keys, kind="result_notice", to="某人", text="已办结。", form=sniffing.DOCX
        )
        file = attaching.attach_file(**keys, upload=Upload("扫描.png", [PIXEL]))
        made = scans.tie_scan(**keys, document_id=paper.pk, attachment_id=file.pk)
        assert (made.document.sha256, made.attachment.sha256) == (paper.sha256, file.sha256)
        with pytest.raises(Problem, match="已经是"):
            scans.tie_scan(**keys, document_id=paper.pk, attachment_id=file.pk)
        other = open_sample(people)
        with pytest.raises(Problem, match="找不到这份文书"):
            scans.tie_scan(**(keys | {"case_id": other.pk}), document_id=paper.pk, attachment_id=file.pk)
        assert DocumentScan.objects.count() == 1


def test_the_pages_lead_from_draft_to_stamped_copy(people: Cast) -> None:
    case = do(open_sample(people), "accept", people.officer)
    draft, address = DocumentDraft.objects.get(), f"/cases/{case.pk}/"
    officer, company = signed_in(people.officer.user), signed_in(people.company.user)
    page = officer.get(address).content.decode()
    assert "拟稿" in page and f"{address}drafts/{draft.pk}/issue/" in page
    assert "拟稿" not in company.get(address).content.decode()
    seen = draft.changed_at.isoformat()
    edit = f"{address}drafts/{draft.pk}/"
    assert officer.post(edit, {"to": "", "text": "x", "seen": seen}).status_code == 422
    assert officer.post(edit, {"to": "某人", "text": "已受理。", "seen": seen}).status_code == 302
    stale = officer.post(edit, {"to": "某人", "text": "又改。", "seen": "2020-01-01T00:00:00+00:00"})
    assert stale.status_code == 409 and "又改。" in stale.content.decode()
    assert officer.post(f"{edit}issue/", {"form": sniffing.DOCX}).status_code == 302
    paper = CaseDocument.objects.get()
    answer = officer.get(f"{address}documents/{paper.pk}/")
    assert answer["Content-Type"] == sniffing.DOCX and answer.content == bytes(paper.data)
    assert company.get(f"{address}documents/{paper.pk}/").status_code == 404  # it is the reporter's
    assert officer.get("/cases/templates/").status_code == 200
    assert officer.get(f"/cases/templates/{paper.template_id}/").content.startswith(b"PK")
    assert officer.get("/cases/templates/acceptance_notice/new/").status_code == 403
