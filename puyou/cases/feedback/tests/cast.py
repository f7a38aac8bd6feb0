"""People around a report for tests, and the short way through its procedure."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from puyou.accounts.models import Appointment, Grant
from puyou.accounts.tests.offices import neighbour, officer
from puyou.cases.feedback import actions, queries
from puyou.cases.feedback.actions import Filed
from puyou.cases.models import Case
from puyou.cases.names import Actor
from puyou.cases.tests.cast import actor, do
from puyou.compliance.tests import cast
from puyou.places.queries import get_place

NOW = datetime(2026, 9, 24, 2, 0, tzinfo=UTC)
SECRET_NAME, SECRET_PHONE = "欧阳监督", "13985012345"
ANSWER = {"cause": "staff", "measures": "已增派投递员，恢复每周三次"}
LOOKED = {"method": "on_site", "text": "到村查看，已恢复"}


class World:
    """An office in Guizhou, its company in a county, another province's office, a village."""

    def __init__(self) -> None:
        county = get_place("520526")
        self.village = cast.villages_of("520526", 1)[0]
        self.company_user = officer("report.company", "company_manager", county)
        self.officer_user = officer("report.officer", "provincial_regulator", get_place("52"))
        self.stranger_user = officer("report.stranger", "provincial_regulator", neighbour())
        Grant.objects.update(valid_from=date(2026, 1, 1))
        Appointment.objects.update(valid_from=date(2026, 1, 1))
        self.company, self.officer = actor(self.company_user), actor(self.officer_user)
        self.stranger: Actor = actor(self.stranger_user)

    def file(self, **more: Any) -> Filed:
        given: dict[str, Any] = {
            "client_id": uuid4(),
            "source": "public",
            "category": queries.get_category(self.officer.scope, "village_not_served"),
            "place": self.village,
            "text": f"三天没来投递。我是{SECRET_NAME}，电话{SECRET_PHONE}",
            "now": NOW,
            "reporter": SECRET_NAME,
            "contact": SECRET_PHONE,
        }
        return actions.file_report(**(given | more))

    def reach(self, state: str, **more: Any) -> Filed:
        """A report that stands in a state, by the shortest way."""
        filed = self.file(**more)
        for name, action, who, data in self.way():
            if Case.objects.get(pk=filed.report.case_id).state == state:
                break
            do(filed.report.case, action, who, NOW + timedelta(hours=1), **data)
            assert name
        return filed

    def way(self) -> list[tuple[str, str, Actor, dict[str, Any]]]:
        """Who does what on the straight way to a confirmation."""
        return [
            ("accepted", "accept", self.officer, {}),
            ("answering", "dispatch", self.officer, {}),
            ("verifying", "answer_fixed", self.company, ANSWER),
            ("confirming", "verify", self.officer, LOOKED),
        ]
