"""A county whose couriers come and go: each has a beat of six villages that nobody else serves."""

from itertools import count
from typing import Any

from puyou.compliance.tests import cast
from puyou.core import clock
from puyou.ingest import actions as ingest
from puyou.places.models import Place
from puyou.registry import actions as registry
from puyou.registry import queries as registry_queries
from puyou.registry.models import Courier, Device, Round, VillageTag

COUNTY = "520526"
BEAT = 6


class Town:
    """Of a beat, villages 0–2 share a point; 0–4 are on the round, 5 is not."""

    def __init__(self) -> None:
        self.county = cast.villages_of(COUNTY, 600)
        self.beats: dict[str, list[Place]] = {}
        self.numbers = count(0)
        self.first = cast.date(2026, 1, 1)

    @property
    def by(self) -> dict[str, Any]:
        return {"by": "system:tests", "now": clock.now()}

    def new_courier(self, villages: int = 5) -> Courier:
        """A courier with a beat of their own, the first villages of it on the round."""
        index = next(self.numbers)
        number, beat = f"T-{index}", self.county[index * BEAT : (index + 1) * BEAT]
        courier = registry.register_courier(number=number, name="马小军", valid_from=self.first, **self.by)
        round_ = registry.create_round(number=f"R-{number}", name=f"{number}线", **self.by)
        registry.assign_courier(round_=round_, courier=courier, valid_from=self.first, **self.by)
        point = registry.create_delivery_point(
            code=f"P-{number}", name="草海村邮站", kind="station", lon=104.2820, lat=26.8615, **self.by
        )
        for village in beat:
            cast.lay_duty(village)
        for village in beat[:3]:
            registry.serve_village_through_point(point=point, place=village, valid_from=self.first, **self.by)
        for village in beat[:villages]:
            registry.put_village_on_round(round_=round_, place=village, valid_from=self.first, **self.by)
        self.beats[number] = beat
        return courier

    def villages_of(self, courier: Courier) -> list[Place]:
        return self.beats[courier.number]

    def round_of(self, courier: Courier) -> Round:
        return Round.objects.get(number=f"R-{courier.number}")

    def code_for(self, courier: Courier) -> str:
        return ingest.issue_enrolment_code(courier=courier, **self.by)

    def tag_text(self, tag: VillageTag) -> str:
        return registry_queries.tag_text(tag)

    def device_of(self, courier: Courier) -> Device:
        return Device.objects.filter(bindings__courier=courier).latest("id")
