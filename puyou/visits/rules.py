"""Judging one visit and one day of a courier or device, case by case, in words that an officer can follow.

``screening`` does the same on whole columns and decides; their equality is property-tested.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import asin, cos, floor, isnan, radians, sin, sqrt

EARTH_RADIUS_M = 6_371_000.0
DEGREE_M = EARTH_RADIUS_M * radians(1)
CLOCK_UNSET_BEFORE_DAY = (
    10957  # 2000-01-01 in days since 1970: no phone of ours is older, so its clock was never set
)
AREA_CLASSES = ("urban", "township_seat", "rural", "remote")
SEVERITIES = {"stops": "不计入", "doubtful": "可疑", "notice": "提示"}


@dataclass(frozen=True)
class Finding:
    """疑点: something about a visit that an officer should know. ``of_day``: it depends on other visits of the day.

    ``settled``: the courier himself or a rule decided, so that nobody needs to look.
    """

    code: str
    bit: int
    severity: str
    name: str
    sentence: str
    of_day: bool = False
    settled: bool = False

    @property
    def mask(self) -> int:
        return 1 << self.bit

    @property
    def standing(self) -> str:
        """What it says of a visit that does not count because of it."""
        return self.name if "不计入" in self.name else f"{self.name}，不计入"

    @property
    def weight(self) -> str:
        """Its severity in Chinese."""
        return SEVERITIES[self.severity]


FINDINGS = (
    Finding("too_far", 0, "stops", "离村点过远", "距已确认的村点超过规定限值，该次不计入到村"),
    Finding(
        "far_from_reference", 1, "doubtful", "离参考点过远", "距参考村点超过规定限值；参考点未经确认，仍计入"
    ),
    Finding("no_position", 2, "notice", "无定位", "没有位置信息"),
    Finding("coarse_position", 3, "notice", "定位粗略", "定位误差过大，无法核对距离"),
    Finding("clock_1970", 4, "notice", "设备时钟未设置", "设备时间停在出厂时刻，日期不可信"),
    Finding("stale", 5, "notice", "上传过迟", "从打卡到上传间隔过长"),
    Finding("unknown_courier", 6, "doubtful", "投递员未登记", "名录中没有这名投递员"),
    Finding("unknown_device", 7, "doubtful", "设备未登记", "名录中没有这台设备"),
    Finding("device_of_another", 8, "doubtful", "设备非本人领用", "设备登记在另一名投递员名下"),
    Finding("off_round", 9, "notice", "不在投递段上", "该村不在这名投递员当日的投递段上"),
    Finding("withdrawn", 10, "stops", "已撤回", "投递员撤回了这次打卡，或另作更正，不计入到村", settled=True),
    Finding(
        "nothing_not_counted",
        11,
        "stops",
        "今日无邮件不计入",
        "报告当日无邮件，按当日准则不计入到村",
        settled=True,
    ),
    Finding("implausible_speed", 16, "doubtful", "移动过快", "与前一次打卡之间的移动速度不合常理", True),
    Finding(
        "many_from_one_spot",
        17,
        "doubtful",
        "一处打多村",
        "在同一地点为多个村打卡，且这些村不共用接转点",
        True,
    ),
    Finding("copied_position", 18, "doubtful", "坐标完全相同", "与当日另一村的打卡坐标一字不差", True),
    Finding("second_of_day", 19, "notice", "当日重复到村", "同一天已在该村打过卡", True),
    Finding("clock_skew", 20, "doubtful", "设备时钟偏差", "设备时钟与服务器时间相差过大", True),
    Finding("shared_device", 21, "doubtful", "多人共用设备", "同一台设备当日为多名投递员打卡", True),
)
BY_CODE = {finding.code: finding for finding in FINDINGS}
MASK = {finding.code: finding.mask for finding in FINDINGS}
DAY_BITS = sum(finding.mask for finding in FINDINGS if finding.of_day)
STOPPING = sum(finding.mask for finding in FINDINGS if finding.severity == "stops")
# An index of visits rests on this mask.
GRAVE = sum(finding.mask for finding in FINDINGS if finding.severity != "notice" and not finding.settled)


@dataclass(frozen=True)
class Limits:
    """Thresholds, from dated rows of standards. ``too_far_m`` follows ``AREA_CLASSES``."""

    too_far_m: tuple[float, float, float, float]
    implausible_speed_kmh: float
    one_spot_radius_m: float
    one_spot_villages: int
    coarse_accuracy_m: float
    stale_hours: float
    skew_seconds: float
    nothing_today_counts: bool = True


@dataclass(frozen=True)
class Seen:
    """One visit as screening sees it.

    ``happened`` in microseconds since 1970 UTC, ``day`` in days since 1970 in Shanghai; positions in degrees, NaN
    when absent; ``courier`` and ``device`` 0 when not said, negative when not registered; ``label`` tells what was
    served: −delivery point, or the village; ``stop`` 0 when none.
    """

    id: int
    place: int
    day: int
    happened: int
    courier: int
    device: int
    lon: float
    lat: float
    accuracy: float
    label: int
    stop: int
    skew: float


def is_counting(findings: int, rejected: bool) -> bool:
    """Whether a visit counts (rule 1.10): all do, except those refused by review and those with a finding that stops.

    Those are: too far, taken back by the courier, and without mail where the day's rule does not count that.
    """
    return not rejected and not findings & STOPPING


def describe(findings: int) -> list[Finding]:
    """The findings of a mask, gravest first."""
    rank = list(SEVERITIES)
    found = [finding for finding in FINDINGS if findings & finding.mask]
    return sorted(found, key=lambda finding: (rank.index(finding.severity), finding.bit))


def distance_m(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Great-circle distance in metres (haversine, mean radius)."""
    half_lat, half_lon = radians(other_lat - lat) / 2, radians(other_lon - lon) / 2
    chord = sin(half_lat) ** 2 + cos(radians(lat)) * cos(radians(other_lat)) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(chord)))


def is_too_far(distance: float, accuracy: float, area_class: int, limits: Limits) -> bool:
    """Whether even the near edge of the position's error circle lies beyond the limit of the area class."""
    return distance - (0.0 if isnan(accuracy) else accuracy) > limits.too_far_m[area_class]


def is_nothing_uncounted(nothing_today: bool, limits: Limits) -> bool:
    """Whether a visit only reported that there was no mail, and the rule of its day does not count that."""
    return nothing_today and not limits.nothing_today_counts


def judge_days(visits: Sequence[Seen], limits: Limits) -> dict[int, int]:
    """The findings that depend on other visits, by visit id: a pure function of each courier's and device's day."""
    masks = {visit.id: 0 for visit in visits}
    for whose in (_courier, _device):
        for day in _days(visits, whose).values():
            for visit, finding in _judge_day(day, limits):
                masks[visit.id] |= MASK[finding]
    for visit in visits:
        if visit.device == 0 and abs(visit.skew) > limits.skew_seconds:
            masks[visit.id] |= MASK["clock_skew"]
    for day in _days(visits, _device).values():
        skews = sorted(visit.skew for visit in day)
        if abs(skews[(len(skews) - 1) // 2]) > limits.skew_seconds:
            for visit in day:
                masks[visit.id] |= MASK["clock_skew"]
        if len({visit.courier for visit in day if visit.courier}) > 1:
            for visit in day:
                masks[visit.id] |= MASK["shared_device"]
    return masks


def _courier(visit: Seen) -> int:
    return visit.courier


def _device(visit: Seen) -> int:
    return visit.device


def _days(visits: Sequence[Seen], whose: Callable[[Seen], int]) -> dict[tuple[int, int], list[Seen]]:
    days: dict[tuple[int, int], list[Seen]] = {}
    for visit in sorted(visits, key=lambda visit: (visit.happened, visit.id)):
        if whose(visit):
            days.setdefault((whose(visit), visit.day), []).append(visit)
    return days


def _judge_day(day: list[Seen], limits: Limits) -> list[tuple[Seen, str]]:
    found: list[tuple[Seen, str]] = []
    served: set[int] = set()
    for visit in day:
        if visit.place in served:
            found.append((visit, "second_of_day"))
        served.add(visit.place)
    placed = [visit for visit in day if not isnan(visit.lon)]
    for before, visit in zip(placed, placed[1:], strict=False):
        if is_implausible_move(before, visit, limits):
            found.append((visit, "implausible_speed"))
    labels = labels_of(day)
    for visit in placed:
        same = {labels[other.id] for other in placed if (other.lon, other.lat) == (visit.lon, visit.lat)}
        if len(same) > 1:
            found.append((visit, "copied_position"))
    return found + [(visit, "many_from_one_spot") for visit in _crowded(placed, labels, limits)]


def labels_of(day: Sequence[Seen]) -> dict[int, int]:
    """What each visit served: visits of one stop share the stop's smallest label."""
    smallest: dict[int, int] = {}
    for visit in day:
        if visit.stop:
            smallest[visit.stop] = min(visit.label, smallest.get(visit.stop, visit.label))
    return {visit.id: smallest.get(visit.stop, visit.label) for visit in day}


def is_implausible_move(before: Seen, after: Seen, limits: Limits) -> bool:
    """Whether the way between two error circles, less one spot's radius, was made faster than the limit."""
    blur = sum(0.0 if isnan(visit.accuracy) else visit.accuracy for visit in (before, after))
    way = distance_m(before.lon, before.lat, after.lon, after.lat) - blur - limits.one_spot_radius_m
    seconds = max((after.happened - before.happened) / 1_000_000, 1.0)
    return way * 3.6 > limits.implausible_speed_kmh * seconds


def _crowded(placed: list[Seen], labels: dict[int, int], limits: Limits) -> list[Seen]:
    """Visits in a square of two radii (on any of four overlapping grids) where too many places were served."""
    crowded: dict[int, Seen] = {}
    for lat_shift, lon_shift in ((0.0, 0.0), (0.0, 0.5), (0.5, 0.0), (0.5, 0.5)):
        squares: dict[tuple[int, int], list[Seen]] = {}
        for visit in placed:
            square = square_of(visit.lon, visit.lat, lon_shift, lat_shift, limits.one_spot_radius_m)
            squares.setdefault(square, []).append(visit)
        for inside in squares.values():
            if len({labels[visit.id] for visit in inside}) >= limits.one_spot_villages:
                crowded.update((visit.id, visit) for visit in inside)
    return list(crowded.values())


def square_of(lon: float, lat: float, lon_shift: float, lat_shift: float, radius_m: float) -> tuple[int, int]:
    """The square of two radii that holds a position, on a grid shifted by parts of a square."""
    side = 2 * radius_m / DEGREE_M
    band = floor(lat / side + lat_shift)
    narrow = cos(radians((band + 0.5 - lat_shift) * side))
    return band, floor(lon * narrow / side + lon_shift)
