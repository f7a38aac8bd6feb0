"""Tables of cases an officer can read, and the promise that columns and cases agree in whatever order visits arrive."""

import uuid
from math import nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puyou.visits import rules, screening
from puyou.visits.rules import MASK, Limits, Seen

LIMITS = Limits(
    too_far_m=(5000, 5000, 5000, 30000),
    implausible_speed_kmh=120,
    one_spot_radius_m=50,
    one_spot_villages=3,
    coarse_accuracy_m=200,
    stale_hours=72,
    skew_seconds=300,
)
MINUTE = 60_000_000
DAY = 20_730
MORNING = DAY * 86_400_000_000


def seen(number: int, minute: float = 0, **changes: object) -> Seen:
    values: dict[str, object] = {
        "id": number, "place": number, "day": DAY, "happened": MORNING + int(minute * MINUTE),
        "courier": 1, "device": 1,
        "lon": 106.7 + number / 10, "lat": 26.6, "accuracy": 10.0, "label": number, "stop": 0, "skew": 0.0,
    }  # fmt: skip
    values |= changes
    return Seen(**values)  # type: ignore[arg-type]


def columns(visits: list[Seen]) -> screening.Columns:
    ids = b"".join(uuid.UUID(int=visit.id).bytes for visit in visits)
    data = {name: np.array([getattr(visit, name) for visit in visits]) for name in Seen.__dataclass_fields__}
    data["ids"] = np.frombuffer(ids, np.uint8).reshape(-1, 16)
    del data["id"]
    floats = {"lon", "lat", "accuracy", "skew"}
    return screening.Columns(
        **{
            name: values if name == "ids" else values.astype(float if name in floats else np.int64)
            for name, values in data.items()
        }
    )


def found(visits: list[Seen], number: int) -> set[str]:
    return {finding.code for finding in rules.describe(rules.judge_days(visits, LIMITS)[number])}


def test_two_villages_an_hour_apart_raise_nothing() -> None:
    assert found([seen(1), seen(2, 60)], 2) == set()


def test_ten_kilometres_in_a_minute_is_implausible_for_the_later_visit_only() -> None:
    visits = [seen(1), seen(2, 1)]
    assert found(visits, 2) == {"implausible_speed"} and found(visits, 1) == set()


def test_a_wide_error_circle_excuses_the_speed() -> None:
    assert found([seen(1, accuracy=6000.0), seen(2, 1, accuracy=6000.0)], 2) == set()


@pytest.mark.parametrize("villages, expected", [(2, False), (3, True)])
def test_three_villages_from_one_spot_are_too_many(villages: int, expected: bool) -> None:
    visits = [seen(i, i * 30, lon=106.7 + i * 1e-5) for i in range(1, villages + 1)]
    assert all(("many_from_one_spot" in found(visits, i)) is expected for i in range(1, villages + 1))


def test_villages_of_one_delivery_point_may_share_a_spot() -> None:
    assert found([seen(i, i * 30, lon=106.7, label=-7) for i in (1, 2, 3)], 3) == set()


def test_one_stop_may_serve_several_villages() -> None:
    assert found([seen(i, i, lon=106.7, stop=99) for i in (1, 2, 3)], 3) == set()


def test_the_same_position_to_the_last_digit_for_two_villages_is_a_copy() -> None:
    assert found([seen(1, lon=106.7), seen(2, 60, lon=106.7)], 1) == {"copied_position"}


def test_the_later_visit_of_a_village_is_the_second_of_the_day() -> None:
    visits = [seen(1, place=5), seen(2, 90, place=5)]
    assert found(visits, 1) == set() and found(visits, 2) == {"second_of_day"}


def test_equal_times_are_ordered_by_id() -> None:
    visits = [seen(2, place=5, lon=106.7), seen(1, place=5, lon=106.7, label=2)]
    assert found(visits, 2) == {"second_of_day"}


def test_the_middle_skew_of_a_device_day_speaks_for_all_its_visits() -> None:
    visits = [seen(1, 0, skew=900.0), seen(2, 60, skew=900.0), seen(3, 120, skew=0.0)]
    assert all("clock_skew" in found(visits, i) for i in (1, 2, 3))


def test_one_phone_in_two_hands_is_told() -> None:
    assert found([seen(1), seen(2, 60, courier=2)], 1) == {"shared_device"}


@pytest.mark.parametrize(
    "distance, accuracy, area, expected",
    [
        (5010, 10, 2, False),
        (5011, 10, 2, True),
        (5001, nan, 2, True),
        (30010, 10, 3, False),
        (30011, 10, 3, True),
    ],
)
def test_too_far_is_judged_from_the_near_edge_of_the_circle(
    distance: float, accuracy: float, area: int, expected: bool
) -> None:
    assert rules.is_too_far(distance, accuracy, area, LIMITS) is expected


@pytest.mark.parametrize("finding", rules.FINDINGS)
def test_what_stops_and_rejection_keep_a_visit_from_counting(finding: rules.Finding) -> None:
    stops = {"too_far", "withdrawn", "nothing_not_counted"}
    assert rules.is_counting(finding.mask, rejected=False) is (finding.code not in stops)
    assert not rules.is_counting(finding.mask, rejected=True)


def test_findings_have_their_own_bits_and_sentences() -> None:
    assert len({finding.bit for finding in rules.FINDINGS}) == len(rules.FINDINGS)
    assert all(finding.sentence and finding.severity in rules.SEVERITIES for finding in rules.FINDINGS)


def alone(visits: list[Seen], limits: Limits = LIMITS, **changes: object) -> np.ndarray:
    n = len(visits)
    no, yes = np.zeros(n, bool), np.ones(n, bool)
    around: dict[str, object] = {
        "received": None, "distance": np.full(n, nan), "firm": yes, "area_class": np.full(n, 2), "known_courier": yes,
        "known_device": yes, "device_of_another": no, "off_round": no,
    }  # fmt: skip
    circumstances = screening.Circumstances(**(around | changes))  # type: ignore[arg-type]
    return screening.judge_alone(columns(visits), circumstances, limits)


@pytest.mark.parametrize(
    "visit, around, expected",
    [
        (seen(1), {}, set()),
        (seen(1, lon=nan, lat=nan), {}, {"no_position"}),
        (seen(1, accuracy=201.0), {}, {"coarse_position"}),
        (seen(1, day=0, happened=3_600_000_000), {}, {"clock_1970"}),
        (seen(1), {"received": np.array([MORNING + 73 * 60 * MINUTE])}, {"stale"}),
        (seen(1), {"distance": np.array([5011.0])}, {"too_far"}),
        (seen(1), {"distance": np.array([5011.0]), "firm": np.array([False])}, {"far_from_reference"}),
        (seen(1), {"distance": np.array([5011.0]), "area_class": np.array([3])}, set()),
        (seen(1), {"known_courier": np.array([False])}, {"unknown_courier"}),
        (seen(1), {"known_device": np.array([False])}, {"unknown_device"}),
        (seen(1), {"device_of_another": np.array([True])}, {"device_of_another"}),
        (seen(1), {"off_round": np.array([True])}, {"off_round"}),
    ],
)
def test_a_visit_alone(visit: Seen, around: dict[str, object], expected: set[str]) -> None:
    mask = int(alone([visit], **around)[0])
    assert {finding.code for finding in rules.describe(mask)} == expected


NOTHING = Limits(**(LIMITS.__dict__ | {"nothing_today_counts": False}))
YES, NO = np.array([True]), np.array([False])


@pytest.mark.parametrize("around, limits, expected", [
    ({"withdrawn": YES}, LIMITS, {"withdrawn"}),
    ({"withdrawn": NO}, LIMITS, set()),
    ({"nothing_today": YES}, LIMITS, set()),
    ({"nothing_today": YES}, NOTHING, {"nothing_not_counted"}),
    ({"nothing_today": NO}, NOTHING, set()),
    ({"nothing_today": YES, "withdrawn": YES}, NOTHING, {"nothing_not_counted", "withdrawn"}),
])  # fmt: skip
def test_what_was_taken_back_or_said_nothing(
    around: dict[str, object], limits: Limits, expected: set[str]
) -> None:
    mask = int(alone([seen(1)], limits, **around)[0])
    assert {finding.code for finding in rules.describe(mask)} == expected
    assert rules.is_counting(mask, rejected=False) is (not expected)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=8), st.booleans())
def test_columns_and_cases_agree_about_visits_alone(said: list[tuple[bool, bool]], counts: bool) -> None:
    limits = Limits(**(LIMITS.__dict__ | {"nothing_today_counts": counts}))
    nothing, withdrawn = (np.array(column) for column in zip(*said, strict=True))
    masks = alone([seen(i) for i in range(len(said))], limits, nothing_today=nothing, withdrawn=withdrawn)
    assert [bool(mask & MASK["nothing_not_counted"]) for mask in masks] == [
        rules.is_nothing_uncounted(each, limits) for each, _ in said
    ]
    assert [bool(mask & MASK["withdrawn"]) for mask in masks] == [each for _, each in said]


position = st.sampled_from(
    [(nan, nan), (106.7, 26.6), (106.70031, 26.60022), (106.7009, 26.6), (106.9, 26.7), (107.4, 26.2)]
)


@st.composite
def days(draw: st.DrawFn) -> list[Seen]:
    count = draw(st.integers(0, 14))
    visits = []
    for number in range(1, count + 1):
        lon, lat = draw(position)
        place = draw(st.integers(1, 5))
        visits.append(
            seen(
                number,
                draw(st.sampled_from([0, 0, 1, 7, 30, 95.5, 240])),
                place=place,
                day=DAY + draw(st.integers(0, 1)),
                courier=draw(st.sampled_from([0, 1, 1, 2, -3])),
                device=draw(st.sampled_from([0, 1, 1, 2, -3])),
                lon=lon + draw(st.sampled_from([0, 0, 1e-4, 3.3e-4])),
                lat=lat,
                accuracy=draw(st.sampled_from([nan, 5.0, 40.0, 9000.0])),
                label=draw(st.sampled_from([place, place, -1])),
                stop=draw(st.sampled_from([0, 0, 0, 77])),
                skew=draw(st.sampled_from([0.0, 0.0, 301.0, -900.0])),
            )
        )
    return visits


def vector(visits: list[Seen]) -> dict[int, int]:
    masks = screening.judge_days(columns(visits), LIMITS)
    return {visit.id: int(mask) for visit, mask in zip(visits, masks, strict=True)}


@given(days())
@settings(max_examples=400, deadline=None)
def test_columns_and_cases_agree(visits: list[Seen]) -> None:
    assert vector(visits) == rules.judge_days(visits, LIMITS)


@given(days(), st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_the_order_of_arrival_changes_nothing(visits: list[Seen], random: object) -> None:
    shuffled = list(visits)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert vector(shuffled) == vector(visits)


def test_every_day_finding_can_be_raised_by_the_columns() -> None:
    visits = [
        seen(i, 0, lon=106.7, place=min(i, 3), label=i, skew=900.0, courier=1 + (i == 4)) for i in range(1, 5)
    ]
    visits += [seen(9, 1, device=0)]
    union = 0
    for mask in vector(visits).values():
        union |= mask
    assert union == rules.DAY_BITS
    assert MASK["second_of_day"] & union
