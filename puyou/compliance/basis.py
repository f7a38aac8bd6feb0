"""What the stored judgement rests on, and which of its weeks still hold."""

import hashlib
from datetime import date, timedelta

from django.db import connection

from puyou.compliance.models import JudgedWeek, Judging
from puyou.compliance.rules import window_start
from puyou.core.periods import Week

DUTIES = """
SELECT count(*), max(id), sum(hashtextextended(
    concat_ws('|', id, place_id, area_class, times, period, valid_from, valid_to, timetable), 0)::numeric)
FROM registry_duty
"""
RULES = """
SELECT string_agg(
    concat_ws('|', v.id, v.area_class, v.place_id, v.value, v.valid_from, v.valid_to), ',' ORDER BY v.id)
FROM standards_ruleversion v JOIN standards_rule r ON r.id = v.rule_id
WHERE r.code IN ('part_week_rule', 'holiday_exemption')
"""
TREE = "SELECT stamp FROM places_treestamp WHERE id = 1"


def digest() -> str:
    """A digest of the duties, part-week rules and tree that any judgement now would rest on."""
    seen = hashlib.sha256()
    with connection.cursor() as cursor:
        for sql in (DUTIES, RULES, TREE):
            cursor.execute(sql)
            seen.update(repr(cursor.fetchone()).encode())
    return seen.hexdigest()


def last_digest() -> str:
    """The digest that the last judgement of everything (or of all that had changed) rested on."""
    kept = Judging.objects.exclude(basis="").order_by("-id").values_list("basis", flat=True).first()
    return kept or ""


def window(today: date) -> list[date]:
    """The Mondays whose roll-ups are kept, up to the running week."""
    first, last = window_start(today), Week.of(today).monday
    return [first + timedelta(weeks=i) for i in range((last - first).days // 7 + 1)]


def stale_weeks(today: date) -> list[date]:
    """Kept weeks that were never judged, or whose last judgement could not yet see all days before today."""
    seen = dict(JudgedWeek.objects.values_list("monday", "as_of"))
    return [
        monday
        for monday in window(today)
        if seen.get(monday, date.min) < min(today, monday + timedelta(days=7))
    ]


def mark(mondays: list[date], today: date) -> None:
    """Note that whole weeks have been judged as of today."""
    rows = [JudgedWeek(monday=monday, as_of=min(today, monday + timedelta(days=7))) for monday in mondays]
    JudgedWeek.objects.bulk_create(
        rows, update_conflicts=True, update_fields=["as_of"], unique_fields=["monday"]
    )
