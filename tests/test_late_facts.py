"""The whole way of a fact that came late: registry, visits, verdict."""

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from puyou.compliance import jobs as compliance
from puyou.config import wiring
from puyou.core import clock, sealing, work
from puyou.core.models import Event
from puyou.registry import actions as registry
from puyou.visits.tests import cast
from puyou.visits.tests.cast import NOW, Message

pytestmark = pytest.mark.django_db
NEAR = {"lon": 106.7, "lat": 26.6, "accuracy_m": 10}
AWAY = {"lon": 106.7, "lat": 26.6 + 6200 / 111_194.9, "accuracy_m": 10}


@pytest.fixture(autouse=True)
def wired() -> Any:
    before = (dict(work._listeners), list(work._rhythms))
    work.wire(wiring.LISTENERS, [])
    with clock.frozen(NOW):
        yield
    work.wire(*before)


def test_a_point_confirmed_later_changes_the_verdict_of_the_week_by_an_event() -> None:
    village = cast.villages(1)[0]
    courier, device = cast.courier()
    registry.fill_duties(
        place_ids=[village.pk], area_classes=["rural"], times=[3], periods=["week"],
        valid_from=[np.datetime64("2026-01-01")], valid_to=[np.datetime64("NaT")], by="user:1", now=NOW,
    )  # fmt: skip
    days: list[datetime] = [cast.noon(date(2026, 9, 28) + timedelta(days=i)) for i in (0, 2, 4)]
    positions = [NEAR, NEAR, AWAY]
    cast.send(
        *(
            Message(village, at, courier.pk, device.pk, where)
            for at, where in zip(days, positions, strict=True)
        )
    )
    compliance.bring_up_to_date()
    work.drain([sealing.seal_pending])
    before = Event.objects.filter(kind="verdict.changed").count()
    registry.confirm_village_point(
        place=village,
        lon=106.7,
        lat=26.6,
        source="实地核实",
        valid_from=date(2026, 1, 1),
        by="user:1",
        now=NOW,
    )
    work.drain([sealing.seal_pending])
    changed = [each.data for each in Event.objects.filter(kind="verdict.changed").order_by("id")[before:]]
    assert [(each["from"], each["to"], each["cause"], each["week"]) for each in changed] == [
        ("met", "missed", "review", "2026-W40")
    ]
    work.drain([sealing.seal_pending])
    assert Event.objects.filter(kind="verdict.changed").count() == before + 1
