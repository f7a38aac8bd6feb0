"""What speaks against a visit and what for it, and how reasons add up to a score: for officers to read.

``arrays`` finds the same reasons and scores on whole columns and decides; their equality is property-tested.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from math import floor, isnan, nan

GROUPS = {
    "proof": "签名",
    "chain": "签名链",
    "contact": "联络",
    "clock": "时钟",
    "movement": "移动",
    "noise": "定位痕迹",
    "pattern": "定位数值",
    "place": "离村点",
    "crowd": "同一地点",
    "track": "同行轨迹",
    "photo": "照片",
    "device": "设备",
    "tag": "村标签",
    "rhythm": "节奏",
    "day": "当天其他打卡",
    "source": "来源",
}
KINDS = {"strong": "矛盾", "doubt": "可疑", "hint": "提示", "support": "佐证"}
# Groups that a support may speak to.
GENUINE = ("noise", "pattern", "device")
AT_POINT = ("crowd", "track", "device", "photo")
ABOUT_TIME = ("clock", "contact", "rhythm", "proof", "chain")
ABOUT_PLACE = ("place", "crowd", "track", "movement", "noise", "pattern")


@dataclass(frozen=True)
class Reason:
    """评分理由: one thing that speaks against a visit, or for it (``support``).

    ``number`` names the measure behind it; ``sentence`` has one place for that measure in words. Of the reasons of
    one ``group`` only the heaviest counts, for they see the same thing. What supports takes from the groups that it
    ``speaks_to``: a natural track shows that a position is genuine, not that it is the village's.
    """

    code: str
    bit: int
    group: str
    kind: str
    name: str
    sentence: str
    number: str = ""
    speaks_to: tuple[str, ...] = ()

    @property
    def mask(self) -> int:
        return 1 << self.bit

    @property
    def label(self) -> str:
        """Its kind in Chinese."""
        return KINDS[self.kind]

    @property
    def supports(self) -> bool:
        return self.kind == "support"


REASONS = (
    Reason("unsigned", 0, "proof", "hint", "没有签名", "由通邮APP上报，却没有签名"),
    Reason(
        "bad_signature", 1, "proof", "strong", "签名不符",
        "签名与内容不符：签名之后内容被改过，或签名系伪造",
    ),
    Reason("unknown_key", 2, "proof", "strong", "密钥不符", "签名的密钥不属于这台设备，或当时已经停用"),
    Reason("chain_gap", 3, "chain", "hint", "前一条未到", "签名链的前一条尚未收到"),
    Reason("chain_fork", 4, "chain", "doubt", "签名链分叉", "同一前一条或同一序号出现了两次"),
    Reason("old_nonce", 5, "contact", "hint", "久未联络", "签名时距上次与服务器联络 {}", "nonce_age_s"),
    Reason(
        "backdated", 6, "contact", "strong", "时间倒填",
        "所报时间比签名中的服务器时刻早 {}，不可能", "nonce_age_s",
    ),
    Reason(
        "clocks_disagree", 7, "clock", "doubt", "时钟不一致",
        "APP一次启动之内，手机时间与不可调时钟差 {}", "clock_gap_s",
    ),
    Reason("wall_jumped", 8, "clock", "doubt", "时钟被调", "APP启动以来手机时钟跳动 {}", "wall_jump_s"),
    Reason("fix_disagrees", 9, "clock", "doubt", "定位时刻不符", "定位时刻与打卡时刻相差 {}", "fix_age_s"),
    Reason("clock_wrong", 10, "clock", "hint", "设备时钟偏差", "设备时钟未设置，或与服务器相差过大"),
    Reason("too_fast", 11, "movement", "doubt", "移动过快", "与前后打卡之间的移动速度达 {}", "speed_kmh"),
    Reason(
        "torn_trail", 12, "movement", "strong", "轨迹断裂",
        "前一处赶不到这里、这里也赶不到后一处（{}），前后之间却来得及", "torn_kmh",
    ),
    Reason(
        "impossible_day", 13, "movement", "doubt", "全天过快",
        "全天各村之间平均速度达 {}，未计停留", "day_kmh",
    ),
    Reason(
        "repeated_position", 14, "pattern", "doubt", "坐标重复",
        "与其他 {} 次打卡的坐标一字不差", "repeats",
    ),
    Reason("rounded_position", 15, "pattern", "doubt", "坐标取整", "经纬度只有三位及以下小数，不是定位所得"),
    Reason(
        "constant_accuracy", 16, "pattern", "hint", "误差恒定",
        "近日 {} 的打卡误差值完全相同", "same_accuracy",
    ),
    Reason("on_the_point", 17, "noise", "doubt", "恰在村点", "距村点仅 {}，过于精确", "distance_m"),
    Reason("still_approach", 18, "noise", "doubt", "途中无抖动", "途中定位的自然抖动仅 {}", "jitter_m"),
    Reason("leaping_approach", 19, "noise", "doubt", "途中跳跃", "途中定位出现 {} 的移动", "leap_kmh"),
    Reason("off_point", 20, "place", "hint", "离村点偏远", "除去误差仍距村点 {}", "beyond_m"),
    Reason("far_point", 21, "place", "doubt", "离村点过远", "除去误差仍距村点 {}", "beyond_m"),
    Reason(
        "one_spot", 22, "crowd", "doubt", "一处打多村",
        "在同一处为 {} 打卡，且不共用接转点", "spot_villages",
    ),
    Reason(
        "home_cluster", 23, "crowd", "doubt", "全天守在一处",
        "当天 {} 的打卡集中在一处而不在村点", "cluster_villages",
    ),
    Reason(
        "same_track", 24, "track", "doubt", "与他人同行",
        "当天与另一名投递员先后 {} 在同一处打卡", "meetings",
    ),
    Reason(
        "photo_copied", 25, "photo", "strong", "照片重复",
        "照片与其他 {} 次打卡的完全相同", "photo_copies",
    ),
    Reason("photo_alike", 26, "photo", "doubt", "照片相似", "照片与其他 {} 次打卡的几乎相同", "photo_likes"),
    Reason("photo_missing", 27, "photo", "hint", "缺少照片", "本段要求拍照，却没有照片"),
    Reason("mocked", 28, "device", "strong", "虚拟定位", "手机报告定位来自虚拟定位软件"),
    Reason("rooted", 29, "device", "hint", "系统被改", "手机系统被改动，可以伪造定位"),
    Reason("shared_device", 30, "device", "doubt", "多人共用设备", "同一台设备当日为多名投递员打卡"),
    Reason("foreign_device", 31, "device", "hint", "设备不符", "设备未登记，或登记在另一名投递员名下"),
    Reason("no_position", 32, "place", "hint", "无定位", "没有位置，无从核对"),
    Reason("tag_forged", 33, "tag", "strong", "标签伪造", "村标签的校验码不符"),
    Reason("tag_elsewhere", 34, "tag", "strong", "他村标签", "扫的是另一个村的标签"),
    Reason("tag_ended", 35, "tag", "doubt", "标签已停用", "扫的标签已经停用"),
    Reason("tag_afar", 36, "tag", "strong", "远处扫标签", "扫了本村标签，人却在 {} 之外", "beyond_m"),
    Reason("tag_missing", 37, "tag", "hint", "未扫标签", "该村有标签而没有扫"),
    Reason("even_rhythm", 38, "rhythm", "doubt", "间隔划一", "当天各次间隔几乎相等（离散程度 {}）", "rhythm"),
    Reason(
        "fresh_starts", 39, "rhythm", "hint", "逐次重启",
        "当天 {} 的打卡都在APP刚启动时作出", "fresh_starts",
    ),
    Reason("pda", 40, "source", "hint", "企业终端", "由企业终端转来，没有通邮APP的证据"),
    Reason("paper", 41, "source", "hint", "纸质补录", "由纸质交接单补录"),
    Reason("clustered_times", 42, "rhythm", "doubt", "集中补打", "当天各村打卡平均只隔 {}", "span_s"),
    Reason(
        "twin_position", 43, "track", "doubt", "坐标与他人相同",
        "与当天其他 {} 名投递员的坐标一字不差", "twins",
    ),
    Reason("white_noise", 44, "noise", "doubt", "抖动不自然", "途中定位逐点乱跳而不漂移（{}）", "whiteness"),
    Reason("never_arrives", 45, "noise", "hint", "从不见途中", "当天 {} 的打卡前都没有移动过", "idle"),
    Reason("on_the_points", 46, "noise", "doubt", "次次恰在村点", "当天 {} 次打卡都恰在村点，过于精确", "on_points"),
    Reason("flat_accuracy", 47, "pattern", "hint", "途中误差恒定", "途中各次定位的误差值完全相同"),
    Reason("bad_day", 48, "day", "doubt", "当天多次存疑", "同一人当天另有 {} 次打卡存疑", "bad_others"),
    Reason("tag_agrees", 50, "tag", "support", "标签相符", "扫了本村在用的标签", "", ABOUT_PLACE),
    Reason("arrived", 51, "noise", "support", "途中可信", "途中定位连续、有自然抖动，行进 {}", "way_m", GENUINE),
    Reason("near_contact", 52, "contact", "support", "刚联络过", "签名前 {} 刚与服务器联络", "nonce_age_s", ABOUT_TIME),
    Reason("near_point", 53, "place", "support", "就在村点", "距村点 {}", "distance_m", AT_POINT),
    Reason("own_photo", 54, "photo", "support", "照片独有", "当场拍摄的照片与以往都不同", "", ("place", "noise")),
)  # fmt: skip
BY_CODE = {reason.code: reason for reason in REASONS}
MASK = {reason.code: reason.mask for reason in REASONS}
SUPPORTS = tuple(reason for reason in REASONS if reason.supports)
SIGNATURES = ("none", "valid", "invalid", "unknown_key", "waiting")  # as ingest says, and not checked yet
CHAINS = ("unknown", "first", "linked", "gap", "fork")
TAGS = ("none", "agrees", "forged", "elsewhere", "ended")  # as registry.tags says
SOURCES = ("app", "pda", "paper", "receiver", "inspector")


@dataclass(frozen=True)
class Limits:
    """The measures from which a reason holds; a weighting's dated row says them.

    ``history_days``: how many days before a visit its courier and phone are looked at.
    """

    history_days: float = 7
    old_nonce_days: float = 12
    backdated_s: float = 120
    clock_gap_s: float = 60
    wall_jump_s: float = 120
    fix_age_s: float = 900
    fix_ahead_s: float = 30
    speed_kmh: float = 100
    slack_m: float = 60
    stay_s: float = 60
    day_kmh: float = 48
    day_stops: float = 3
    repeats: float = 1
    repeat_accuracy_m: float = 100
    same_accuracy: float = 0.9
    same_accuracy_visits: float = 8
    on_point_m: float = 1.0
    jitter_m: float = 0.25
    approach_fixes: float = 4
    leap_kmh: float = 150
    arrived_m: float = 40
    off_point_m: float = 350
    far_point_m: float = 1500
    spot_radius_m: float = 50
    spot_villages: float = 3
    cluster_radius_m: float = 300
    cluster_villages: float = 3
    cluster_share: float = 0.5
    cluster_beyond_m: float = 150
    meeting_radius_m: float = 80
    meeting_s: float = 600
    meetings: float = 3
    tag_afar_m: float = 200
    rhythm: float = 0.08
    rhythm_stops: float = 5
    fresh_s: float = 150
    fresh_stops: float = 4
    fresh_share: float = 0.8
    span_s: float = 150
    span_villages: float = 3
    on_points: float = 2
    near_contact_s: float = 3600
    near_point_m: float = 150
    whiteness: float = 1.1
    white_fixes: float = 8
    white_visits: float = 2
    white_way_m: float = 60
    idle_fixes: float = 6
    idle_visits: float = 3
    idle_share: float = 0.99
    bad_risk: float = 0.6
    bad_others: float = 1


@dataclass(frozen=True)
class Measures:
    """What was measured about one visit; NaN where there was nothing to measure.

    ``signature``, ``chain``, ``tag`` and ``source`` index the tuples above; ``mock`` and ``rooted`` are −1 when the
    phone cannot know. ``findings``: bits that screening found and scrutiny takes over.
    """

    source: int = 0
    signature: int = 0
    chain: int = 0
    tag: int = 0
    mock: int = -1
    rooted: int = -1
    tag_offered: bool = False
    photo_asked: bool = False
    photos: int = 0
    clock_wrong: bool = False
    shared_device: bool = False
    foreign_device: bool = False
    rounded: bool = False
    placed: bool = True
    accuracy_m: float = nan
    nonce_age_s: float = nan
    clock_gap_s: float = nan
    wall_jump_s: float = nan
    fix_age_s: float = nan
    speed_kmh: float = nan
    torn_kmh: float = nan
    day_kmh: float = nan
    repeats: float = 0
    same_accuracy: float = nan
    distance_m: float = nan
    beyond_m: float = nan
    fixes: int = 0
    jitter_m: float = nan
    leap_kmh: float = nan
    way_m: float = nan
    spot_villages: float = 0
    cluster_villages: float = 0
    cluster_share: float = 0
    meetings: float = 0
    twins: float = 0
    photo_copies: float = 0
    photo_likes: float = 0
    rhythm: float = nan
    fresh_starts: float = nan
    span_s: float = nan
    whiteness: float = nan
    flat: bool = False
    on_points: float = 0
    idle: float = nan
    bad_others: float = 0


MEASURES = tuple(field.name for field in fields(Measures))


def find_reasons(seen: Measures, limits: Limits) -> int:
    """The mask of the reasons that hold for one visit. A comparison with NaN holds never.

    ``bad_others`` comes last: other visits of the person's day whose own risk, without it, reaches ``bad_risk``.
    """
    app = seen.source == 0
    backdated = seen.nonce_age_s < -limits.backdated_s
    still = seen.fixes >= limits.approach_fixes and seen.jitter_m < limits.jitter_m
    leaping = seen.fixes >= limits.approach_fixes and seen.leap_kmh > limits.leap_kmh
    on_point = seen.distance_m < limits.on_point_m
    white = not still and seen.whiteness > limits.whiteness
    found = {
        "unsigned": app and seen.signature == 0,
        "bad_signature": seen.signature == 2,
        "unknown_key": seen.signature == 3,
        "chain_gap": seen.chain == 3,
        "chain_fork": seen.chain == 4,
        "old_nonce": seen.nonce_age_s > limits.old_nonce_days * 86_400,
        "backdated": backdated,
        "clocks_disagree": seen.clock_gap_s > limits.clock_gap_s,
        "wall_jumped": abs(seen.wall_jump_s) > limits.wall_jump_s,
        "fix_disagrees": seen.fix_age_s > limits.fix_age_s or seen.fix_age_s < -limits.fix_ahead_s,
        "clock_wrong": seen.clock_wrong,
        "too_fast": seen.speed_kmh > limits.speed_kmh,
        "torn_trail": seen.torn_kmh > limits.speed_kmh,
        "impossible_day": seen.day_kmh > limits.day_kmh,
        "repeated_position": seen.repeats >= limits.repeats
        and not seen.accuracy_m >= limits.repeat_accuracy_m,
        "rounded_position": seen.rounded,
        "constant_accuracy": seen.same_accuracy >= limits.same_accuracy,
        "on_the_point": on_point,
        "on_the_points": on_point and seen.on_points >= limits.on_points,
        "flat_accuracy": seen.flat,
        "bad_day": seen.bad_others >= limits.bad_others,
        "still_approach": still,
        "leaping_approach": leaping,
        "white_noise": white,
        "never_arrives": seen.idle >= limits.idle_share,
        "off_point": limits.off_point_m < seen.beyond_m <= limits.far_point_m,
        "far_point": seen.beyond_m > limits.far_point_m,
        "one_spot": seen.spot_villages >= limits.spot_villages,
        "home_cluster": seen.cluster_villages >= limits.cluster_villages
        and seen.cluster_share >= limits.cluster_share
        and seen.beyond_m > limits.cluster_beyond_m,
        "same_track": seen.meetings >= limits.meetings and not seen.beyond_m <= limits.cluster_beyond_m,
        "twin_position": seen.twins > 0 and not seen.accuracy_m >= limits.repeat_accuracy_m,
        "photo_copied": seen.photo_copies > 0,
        "photo_alike": seen.photo_likes > 0,
        "photo_missing": app and seen.photo_asked and seen.photos == 0,
        "mocked": seen.mock == 1,
        "rooted": seen.rooted == 1,
        "shared_device": seen.shared_device,
        "foreign_device": seen.foreign_device,
        "no_position": app and not seen.placed,
        "tag_forged": seen.tag == 2,
        "tag_elsewhere": seen.tag == 3,
        "tag_ended": seen.tag == 4,
        "tag_afar": seen.tag == 1 and seen.beyond_m > limits.tag_afar_m,
        "tag_missing": app and seen.tag_offered and seen.tag == 0,
        "even_rhythm": seen.rhythm < limits.rhythm,
        "fresh_starts": seen.fresh_starts >= limits.fresh_share,
        "pda": seen.source == 1,
        "paper": seen.source == 2,
        "clustered_times": seen.span_s < limits.span_s,
        "tag_agrees": seen.tag == 1 and not seen.beyond_m > limits.tag_afar_m,
        "arrived": seen.fixes >= limits.approach_fixes
        and not still
        and not leaping
        and not white
        and seen.way_m >= limits.arrived_m,
        "near_contact": seen.signature == 1 and not backdated and seen.nonce_age_s <= limits.near_contact_s,
        "near_point": seen.distance_m <= limits.near_point_m and not on_point,
        "own_photo": seen.photos > 0 and seen.photo_copies == 0 and seen.photo_likes == 0,
    }
    return sum(MASK[code] for code, holds in found.items() if holds)


def risk_of(reasons: int, weights: Mapping[str, float]) -> float:
    """How likely the reasons make it that the visit did not happen as told, 0 to 1.

    Groups are independent: risk = 1 − ∏(1 − heaviest weight of the group), each weight less what supports take of it
    that speak to the group. A contradiction stays: never less than the heaviest strong reason.
    """
    against = heaviest(reasons, weights, ("strong", "doubt", "hint"))
    strong = max(heaviest(reasons, weights, ("strong",)).values(), default=0.0)
    left = 1.0
    for group in GROUPS:
        weight = against.get(group, 0.0)
        for reason in SUPPORTS:
            if reasons & reason.mask and group in reason.speaks_to:
                weight *= 1.0 - weights.get(reason.code, 0.0)
        left *= 1.0 - weight
    return max(1.0 - left, strong)


def heaviest(reasons: int, weights: Mapping[str, float], kinds: Iterable[str]) -> dict[str, float]:
    """The heaviest weight by group among the reasons of some kinds."""
    found: dict[str, float] = {}
    for reason in REASONS:
        if reasons & reason.mask and reason.kind in kinds:
            weight = weights.get(reason.code, 0.0)
            found[reason.group] = max(found.get(reason.group, 0.0), weight)
    return found


def score_of(reasons: int, source: int, weights: Mapping[str, float], caps: Mapping[str, float]) -> int:
    """证据分, 0 to 100: what the risk leaves, no more than the source allows."""
    left = floor(100.0 * (1.0 - risk_of(reasons, weights)) + 0.5)
    return int(min(left, caps.get(SOURCES[source], 100.0)))


def describe(reasons: int) -> list[Reason]:
    """The reasons of a mask: contradictions first, what supports last."""
    rank = list(KINDS)
    found = [reason for reason in REASONS if reasons & reason.mask]
    return sorted(found, key=lambda reason: (rank.index(reason.kind), reason.bit))


def sentence_of(reason: Reason, seen: Measures | None = None) -> str:
    """The reason in one sentence, with the number behind it where it is known."""
    if not reason.number:
        return reason.sentence
    value = float(getattr(seen, reason.number)) if seen else nan
    return reason.sentence.format(in_words(reason.number, value)).replace("  ", " ")


def in_words(number: str, value: float) -> str:
    """A measure with its unit."""
    if isnan(value):
        return "规定以上"
    ending = next((end for end in UNITS if number.endswith(end)), "")
    return UNITS[ending](value)


def span_in_words(seconds: float) -> str:
    """A span of time as people say it."""
    if seconds < 120:
        return f"{seconds:.0f} 秒"
    if seconds < 7200:
        return f"{seconds / 60:.0f} 分钟"
    return f"{seconds / 3600:.1f} 小时" if seconds < 172_800 else f"{seconds / 86_400:.1f} 天"


def _metres_in_words(metres: float) -> str:
    if metres >= 1000:
        return f"{metres / 1000:,.1f} 公里"
    return f"{metres:,.1f} 米" if metres < 10 else f"{metres:,.0f} 米"


# By the ending of a measure's name; the empty ending is last.
UNITS: dict[str, Callable[[float], str]] = {
    "_s": lambda value: span_in_words(abs(value)),
    "_kmh": lambda value: f"每小时 {value:,.0f} 公里",
    "_m": _metres_in_words,
    "same_accuracy": lambda value: f"{value:.0%}",
    "fresh_starts": lambda value: f"{value:.0%}",
    "idle": lambda value: f"{value:.0%}",
    "whiteness": lambda value: f"{value:.2f}",
    "rhythm": lambda value: f"{value:.2f}",
    "villages": lambda value: f"{value:,.0f} 个村",
    "meetings": lambda value: f"{value:,.0f} 次",
    "": lambda value: f"{value:,.0f}",
}
