"""Templates of documents: published by version, kept as bytes by hash, in force from a day on."""

import hashlib
from datetime import date, datetime
from typing import BinaryIO

from django.db import transaction

from puyou.cases import events, problems
from puyou.cases.models import DocumentTemplate
from puyou.cases.papers import letters
from puyou.cases.papers.kinds import FIELDS, KINDS, unknown_fields
from puyou.core import events as log

TEXT_LIMIT = 5000
ALWAYS = date(2000, 1, 1)


@transaction.atomic
def publish_template(
    *, kind: str, text: str, docx: BinaryIO | None, valid_from: date, by: str, now: datetime
) -> DocumentTemplate:
    """A new version of a kind's first words and layout (none: the layout in force stays).

    Problems: no such kind, no words or unknown fields, a layout that is no template, a day before the present one's.
    """
    if kind not in KINDS:
        raise problems.UNKNOWN_DOCUMENT_KIND()
    text = text.replace("\r\n", "\n").strip()
    if not 1 <= len(text) <= TEXT_LIMIT:
        raise problems.BAD_TEMPLATE(reason=f"正文应为 1 至 {TEXT_LIMIT} 个字")
    if unknown := unknown_fields(text):
        raise problems.BAD_TEMPLATE(reason=f"没有字段“{'、'.join(unknown)}”；可用：{'、'.join(FIELDS)}")
    newest = DocumentTemplate.objects.filter(kind=kind).order_by("-version").first()
    if newest is not None and valid_from < newest.valid_from:
        raise problems.BACKWARDS(on=valid_from, current=newest.valid_from)
    data = _layout(docx, newest)
    made = DocumentTemplate.objects.create(
        kind=kind, version=newest.version + 1 if newest else 1, text=text, data=data,
        sha256=hashlib.sha256(data).hexdigest(), valid_from=valid_from, by=by, at=now,
    )  # fmt: skip
    said = {"kind": kind, "version": made.version, "sha256": made.sha256, "from": str(valid_from)}
    log.append(events.TEMPLATE_PUBLISHED, subject=f"template:{kind}", actor=by, now=now, data=said)
    return made


def _layout(docx: BinaryIO | None, newest: DocumentTemplate | None) -> bytes:
    if docx is not None:
        letters.refuse_unfit(docx)
        docx.seek(0)
        return docx.read()
    return bytes(newest.data) if newest else letters.layout()


def template_of(kind: str, on: date) -> DocumentTemplate:
    """The template of a kind that is in force on a day; Problem when there is none."""
    found = DocumentTemplate.objects.filter(kind=kind, valid_from__lte=on).order_by("-version").first()
    if found is None:
        raise problems.UNKNOWN_DOCUMENT_KIND()
    return found


def load_templates(*, by: str, now: datetime) -> list[DocumentTemplate]:
    """The first version of every kind that has none; safe to repeat."""
    held = set(DocumentTemplate.objects.values_list("kind", flat=True))
    return [
        publish_template(kind=code, text=kind.text, docx=None, valid_from=ALWAYS, by=by, now=now)
        for code, kind in KINDS.items()
        if code not in held
    ]
