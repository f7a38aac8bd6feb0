"""The cast of this room's tests: a settled week of visits, some of them scored, and a draw from them."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection

from puyou.accounts.models import User
from puyou.accounts.scopes import Scope, scope_for
from puyou.audits import actions
from puyou.audits.models import AuditDraw, AuditItem
from puyou.core import partitions
from puyou.places import queries as places
from puyou.visits import actions as visits
from puyou.visits.models import Visit
from puyou.visits.tests import cast
from puyou.visits.tests.cast import NOW, Message

SYSTEM = Scope.system("tests")
FIRST, LAST = date(2026, 9, 7), date(2026, 9, 13)
SCORE = """
INSERT INTO scrutiny_score (visit_id, day, place_id, score, reasons, rule_version, at) VALUES (%s, %s, %s, %s, 0, 1, %s)
"""


def settled_week(count: int = 40, risky: int = 10, county: str = "520102") -> list[Visit]:
    """Visits of a week that is over and settled, the first ``risky`` with a low score."""
    at = datetime(2026, 9, 8, 2, tzinfo=UTC)
    ids = cast.send(
        *(Message(one, at, 0, 0) for one in cast.villages(count, county)), received=at + timedelta(hours=1)
    )
    visits.take_in_pending(now=NOW)
    rows = list(Visit.objects.filter(pk__in=ids).order_by("pk"))
    partitions.ensure_months("scrutiny_score", [at.date()])
    with connection.cursor() as cursor:
        for row, visit in enumerate(rows):
            cursor.execute(SCORE, [visit.pk, visit.day, visit.place_id, 10 if row < risky else 95, NOW])
    return rows


def frozen_draw(size: int = 20, code: str = "52", **how: Any) -> AuditDraw:
    wanted = {
        "place": places.get_place(code),
        "first": FIRST,
        "last": LAST,
        "size": size,
        "scope": SYSTEM,
        "now": NOW,
    }
    return actions.freeze_frame(**(wanted | how))


def drawn(size: int = 20, seed: str = "20260911", **how: Any) -> AuditDraw:
    return actions.draw_items(draw=frozen_draw(size, **how), seed=seed, scope=SYSTEM, now=NOW)


def officer(name: str, code: str = "52", *permissions: str) -> User:
    return cast.officer(name, places.get_place(code), *(permissions or ("audits.record", "audits.draw")))


def record(item: AuditItem, outcome: str, by: User, **how: Any) -> Any:
    wanted = {"method": "telephone", "checked_on": date(2026, 10, 1), "note": "村支书说", "now": NOW}
    return actions.record_result(item=item, outcome=outcome, scope=scope_for(by), by=by, **(wanted | how))


def written(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(["抽核件编号,结果,方式,核查日期,情况", *rows]), encoding="utf-8")
    return path
