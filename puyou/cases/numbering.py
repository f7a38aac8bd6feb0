"""Numbers of cases and documents: one after another for each office and year, without gaps."""

from typing import Any

from puyou.accounts.models import Organisation
from puyou.cases.models import CaseSequence, DocumentSequence


def next_order(sequences: type[CaseSequence] | type[DocumentSequence], **key: Any) -> int:
    """The next number of a sequence; the caller's transaction holds it, so that a failure gives it back."""
    sequences.objects.get_or_create(**key)
    held = sequences.objects.select_for_update().get(**key)
    held.last += 1
    held.save(update_fields=["last"])
    return held.last


def spelled(prefix: str, office: Organisation, year: int, order: int) -> str:
    """``贵普举〔2026〕12号``-like; until an office has a word of its own, its place's code stands for it."""
    return f"{prefix}〔{year}〕{office.place.code[:6]}-{order}号"
