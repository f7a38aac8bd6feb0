"""The stamped paper scanned back: a file of the case tied to the very document that was printed."""

from datetime import datetime

from django.db import IntegrityError, transaction

from puyou.cases import events, problems
from puyou.cases.models import DocumentScan
from puyou.cases.names import Actor
from puyou.cases.papers.actions import REVIEWING, case_of, say
from puyou.evidence import sniffing

FIT = frozenset({sniffing.PDF, sniffing.JPEG, sniffing.PNG, sniffing.OFD})


@transaction.atomic
def tie_scan(
    *, case_id: int, document_id: int, attachment_id: int, actor: Actor, now: datetime
) -> DocumentScan:
    """Say that an attachment is the stamped copy of a document; both by their hashes.

    Problems: no such case, document or file, not this person's to do, a file that is no scan, tied already.
    """
    case = case_of(case_id, actor, REVIEWING)
    document = case.documents.defer("data").filter(pk=document_id).first()
    if document is None:
        raise problems.UNKNOWN_DOCUMENT()
    attachment = case.attachments.filter(pk=attachment_id, withdrawn_at=None).first()
    if attachment is None:
        raise problems.UNKNOWN_FILE()
    if attachment.type not in FIT:
        raise problems.NO_SCAN()
    try:
        with transaction.atomic():
            made = DocumentScan.objects.create(
                document=document, attachment=attachment, by=actor.user, at=now
            )
    except IntegrityError as error:
        raise problems.SCAN_TIED() from error
    data = {"number": document.number, "document": document.sha256, "scan": attachment.sha256}
    say(events.SCAN_TIED, case, actor, now, data)
    return made
