"""What the front door says of a visit's payload, field by field."""

from typing import Any

import pytest

from puyou.core.problems import Problem
from puyou.visits import validators
from puyou.visits.tests import cast

pytestmark = pytest.mark.django_db
GOOD = {"lon": 106.7, "lat": 26.6, "accuracy_m": 12.5, "fixed_at": "2026-10-08T09:00:00+08:00"}


def check(**payload: Any) -> Problem | None:
    village = cast.villages(1)[0].code
    return validators.check_visit({"village": village} | payload)


def test_a_whole_payload_is_well() -> None:
    handed = {"letters": 3, "newspapers": 0}
    stop = "01920000-0000-7000-8000-0000000000aa"
    assert check(position=GOOD, stop=stop, point="JZ-1", handed=handed, nothing_today=False) is None
    assert check(position=None, stop=None, point=None, handed=None) is None


@pytest.mark.parametrize("payload, field, code", [
    ({"village": "529999999999"}, "village", "unknown_village"),
    ({"village": 520102001001}, "village", "bad_field"),
    ({"village": "52010200100"}, "village", "bad_field"),
    ({"village": "５２０１０２００１００１"}, "village", "bad_field"),
    ({"weather": "晴"}, "weather", "unknown_field"),
    ({"position": [106, 26]}, "position", "bad_field"),
    ({"position": {"lon": 106.7}}, "position.lat", "missing_field"),
    ({"position": GOOD | {"lon": "106.7"}}, "position.lon", "bad_field"),
    ({"position": GOOD | {"lat": True}}, "position.lat", "bad_field"),
    ({"position": GOOD | {"lat": 91}}, "position.lat", "bad_field"),
    ({"position": GOOD | {"height": 3}}, "position.height", "unknown_field"),
    ({"position": GOOD | {"accuracy_m": -1}}, "position.accuracy_m", "bad_field"),
    ({"position": {"lon": 0, "lat": 0.0}}, "position", "null_island"),
    ({"position": {"lon": -73.9, "lat": 40.7}}, "position", "outside_china"),
    ({"position": {"lon": 106.7, "lat": -26.6}}, "position", "outside_china"),
    ({"stop": "one"}, "stop", "bad_field"),
    ({"stop": "00000000-0000-0000-0000-000000000000"}, "stop", "bad_field"),
    ({"point": ""}, "point", "bad_field"),
    ({"handed": {"letters": -1}}, "handed.letters", "bad_field"),
    ({"handed": {"letters": 1.5}}, "handed.letters", "bad_field"),
    ({"handed": [1]}, "handed", "bad_field"),
    ({"nothing_today": "no"}, "nothing_today", "bad_field"),
])  # fmt: skip
def test_what_is_wrong_is_named(payload: dict[str, Any], field: str, code: str) -> None:
    problem = check(**payload)
    assert problem is not None and problem.code == f"visits.{code}" and problem.details["field"] == field
    assert field.split(".")[0] in problem.message


def test_a_payload_without_a_village_is_refused() -> None:
    problem = validators.check_visit({})
    assert problem is not None and problem.code == "visits.missing_field"


def test_each_payload_of_a_batch_is_answered_in_order() -> None:
    village = cast.villages(1)[0].code
    answers = validators.check_visits([{"village": village}, {}, {"village": "529999999999"}])
    assert [answer and answer.code for answer in answers] == [
        None,
        "visits.missing_field",
        "visits.unknown_village",
    ]
