"""Writing down that a document was served, or that it failed."""

from datetime import date, datetime

from django.db import transaction

from puyou.cases import events, names, problems
from puyou.cases.models import Attachment, Case, CaseDocument, Service
from puyou.cases.names import Actor, Performing
from puyou.cases.papers.actions import REVIEWING, case_of, say
from puyou.cases.serving import rules
from puyou.core.periods import day_of
from puyou.standards import queries as standards

ANNOUNCEMENT_DAYS = "announcement_days"


@transaction.atomic
def note_service(
    *, case_id: int, document_id: int, how: str, to: str, on: date, served: bool, actor: Actor, now: datetime,
    number: str = "", witnesses: str = "", remark: str = "", proof_id: int | None = None,
) -> Service:  # fmt: skip
    """An attempt to serve a document of the case, with its proof; each attempt is a row of its own.

    Problems: no such case, document or file, not this person's to do, what ``rules.fault`` says.
    """
    case = case_of(case_id, actor, REVIEWING)
    document = case.documents.defer("data").filter(pk=document_id).first()
    if document is None:
        raise problems.UNKNOWN_DOCUMENT()
    proof = _proof(case, proof_id)
    said = rules.Attempt(
        how, served, on, number.strip(), witnesses.strip(), remark.strip(), proof is not None,
        day_of(document.at), day_of(now),
    )  # fmt: skip
    amiss = (
        rules.fault(said)
        if how in Service.How.values and 1 <= len(to.strip()) <= 100
        else "请写明方式和受送达人"
    )
    if amiss:
        raise problems.BAD_SERVICE(reason=amiss)
    days = int(standards.get_value(ANNOUNCEMENT_DAYS, on, place_path=case.place.path).number)
    made = Service.objects.create(
        document=document, how=how, to=to.strip(), on=on,
        effective_on=rules.effective_on(how, on, days) if served else None,
        result=Service.Result.SERVED if served else Service.Result.FAILED,
        number=said.number[:60], witnesses=said.witnesses[:200], remark=said.remark[:300],
        proof=proof, by=actor.user, at=now,
    )  # fmt: skip
    data = {"number": document.number, "how": how, "result": made.result, "on": str(on)}
    say(events.DOCUMENT_SERVED, case, actor, now, data)
    return made


def _proof(case: Case, proof_id: int | None) -> Attachment | None:
    if proof_id is None:
        return None
    found = case.attachments.filter(pk=proof_id, withdrawn_at=None).first()
    if found is None:
        raise problems.UNKNOWN_FILE()
    return found


def why_not_served(case: Case, on: date) -> str | None:
    """Why the newest document of a case does not count as served on a day; None when it does."""
    newest: CaseDocument | None = case.documents.defer("data").order_by("-pk").first()
    if newest is None:
        return "尚未制发文书"
    held = newest.services.filter(result=Service.Result.SERVED).order_by("effective_on").first()
    if held is None or held.effective_on is None:
        return f"{newest.number} 尚未送达"
    return None if held.effective_on <= on else f"{newest.number} 公告期未满，至 {held.effective_on} 视为送达"


@names.guard("served", "最近制发的文书已经送达")
def is_served(performing: Performing) -> str | None:
    return why_not_served(performing.case, day_of(performing.now))
