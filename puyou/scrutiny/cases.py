"""Measuring visits one by one, in steps to be followed by reading; ``measuring`` does it on columns and decides."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import cos, floor, hypot, isnan, nan, radians, sqrt

from puyou.scrutiny import rules
from puyou.scrutiny.rules import MASK, Limits, Measures
from puyou.visits.rules import DEGREE_M, distance_m

SHIFTS = ((0.0, 0.0), (0.0, 0.5), (0.5, 0.0), (0.5, 0.5))
Fix = tuple[float, float, float, float]  # seconds before, lon, lat, accuracy


@dataclass(frozen=True)
class Told:
    """One visit and what came with it; the fields are the columns of ``arrays.Evidence``."""

    id: int
    day: int
    moment: int
    courier: int
    device: int
    lon: float
    lat: float
    accuracy: float
    label: int
    stop: int = 0
    wanted: bool = True
    place: int = 0
    county: int = 0
    happened: int = 0
    distance: float = nan
    source: int = 0
    clock_wrong: bool = False
    shared_device: bool = False
    foreign_device: bool = False
    signature: int = 0
    chain: int = 0
    nonce: int = 0
    fix_age: float = nan
    session: int = 0
    monotonic: int = -1
    wall_jump: float = nan
    tag: int = 0
    tag_offered: bool = False
    photo_asked: bool = False
    photos: int = 0
    photo_copies: int = 0
    photo_likes: int = 0
    mock: int = -1
    rooted: int = -1
    approach: tuple[Fix, ...] = ()

    @property
    def who(self) -> int:
        """The person: the courier, else the phone."""
        return self.courier if self.courier else -self.device - (1 << 40)

    @property
    def placed(self) -> bool:
        return not isnan(self.lon)

    @property
    def blur(self) -> float:
        return 0.0 if isnan(self.accuracy) else self.accuracy


def score_day(
    day: Sequence[Told],
    past: Sequence[Told],
    limits: Limits,
    weights: Mapping[str, float],
    caps: Mapping[str, float],
) -> dict[int, tuple[int, int]]:
    """Score and reasons of each wanted visit of a day, by id."""
    wanted = [visit for visit in day if visit.wanted]
    seen = {visit.id: measure(visit, day, past, limits) for visit in wanted}
    alone = {key: rules.find_reasons(each, limits) for key, each in seen.items()}
    bad = {key for key, mask in alone.items() if rules.risk_of(mask, weights) >= limits.bad_risk}
    found = {}
    for visit in wanted:
        others = sum(other.who == visit.who and other.id in bad and other.id != visit.id for other in wanted)
        mask = rules.find_reasons(replace(seen[visit.id], bad_others=others), limits)
        found[visit.id] = (rules.score_of(mask, visit.source, weights, caps), mask)
    return found


def measure(visit: Told, day: Sequence[Told], past: Sequence[Told], limits: Limits) -> Measures:
    """All measures of one visit, but ``bad_others``."""
    own = [other for other in day if other.who == visit.who]
    labels = {other.id: label for other, label in zip(day, labels_of(day), strict=True)}
    whole = [*day, *past]
    jitter, leap, way = approach_of(visit)
    speed, torn = moves_of(visit, whole, limits)
    return Measures(
        source=visit.source, signature=visit.signature, chain=visit.chain, tag=visit.tag, mock=visit.mock,
        rooted=visit.rooted, tag_offered=visit.tag_offered, photo_asked=visit.photo_asked, photos=visit.photos,
        clock_wrong=visit.clock_wrong, shared_device=visit.shared_device, foreign_device=visit.foreign_device,
        rounded=is_round(visit.lon) and is_round(visit.lat), placed=visit.placed, accuracy_m=visit.accuracy,
        nonce_age_s=(visit.moment - visit.nonce) / 1e6 if visit.nonce > 0 else nan,
        clock_gap_s=clock_gap_of(visit, day), wall_jump_s=visit.wall_jump, fix_age_s=visit.fix_age,
        speed_kmh=speed, torn_kmh=torn, day_kmh=pace_of(own, labels, limits), repeats=repeats_of(visit, whole),
        same_accuracy=same_accuracy_of(visit, whole, limits), distance_m=visit.distance,
        beyond_m=visit.distance - visit.blur, fixes=len(visit.approach), jitter_m=jitter, leap_kmh=leap, way_m=way,
        spot_villages=within(visit, own, labels, limits.spot_radius_m),
        cluster_villages=within(visit, own, labels, limits.cluster_radius_m),
        cluster_share=share_within(visit, own, labels, limits),
        meetings=meetings_of(visit, day, labels, limits), twins=twins_of(visit, day),
        photo_copies=visit.photo_copies, photo_likes=visit.photo_likes, rhythm=rhythm_of(own, labels, limits),
        fresh_starts=fresh_of(own, limits), span_s=span_of(own, labels, limits),
        whiteness=whiteness_of(visit, own, limits), flat=is_flat(visit, limits),
        on_points=sum(other.distance < limits.on_point_m for other in own), idle=idle_of(visit, own, limits),
    )  # fmt: skip


def is_round(degrees: float) -> bool:
    """Whether a coordinate has no more than three decimals."""
    return not isnan(degrees) and abs(degrees * 1000 - round(degrees * 1000)) < 1e-7


def in_time(visits: Iterable[Told]) -> list[Told]:
    """In order of time, then of id."""
    return sorted(visits, key=lambda visit: (visit.moment, visit.id))


def labels_of(day: Sequence[Told]) -> list[int]:
    """What each visit served: visits of one stop of a person's day share the stop's smallest label."""
    smallest: dict[tuple[int, int, int], int] = {}
    for visit in day:
        if visit.stop:
            key = (visit.who, visit.day, visit.stop)
            smallest[key] = min(visit.label, smallest.get(key, visit.label))
    return [smallest.get((visit.who, visit.day, visit.stop), visit.label) for visit in day]


# The way in.


def metres_of(visit: Told) -> list[tuple[float, float, float]]:
    """The fixes as (seconds, east, north), in metres from the last of them."""
    _, lon, lat, _ = visit.approach[-1]
    narrow = DEGREE_M * cos(radians(lat))
    return [(-fix[0], (fix[1] - lon) * narrow, (fix[2] - lat) * DEGREE_M) for fix in visit.approach]


def approach_of(visit: Told) -> tuple[float, float, float]:
    """Jitter in metres, the fastest leap in km/h, and the length of the way in metres; NaN without two fixes."""
    if len(visit.approach) < 2:
        return nan, nan, nan
    at = metres_of(visit)
    leaps = [last_leap(visit)]
    for (before, after), (one, other) in zip(pairwise(at), pairwise(visit.approach), strict=True):
        blur = sum(0.0 if isnan(fix[3]) else fix[3] for fix in (one, other))
        step = hypot(after[1] - before[1], after[2] - before[2]) - blur
        leaps.append(max(step, 0.0) / max(after[0] - before[0], 1.0) * 3.6)
    known = [leap for leap in leaps if not isnan(leap)]
    return jitter_of(at), max(known), max(hypot(east, north) for _, east, north in at)


def jitter_of(at: Sequence[tuple[float, float, float]]) -> float:
    """Mean distance of each inner fix from the straight and even way between its neighbours."""
    away = []
    for before, fix, after in zip(at, at[1:], at[2:], strict=False):
        whole = after[0] - before[0]
        share = (fix[0] - before[0]) / whole if whole > 0 else 0.5
        off = [fix[i] - before[i] - share * (after[i] - before[i]) for i in (1, 2)]
        away.append(hypot(*off))
    return sum(away) / len(away) if away else nan


def last_leap(visit: Told) -> float:
    """From the last fix of the way to the visit's own position."""
    if not visit.placed:
        return nan
    seconds, lon, lat, accuracy = visit.approach[-1]
    age = 0.0 if isnan(visit.fix_age) else max(visit.fix_age, 0.0)
    blur = visit.blur + (0.0 if isnan(accuracy) else accuracy)
    metres = distance_m(lon, lat, visit.lon, visit.lat) - blur
    return max(metres, 0.0) / max(seconds - age, 1.0) * 3.6


def own_whiteness(visit: Told, limits: Limits) -> float:
    """Jitter relative to the spread of the fixes of somebody standing; satellites' errors drift, so it is small."""
    jitter, _, way = approach_of(visit)
    if len(visit.approach) < limits.white_fixes or not way < limits.white_way_m:
        return nan
    at = metres_of(visit)
    east, north = (sum(fix[i] for fix in at) / len(at) for i in (1, 2))
    spread = sum(hypot(fix[1] - east, fix[2] - north) for fix in at) / len(at)
    return jitter / max(spread, 0.05)


def mean_of_day(value: float, values: list[float], least: float) -> float:
    """The mean of the day's known values, for a visit that has one; NaN with too few."""
    known = [each for each in values if not isnan(each)]
    return nan if isnan(value) or len(known) < least else sum(known) / len(known)


def whiteness_of(visit: Told, own: Sequence[Told], limits: Limits) -> float:
    """The day's mean whiteness."""
    values = [own_whiteness(other, limits) for other in own]
    return mean_of_day(own_whiteness(visit, limits), values, limits.white_visits)


def idle_of(visit: Told, own: Sequence[Told], limits: Limits) -> float:
    """Share of the day's visits with a way in that show no movement on it."""

    def moved(other: Told) -> float:
        return (
            float(approach_of(other)[2] < limits.arrived_m)
            if len(other.approach) >= limits.idle_fixes
            else nan
        )

    return mean_of_day(moved(visit), [moved(other) for other in own], limits.idle_visits)


def is_flat(visit: Told, limits: Limits) -> bool:
    """Whether all fixes of the way claim the same accuracy."""
    known = {fix[3] for fix in visit.approach if not isnan(fix[3])}
    return len(visit.approach) >= limits.white_fixes and len(known) == 1


# Trails.


def speed(one: Told, other: Told, limits: Limits) -> float:
    """Kilometres an hour between two visits, less both error circles, the slack and the shortest stay."""
    metres = distance_m(one.lon, one.lat, other.lon, other.lat) - (one.blur + other.blur + limits.slack_m)
    gap = (other.moment - one.moment) / 1e6
    return max(metres, 0.0) / max(gap - limits.stay_s, gap / 4, 1.0) * 3.6


def moves_of(visit: Told, whole: Sequence[Told], limits: Limits) -> tuple[float, float]:
    """The fastest move to or from a visit, and the slower of the two where only this visit tears the trail."""
    fastest, torn = [], []
    reporters: tuple[Callable[[Told], int], ...] = (lambda told: told.courier, lambda told: told.device)
    for reporter in reporters:
        if not reporter(visit) or not visit.placed:
            continue
        trail = in_time(other for other in whole if reporter(other) == reporter(visit) and other.placed)
        at = trail.index(visit)
        before, after = trail[at - 1] if at else None, trail[at + 1] if at + 1 < len(trail) else None
        moves = [speed(before, visit, limits)] if before else []
        moves += [speed(visit, after, limits)] if after else []
        fastest += moves
        if before and after and speed(before, after, limits) <= limits.speed_kmh:
            torn.append(min(moves))
    return max(fastest, default=nan), max(torn, default=nan)


def clock_gap_of(visit: Told, day: Sequence[Told]) -> float:
    """How far wall clock and monotonic clock part between neighbouring visits of one start of the app."""
    if not visit.session or visit.monotonic < 0 or not visit.device:
        return nan
    same = [
        other
        for other in day
        if (other.device, other.session) == (visit.device, visit.session) and other.monotonic >= 0
    ]
    same.sort(key=lambda other: (other.monotonic, other.id))
    at, gaps = same.index(visit), []
    for one, other in pairwise(same[max(at - 1, 0) : at + 2]):
        wall = (other.happened - one.happened) / 1e6
        gaps.append(abs(wall - (other.monotonic - one.monotonic) / 1000.0))
    return max(gaps, default=nan)


# A person's day.


def pace_of(own: Sequence[Told], labels: Mapping[int, int], limits: Limits) -> float:
    """Way between the day's positions over the time between them, less the shortest stays."""
    if len({labels[visit.id] for visit in own}) < limits.day_stops:
        return nan
    placed = in_time(visit for visit in own if visit.placed)
    metres = seconds = 0.0
    for one, other in pairwise(placed):
        away = distance_m(one.lon, one.lat, other.lon, other.lat) - (one.blur + other.blur) - limits.slack_m
        gap = (other.moment - one.moment) / 1e6
        metres += max(away, 0.0)
        seconds += max(gap - limits.stay_s, gap / 4)
    return metres / max(seconds, 1.0) * 3.6


def rhythm_of(own: Sequence[Told], labels: Mapping[int, int], limits: Limits) -> float:
    """Spread of the gaps between stops relative to their mean."""
    stops: list[Told] = []
    before: int | None = None
    for visit in in_time(own):
        if labels[visit.id] != before:
            stops.append(visit)
        before = labels[visit.id]
    gaps = [(other.moment - one.moment) / 1e6 for one, other in pairwise(stops)]
    if len(gaps) < limits.rhythm_stops:
        return nan
    mean = sum(gaps) / len(gaps)
    return sqrt(sum((gap - mean) ** 2 for gap in gaps) / len(gaps)) / max(mean, 1.0)


def span_of(own: Sequence[Told], labels: Mapping[int, int], limits: Limits) -> float:
    """Mean seconds from one village of the day to the next."""
    villages = len({labels[visit.id] for visit in own})
    moments = [visit.moment for visit in own]
    return (max(moments) - min(moments)) / 1e6 / (villages - 1) if villages >= limits.span_villages else nan


def fresh_of(own: Sequence[Told], limits: Limits) -> float:
    """Share of the day's visits that were made right after the app was started."""
    known = [visit for visit in own if visit.session and visit.monotonic >= 0]
    if len(known) < limits.fresh_stops:
        return nan
    return sum(visit.monotonic < limits.fresh_s * 1000 for visit in known) / len(known)


def square_of(visit: Told, shift: tuple[float, float], radius_m: float) -> tuple[int, int]:
    """The square of two radii that holds a position, on a shifted grid."""
    side = 2 * radius_m / DEGREE_M
    band = floor(visit.lat / side + shift[0])
    narrow = cos(radians((band + 0.5 - shift[0]) * side))
    return band, floor(visit.lon * narrow / side + shift[1])


def within(visit: Told, own: Sequence[Told], labels: Mapping[int, int], radius_m: float) -> int:
    """Villages of the day in the visit's square, on the grid that shows most."""
    if not visit.placed:
        return 0
    placed = [other for other in own if other.placed]
    return max(
        len(
            {
                labels[o.id]
                for o in placed
                if square_of(o, shift, radius_m) == square_of(visit, shift, radius_m)
            }
        )
        for shift in SHIFTS
    )


def share_within(visit: Told, own: Sequence[Told], labels: Mapping[int, int], limits: Limits) -> float:
    """The same, wide, as a share of the day's villages with a position."""
    if not visit.placed:
        return 0.0
    villages = len({labels[other.id] for other in own if other.placed})
    return within(visit, own, labels, limits.cluster_radius_m) / villages


# What came before, and others.


def repeats_of(visit: Told, whole: Sequence[Told]) -> int:
    """How often the person's position came again, for another village or on another day."""
    if not visit.placed:
        return 0
    labels = dict(zip((other.id for other in whole), labels_of(whole), strict=True))
    same = [
        other
        for other in whole
        if other.who == visit.who and (other.lon, other.lat) == (visit.lon, visit.lat)
    ]
    return sum((labels[other.id], other.day) != (labels[visit.id], visit.day) for other in same)


def same_accuracy_of(visit: Told, whole: Sequence[Told], limits: Limits) -> float:
    """Share of the person's positions with exactly this accuracy."""
    known = [other.accuracy for other in whole if other.who == visit.who and not isnan(other.accuracy)]
    if isnan(visit.accuracy) or len(known) < limits.same_accuracy_visits:
        return nan
    return known.count(visit.accuracy) / len(known)


def twins_of(visit: Told, day: Sequence[Told]) -> int:
    """Other persons of the county with the very same position that day."""
    if not (visit.wanted and visit.placed):
        return 0
    same = {
        o.who
        for o in day
        if o.wanted and o.county == visit.county and (o.lon, o.lat) == (visit.lon, visit.lat)
    }
    return len(same - {visit.who})


def meets(one: Told, other: Told, limits: Limits) -> bool:
    """Whether two visits of different persons share a square and a slot of time on any of the shifted grids."""
    if one.who == other.who or one.county != other.county or not (one.placed and other.placed):
        return False
    if not (one.wanted and other.wanted):
        return False
    slots = [
        floor(one.moment / 1e6 / (2 * limits.meeting_s) + late)
        == floor(other.moment / 1e6 / (2 * limits.meeting_s) + late)
        for late in (0.0, 0.5)
    ]
    radius = limits.meeting_radius_m
    return any(slots) and any(
        square_of(one, shift, radius) == square_of(other, shift, radius) for shift in SHIFTS
    )


def meetings_of(visit: Told, day: Sequence[Told], labels: Mapping[int, int], limits: Limits) -> int:
    """Over how many stops its person met one other person that day; the other with whom it met most."""
    most = 0
    for other_who in {other.who for other in day if meets(visit, other, limits)}:
        pairs = [
            (one, other)
            for one in day
            for other in day
            if one.who == visit.who and other.who == other_who and meets(one, other, limits)
        ]
        own, theirs = ({labels[pair[side].id] for pair in pairs} for side in (0, 1))
        most = max(most, min(len(own), len(theirs)))
    return most


def names_of(mask: int) -> set[str]:
    """The codes of a mask."""
    return {code for code, bit in MASK.items() if mask & bit}
