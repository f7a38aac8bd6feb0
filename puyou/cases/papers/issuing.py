"""Issuing a document of a case: a number without gaps, the bytes and their hashes kept, never made again."""

from datetime import datetime
from typing import Any

from django.db import transaction

from puyou.cases import events, numbering, problems
from puyou.cases.models import Case, CaseDocument, DocumentDraft, DocumentSequence, DocumentTemplate
from puyou.cases.names import Actor
from puyou.cases.papers import letters
from puyou.cases.papers.actions import REVIEWING, case_of, say
from puyou.cases.papers.drafting import checked, draft_of
from puyou.cases.papers.kinds import KINDS
from puyou.cases.papers.templating import template_of
from puyou.cases.papers.typesetting import pdf_of
from puyou.core import chaining, formats
from puyou.core.periods import day_of
from puyou.evidence import sniffing

FORMS = {sniffing.PDF: "正式版（PDF，存档）", sniffing.DOCX: "Word 稿（打印、盖章后扫描存档）"}


@transaction.atomic
def issue_document(
    *, case_id: int, kind: str, to: str, text: str, actor: Actor, now: datetime, form: str = sniffing.PDF
) -> CaseDocument:
    """Number a document, make it and keep its bytes; whole or not at all, so that no number is lost.

    ``form``: PDF/A, or a docx to print and stamp. Open or closed: what a case came to is told afterwards.
    Problems: no such case, not this person's to do, no such kind or form, no recipient or text, no fonts.
    """
    case = case_of(case_id, actor, REVIEWING)
    if kind not in KINDS or form not in FORMS:
        raise problems.UNKNOWN_DOCUMENT_KIND()
    to, text = checked(to, text)
    return _issue(case, template_of(kind, day_of(now)), to, text, form, actor, now)


@transaction.atomic
def issue_draft(
    *, case_id: int, draft_id: int, actor: Actor, now: datetime, form: str = sniffing.PDF
) -> CaseDocument:
    """Issue a draft as it is written, on its own template. Problems: as ``issue_document``; no draft any more."""
    case, draft = draft_of(case_id, draft_id, actor)
    if form not in FORMS:
        raise problems.UNKNOWN_DOCUMENT_KIND()
    to, text = checked(draft.to, draft.text)
    draft.status, draft.changed_at, draft.changed_by = DocumentDraft.Status.ISSUED, now, actor.user
    draft.save(update_fields=["status", "changed_at", "changed_by"])
    return _issue(case, draft.template, to, text, form, actor, now, draft)


def _issue(
    case: Case, template: DocumentTemplate, to: str, text: str, form: str, actor: Actor, now: datetime,
    draft: DocumentDraft | None = None,
) -> CaseDocument:  # fmt: skip
    kind, year = template.kind, day_of(now).year
    order = numbering.next_order(DocumentSequence, office=case.office, kind=kind, year=year)
    number = numbering.spelled(KINDS[kind].name, case.office, year, order)
    said = _said(case, kind, number, to, text, now)
    data = pdf_of(said, now) if form == sniffing.PDF else letters.render(bytes(template.data), said)
    document = CaseDocument.objects.create(
        case=case, kind=kind, office=case.office, year=year, order=order, number=number, type=form,
        template=template, draft=draft, data=data, sha256=chaining.sha256(data).hex(),
        sm3=chaining.sm3(data).hex(), by=actor.user, at=now,
    )  # fmt: skip
    say(events.DOCUMENT_ISSUED, case, actor, now, {"number": number, "sha256": document.sha256})
    return document


def _said(case: Case, kind: str, number: str, to: str, text: str, now: datetime) -> dict[str, Any]:
    return {
        "office": case.office.name,
        "number": number,
        "title": KINDS[kind].name,
        "to": to,
        "lines": [line for line in text.split("\n") if line.strip()],
        "day": formats.day(now),
        "case": case.number,
    }
