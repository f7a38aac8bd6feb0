"""Case by case and on columns the same: measures, reasons and scores of any day."""

from dataclasses import fields
from math import nan
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from puyou.scrutiny import arrays, cases, measuring, rules, seeds
from puyou.scrutiny.arrays import FIXES, Evidence, Trail
from puyou.scrutiny.cases import Told
from puyou.scrutiny.rules import Limits

DAY = 20_700
MIDNIGHT = DAY * 86_400_000_000 - 8 * 3_600_000_000
LIMITS = Limits(
    rhythm_stops=2, fresh_stops=2, same_accuracy_visits=3, idle_visits=2, cluster_radius_m=400, meetings=2
)
LON = st.sampled_from([106.7, 106.7001, 106.7004, 106.703, 106.75, 107.123456, nan])
LAT = st.sampled_from([26.6, 26.6001, 26.604, 26.654321])
ACCURACY = st.sampled_from([5.0, 12.5, 300.0, nan])


@st.composite
def fixes(draw: Any) -> tuple[cases.Fix, ...]:
    count = draw(st.integers(0, FIXES))
    step = draw(st.sampled_from([0.0, 1e-6, 3e-5, 4e-3]))
    flat = draw(st.booleans())
    return tuple(
        (15.0 * (count - at), 106.7 + step * draw(st.integers(-2, 2)), 26.6 + step * draw(st.integers(-2, 2)),
         8.0 if flat else draw(ACCURACY))
        for at in range(count)
    )  # fmt: skip


@st.composite
def visit(draw: Any, number: int, past: bool = False) -> Told:
    lon, day = draw(LON), DAY - draw(st.integers(1, 3)) if past else DAY
    moment = MIDNIGHT + (day - DAY) * 86_400_000_000 + draw(st.integers(8 * 60, 18 * 60)) * 60_000_000
    pick = st.sampled_from
    return Told(
        id=number, day=day, moment=moment + draw(pick([0, 1_500_000])), courier=draw(st.integers(0, 3)),
        device=draw(st.integers(0, 3)), lon=lon, lat=draw(LAT) if lon == lon else nan, accuracy=draw(ACCURACY),
        label=draw(pick([1, 2, 3, 4, -9])), stop=draw(pick([0, 0, 0, 7])), wanted=draw(pick([True, True, True, False])),
        county=draw(st.integers(1, 2)), happened=moment, distance=draw(pick([nan, 0.4, 90.0, 500.0, 4_000.0])),
        source=draw(pick([0, 0, 0, 1, 2])), clock_wrong=draw(st.booleans()), shared_device=draw(st.booleans()),
        foreign_device=draw(st.booleans()), signature=draw(st.integers(0, 4)), chain=draw(st.integers(0, 4)),
        nonce=draw(pick([0, moment - 900_000_000, moment + 9_000_000_000, moment - 20 * 86_400_000_000])),
        fix_age=draw(pick([nan, 0.0, 5.0, 4000.0, -90.0])), session=draw(st.integers(0, 2)),
        monotonic=draw(pick([-1, 4_000, 3_600_000, 3_660_000])), wall_jump=draw(pick([nan, 0.2, -7200.0])),
        tag=draw(st.integers(0, 4)), tag_offered=draw(st.booleans()), photo_asked=draw(st.booleans()),
        photos=draw(st.integers(0, 2)), photo_copies=draw(pick([0, 0, 2])), photo_likes=draw(pick([0, 0, 1])),
        mock=draw(st.integers(-1, 1)), rooted=draw(st.integers(-1, 1)), approach=draw(fixes()),
    )  # fmt: skip


@st.composite
def days(draw: Any) -> tuple[list[Told], list[Told]]:
    count, before = draw(st.integers(1, 9)), draw(st.integers(0, 6))
    today = [draw(visit(number)) for number in range(1, count + 1)]
    return today, [draw(visit(100 + number, past=True)) for number in range(before)]


def identifier(number: int) -> bytes:
    return number.to_bytes(16, "big")


def trail(visits: list[Told]) -> dict[str, Any]:
    kinds = {"lon": float, "lat": float, "accuracy": float}
    names = [field for field in Trail.__dataclass_fields__ if field != "ids"]
    found: dict[str, Any] = {
        name: np.array([getattr(each, name) for each in visits], kinds.get(name, np.int64)) for name in names
    }
    joined = b"".join(identifier(each.id) for each in visits)
    return found | {"ids": np.frombuffer(joined, np.uint8).reshape(-1, 16)}


def evidence(today: list[Told], past: list[Told]) -> Evidence:
    columns = trail(today)
    for field in fields(Evidence):
        if field.name not in columns and field.name not in ("past", "approach"):
            values = [getattr(each, field.name) for each in today]
            kind = (
                bool if isinstance(values[0], bool) else float if isinstance(values[0], float) else np.int64
            )
            columns[field.name] = np.array(values, kind)
    approach = np.full((len(today), FIXES, 4), np.nan)
    for row, each in enumerate(today):
        for at, fix in enumerate(each.approach):
            approach[row, at] = fix
    return Evidence(**columns, approach=approach, past=Trail(**trail(past)))


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(days())
def test_columns_measure_and_score_as_cases_do(told):
    today, past = told
    columns = evidence(today, past)
    seen = measuring.measure(columns, LIMITS)
    wanted = [each for each in today if each.wanted]
    for row, each in enumerate(wanted):
        expected = cases.measure(each, today, past, LIMITS)
        for name in rules.MEASURES:
            if name != "bad_others":
                np.testing.assert_allclose(
                    float(seen[name][row]), float(getattr(expected, name)), rtol=1e-6, atol=1e-6, err_msg=name
                )
    if not wanted:
        return
    masks = arrays.weigh(seen, columns.only_wanted().who, LIMITS, seeds.WEIGHTS)
    scores = arrays.scores(masks, seen["source"], seeds.WEIGHTS, seeds.CAPS)
    expected_scores = cases.score_day(today, past, LIMITS, seeds.WEIGHTS, seeds.CAPS)
    for row, each in enumerate(wanted):
        score, mask = expected_scores[each.id]
        assert cases.names_of(int(masks[row])) == cases.names_of(mask)
        assert int(scores[row]) == score


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**49 - 1), st.integers(0, 4))
def test_risks_on_columns_are_those_of_cases(mask, source):
    mask &= sum(rules.MASK.values())
    risk = arrays.risks(np.array([mask]), seeds.WEIGHTS)
    assert risk[0] == rules.risk_of(mask, seeds.WEIGHTS)
    scores = arrays.scores(np.array([mask]), np.array([source]), seeds.WEIGHTS, seeds.CAPS)
    assert scores[0] == rules.score_of(mask, source, seeds.WEIGHTS, seeds.CAPS)
