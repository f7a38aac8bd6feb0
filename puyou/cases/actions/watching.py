"""Following a case, and having read a notice: a person's own marks, which no case hears of."""

from datetime import datetime

from puyou.accounts.models import User
from puyou.cases.models import Case, CaseNotice, Watch


def watch(*, case: Case, by: User, now: datetime) -> None:
    """Follow a case that the caller may see; repeating changes nothing."""
    Watch.objects.get_or_create(case=case, user=by, defaults={"since": now})


def stop_watching(*, case: Case, by: User) -> None:
    """No longer follow it."""
    Watch.objects.filter(case=case, user=by).delete()


def mark_read(*, by: User, now: datetime) -> int:
    """Everything told to the person so far was read; how many were new."""
    return CaseNotice.objects.filter(user=by, read_at=None).update(read_at=now)
