"""Reports with known truth, settled through the real actions: the published rate is the truth.

``make proof`` runs it on the 1,633 reports of a year, 1,561 of them verified; ``make test`` on a tenth of them.
"""

import os
import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from puyou.accounts.scopes import Scope
from puyou.cases.actions import perform
from puyou.cases.feedback import actions, figures, measures, queries
from puyou.cases.feedback.models import Verification
from puyou.cases.feedback.tests.cast import ANSWER, LOOKED, World
from puyou.cases.models import Case
from puyou.compliance.tests import cast as villages
from puyou.core import clock

pytestmark = pytest.mark.django_db
WHOLE = os.environ.get("PUYOU_PROOF") == "whole"  # `make proof`: some minutes
ALL, VERIFIED, RATE = (1633, 1561, "95.6%") if WHOLE else (163, 156, "95.7%")
EXTRA = 50 if WHOLE else 5
UNVERIFIED = ("close_claimed", "refute", "give_up")
OPENED = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
YEAR = figures.Period(date(2026, 1, 1), date(2026, 12, 31))
SYSTEM = Scope.system("proof")


class Desk:
    """Everybody who acts on reports, each by the engine's own write path."""

    def __init__(self) -> None:
        self.world = World()
        self.places = villages.villages_of("520526", 40)
        self.categories = list(queries.list_categories(SYSTEM))
        self.random = random.Random(1633)
        self.truth: Counter[str] = Counter()

    def settle(self, outcome: str, at: datetime) -> None:
        """File a report and bring it to its known end."""
        filed = actions.file_report(
            client_id=UUID(int=self.random.getrandbits(128), version=4),
            source="supervisor",
            category=self.random.choice(self.categories),
            place=self.random.choice(self.places),
            text="模拟数据：投递员未到",
            now=at,
        )
        self.case = filed.report.case
        for action, who, data in self._way(outcome):
            at += timedelta(hours=self.random.randint(1, 30))
            self._do(action, who, at, data)
        if outcome == "verified":
            actions.confirm(report=filed.report, fixed=True, now=at + timedelta(hours=2), client_id=uuid4())
        self.truth[outcome] += 1

    def _way(self, outcome):
        officer, company = self.world.officer, self.world.company
        if outcome == "refer":
            return [("refer", officer, {"body": "县交通运输局", "ground": "不属邮政"})]
        ends = {
            "verified": ("verify", LOOKED),
            "close_claimed": ("close_claimed", {"ground": "未去现场"}),
            "refute": ("refute", {"method": "on_site", "text": "查看记录，不属实"}),
            "give_up": ("give_up", {"method": "call", "text": "联系不上"}),
        }
        last, data = ends[outcome]
        return [
            ("accept", officer, {}),
            ("dispatch", officer, {}),
            ("answer_fixed", company, ANSWER),
            (last, officer, data),
        ]

    def _do(self, action, who, at, data) -> None:
        self.case = perform(
            case_id=self.case.pk, action=action, actor=who, data=data, revision=self.case.revision, now=at
        )


def published() -> figures.Row:
    rows = queries.list_reports(SYSTEM)
    return figures.total(rows, YEAR, figures.asked_on(YEAR, clock.today()))


@pytest.fixture
def desk(monkeypatch):
    with clock.frozen(datetime(2026, 11, 20, 4, tzinfo=UTC)):
        yield Desk()


def test_the_published_rate_is_the_truth_and_closing_does_not_raise_it(desk):
    ends = ["verified"] * VERIFIED + [UNVERIFIED[at % 3] for at in range(ALL - VERIFIED)] + ["refer"] * 20
    desk.random.shuffle(ends)
    for at, end in enumerate(ends):
        desk.settle(end, OPENED + timedelta(hours=at % 4000))
    found = published()
    assert (found.verified, found.denominator) == (VERIFIED, ALL) == (desk.truth["verified"], ALL)
    assert f"{found.verified_rate:.1%}" == RATE
    assert (found.filed, found.settled, found.other_body) == (ALL + 20, ALL + 20, 20)
    for outcome, action in (
        ("claimed", "close_claimed"),
        ("refuted", "refute"),
        ("not_established", "give_up"),
    ):
        assert found.counts[outcome] == desk.truth[action]
    looked = set(Verification.objects.filter(result="fixed").values_list("report__case", flat=True))
    verified = set(Case.objects.filter(outcome="verified").values_list("pk", flat=True))
    assert len(verified) == VERIFIED and verified <= looked
    for _ in range(EXTRA):
        desk.settle("close_claimed", OPENED + timedelta(days=200))
    after = published()
    assert after.verified == VERIFIED and after.denominator == ALL + EXTRA
    assert after.verified_rate < found.verified_rate
    behind = measures.narrowed(
        queries.list_reports(SYSTEM),
        "verified",
        figures.asked_on(YEAR, clock.today()),
        YEAR.since,
        YEAR.until,
    )
    assert set(behind.values_list("case", flat=True)) == verified
    for by in figures.GROUPS:
        rows = figures.grouped(
            queries.list_reports(SYSTEM), YEAR, figures.asked_on(YEAR, clock.today()), by, None
        )
        assert sum(row.verified for row in rows) == VERIFIED, by
        assert sum(row.denominator for row in rows) == ALL + EXTRA, by
