"""Issuing a document of a case: a number without gaps, the bytes and their hashes kept, never made again."""

from datetime import datetime
from typing import Any

from django.db import transaction

from puyou.cases import events, names, numbering, problems
from puyou.cases.models import Case
from puyou.cases.names import Actor
from puyou.cases.papers.actions import REVIEWING, open_case_of, say
from puyou.cases.papers.models import CaseDocument, DocumentSequence
from puyou.cases.papers.typesetting import pdf_of
from puyou.core import chaining, formats
from puyou.core.periods import day_of

TEXT_LIMIT = 5000
KINDS = {
    "rectification_order": "责令整改通知书",
    "rectification_opinion": "整改核实意见",
    "acceptance_notice": "受理告知书",
    "refusal_notice": "不予受理告知书",
    "result_notice": "办理结果告知书",
}
for _code, _name in KINDS.items():
    names.document(_code, _name)


@transaction.atomic
def issue_document(
    *, case_id: int, kind: str, to: str, text: str, actor: Actor, now: datetime
) -> CaseDocument:
    """Number a document, set it and keep its bytes; whole or not at all, so that no number is lost.

    Problems: no such case, not this person's to do, closed, no such kind, no recipient or text, no fonts.
    """
    case = open_case_of(case_id, actor, REVIEWING)
    if kind not in KINDS:
        raise problems.UNKNOWN_DOCUMENT_KIND()
    to, text = to.strip(), text.replace("\r\n", "\n").strip()
    if not 1 <= len(to) <= 100 or not 1 <= len(text) <= TEXT_LIMIT:
        raise problems.DOCUMENT_TEXT(limit=TEXT_LIMIT)
    year = day_of(now).year
    order = numbering.next_order(DocumentSequence, office=case.office, kind=kind, year=year)
    number = numbering.spelled(KINDS[kind], case.office, year, order)
    data = pdf_of(_said(case, kind, number, to, text, now), now)
    document = CaseDocument.objects.create(
        case=case, kind=kind, office=case.office, year=year, order=order, number=number, data=data,
        sha256=chaining.sha256(data).hex(), sm3=chaining.sm3(data).hex(), by=actor.user, at=now,
    )  # fmt: skip
    say(events.DOCUMENT_ISSUED, case, actor, now, {"number": number, "sha256": document.sha256})
    return document


def _said(case: Case, kind: str, number: str, to: str, text: str, now: datetime) -> dict[str, Any]:
    return {
        "office": case.office.name,
        "number": number,
        "title": KINDS[kind],
        "to": to,
        "lines": [line for line in text.split("\n") if line.strip()],
        "day": formats.day(now),
        "case": case.number,
    }
