"""Whether what stands beside a case changed after it was archived: then the archive no longer tells all of it."""

from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery

from puyou.cases.models import (
    Attachment,
    Case,
    CaseArchive,
    CaseDocument,
    CaseLink,
    CaseNote,
    CaseTransfer,
    MaterialRecord,
    Recusal,
    Service,
)

# Rows of a case by the moments at which they change; its own events change its revision.
MOMENTS = (
    (CaseDocument, "case", ("at",)),
    (Attachment, "case", ("at", "withdrawn_at")),
    (MaterialRecord, "case", ("at",)),
    (CaseNote, "case", ("at", "withdrawn_at")),
    (CaseLink, "case", ("at", "ended_at")),
    (CaseTransfer, "case", ("at",)),
    (Recusal, "case", ("asked_at", "decided_at")),
    (Service, "document__case", ("at",)),
)


def marked(cases: QuerySet[Case]) -> QuerySet[Any]:
    """Cases with moment, revision and digest of their newest archive (None without), and whether it is ``stale``."""
    newest = CaseArchive.objects.filter(case=OuterRef("pk")).order_by("-pk")
    held = cases.annotate(
        archived_at=Subquery(newest.values("at")[:1]), archived_revision=Subquery(newest.values("revision")[:1]),
        archived=Subquery(newest.values("sha256")[:1]),
    )  # fmt: skip
    return held.annotate(stale=ExpressionWrapper(_changed_since_archived(), output_field=BooleanField()))


def _changed_since_archived() -> Q:
    changed = Q(archived_revision__lt=F("revision"))
    for model, case, moments in MOMENTS:
        for moment in moments:
            rows = model.objects.filter(**{case: OuterRef("pk"), f"{moment}__gt": OuterRef("archived_at")})
            changed |= Q(Exists(rows))
    return changed


def is_stale(case: Case) -> bool:
    """Whether a case has an archive that no longer tells all of it."""
    return bool(marked(Case.objects.filter(pk=case.pk)).values_list("stale", flat=True).get())
