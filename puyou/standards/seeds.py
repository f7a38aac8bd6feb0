"""Which rules there are, and the values that every installation starts with."""

from dataclasses import dataclass
from datetime import date

LAW = "《中华人民共和国邮政法》（2015年修正）第十九条"
STANDARD = "《邮政普遍服务》YZ/T 0129-2016，数值待核对标准原文"
DEFAULT = "产品默认值，待确认"
AREA_CLASSES = {"urban": "城市", "township_seat": "乡镇政府所在地", "rural": "农村", "remote": "边远地区"}
UNITS = {
    "per day": "次/日",
    "per week": "次/周",
    "working days": "工作日",
    "days": "天",
    "m": "米",
    "km/h": "公里/小时",
    "hours": "小时",
    "seconds": "秒",
    "villages": "个村",
    "visits": "次打卡",
    "weeks": "周",
    "years": "年",
    "share": "比例",
    "points": "分",
    "bits": "位",
    "words": "人次",
    "method": "算法",
}
OPTIONS = {
    "floor": "向下取整",
    "round": "四舍五入",
    "ceil": "向上取整",
    "timetable": "按班期",
    "exempt": "整周免计",
    "yes": "计入",
    "no": "不计入",
    "settled": "全部已受理并办结的",
    "established": "其中查明属实或未查明的",
    "asked": "要求",
    "not_asked": "不要求",
}


@dataclass(frozen=True)
class RuleKind:
    """A rule that the product knows how to apply: its possible units, its options when it is no number."""

    code: str
    name: str
    description: str
    units: tuple[str, ...]
    options: tuple[str, ...] = ()
    by_area_class: bool = False


@dataclass(frozen=True)
class Seed:
    """A version to start with."""

    code: str
    value: str
    unit: str
    valid_from: date
    source: str
    area_class: str = ""
    verified: bool = False


SUPERVISOR_DEEDS = {
    "task": "完成任务",
    "report": "反映被受理",
    "verified": "反映促成整改",
    "training": "完成培训",
}
RULES = (
    RuleKind(
        "delivery_floor",
        "投递频次下限",
        "每类区域最低的投递频次；低于下限的投递频次照常载入，并记为疑点。",
        ("per day", "per week"),
        by_area_class=True,
    ),
    RuleKind(
        "part_week_rule",
        "不满周折算",
        "一周之内只有部分日子应投时，应投次数按日数折算后如何取整。",
        ("method",),
        ("floor", "round", "ceil", "timetable"),
    ),
    RuleKind("settle_days", "补传期限", "周末之后多少天内仍可补传；此前的未达标为初判。", ("days",)),
    RuleKind(
        "too_far_m",
        "距村点过远",
        "打卡位置减去精度后距已确认或学习所得村点超过此值的，不计入投递次数。",
        ("m",),
        by_area_class=True,
    ),
    RuleKind(
        "no_position_share", "无定位占比上限", "投递员无定位打卡占比超过此值的，转入人工审核。", ("share",)
    ),
    RuleKind(
        "holiday_exemption", "节日豁免", "节日周是否免计；没有有效版本即不豁免。", ("method",), ("exempt",)
    ),
    RuleKind("implausible_speed_kmh", "不合理速度", "同一投递员两次打卡之间的直线速度超过此值。", ("km/h",)),
    RuleKind("one_spot_radius_m", "同一地点半径", "多村打卡落在此半径之内视为同一地点。", ("m",)),
    RuleKind(
        "one_spot_villages",
        "同一地点村数",
        "同一地点打卡达到此村数记为疑点（共用接转点除外）。",
        ("villages",),
    ),
    RuleKind("coarse_accuracy_m", "定位精度过粗", "定位精度差于此值记为疑点。", ("m",)),
    RuleKind("stale_hours", "迟报时限", "打卡之后超过此时长才收到记为疑点。", ("hours",)),
    RuleKind(
        "plan_forecast_confidence",
        "规划预测的置信水平",
        "规划指标按已知年份外推时，预测区间以多大把握包含实际值。",
        ("share",),
    ),
    RuleKind(
        "rectification_weeks",
        "整改证实周数",
        "企业报告整改完成后，须有多少周的到村投递达标，整改才算由投递证实。",
        ("weeks",),
    ),
    RuleKind(
        "rectification_after_weeks",
        "自动下达整改起点",
        "一个村连续多少周期满未达标即由系统下达整改；没有有效版本即不自动下达，各地可以另定。",
        ("weeks",),
    ),
    RuleKind(
        "supervisor_rural_share",
        "监督员农村占比目标",
        "选聘监督员时农村地区名额占全部名额的比例，不足一个的进一；在聘监督员的农村占比与它比较。",
        ("share",),
    ),
    *(
        RuleKind(
            f"supervisor_points_{deed}",
            f"监督员积分：{name}",
            "一次记多少分；积分只作表扬参考，不折算报酬。",
            ("points",),
        )
        for deed, name in SUPERVISOR_DEEDS.items()
    ),
    RuleKind("supervisor_term_years", "监督员聘期", "聘任和续聘监督员一次的聘期。", ("years",)),
    RuleKind(
        "feedback_repeat_days",
        "重复发生认定天数",
        "同一地点、同一类别在此天数内再次反映的，标为重复发生。",
        ("days",),
    ),
    RuleKind(
        "announcement_days",
        "公告送达天数",
        "文书公告送达的，自公告之日起经过此天数视为送达。",
        ("days",),
    ),
    RuleKind(
        "series_break_share",
        "序列异常变动幅度",
        "指标较上一期的变动超过此比例时，提示核对口径；只提示，不拒收。",
        ("share",),
    ),
    RuleKind(
        "feedback_silence_days",
        "反映人确认等待天数",
        "主管部门核实已整改后，反映人在此天数内没有表示的，依核实结果办结。",
        ("days",),
    ),
    RuleKind(
        "feedback_escalate_days",
        "反映超期上报天数",
        "受理、转办或核实超期达到此天数仍未办的，由系统上报上一级主管部门；没有有效版本即不自动上报。",
        ("days",),
    ),
    RuleKind(
        "feedback_denominator",
        "核实整改率分母",
        "哪些办结的反映计入分母：全部已受理的（属其他部门、已并入、已撤回的除外），或其中再除去查无实据的。",
        ("method",),
        ("settled", "established"),
    ),
    RuleKind(
        "nothing_today_counts",
        "今日无邮件是否计入",
        "投递员到村报告当日无邮件时，该次到村是否计入投递次数；没有有效版本即计入。",
        ("method",),
        ("yes", "no"),
    ),
    RuleKind("skew_seconds", "时钟偏差", "设备时钟与服务器相差超过此值记为疑点。", ("seconds",)),
    RuleKind("audit_confidence", "抽核置信水平", "估计不属实占比时区间的置信水平。", ("share",)),
    RuleKind("audit_enough", "抽核最少件数", "查明件数少于此值的，只说“样本不足”，不给出占比。", ("visits",)),
    RuleKind("audit_least", "每层最少抽取", "抽核时每一层至少抽取的件数（不超过该层总数）。", ("visits",)),
    RuleKind(
        "appeal_days", "申诉期限", "不予认可作出之后，投递员在多少个工作日内可以申诉。", ("working days",)
    ),
    RuleKind(
        "desk_score", "转审核证据分", "证据分低于此值的到村打卡转人工审核；是否计入不因此改变。", ("points",)
    ),
    RuleKind(
        "photo_asked",
        "到村拍照",
        "到村打卡是否要求附照片；要求而没有的，证据分里记一条提示。可按地区规定。",
        ("method",),
        ("asked", "not_asked"),
    ),
    RuleKind("score_days", "评分期限", "打卡之后多少天内到达的仍评证据分；更早的历史记录不评。", ("days",)),
    RuleKind(
        "phone_silent_hours", "手机失联", "在途投递员的手机超过此时长没有联系，班务页面标为失联。", ("hours",)
    ),
    RuleKind("keep_visit_days", "到村记录保存期限", "到村记录自登记之日起保存多少天。", ("days",)),
    RuleKind("keep_track_days", "位置保存期限", "位置与进村前的定位点自登记之日起保存多少天。", ("days",)),
    RuleKind(
        "keep_photo_days",
        "照片保存期限",
        "照片、语音自登记之日起保存多少天；期满自动删除内容，审核、申诉中的除外。",
        ("days",),
    ),
    RuleKind("keep_review_days", "审核记录保存期限", "评分、审核与申诉自作出之日起保存多少天。", ("days",)),
    RuleKind(
        "keep_device_days", "设备记录保存期限", "设备、密钥与知情同意自停用之日起保存多少天。", ("days",)
    ),
    RuleKind(
        "photo_similar_bits",
        "相似照片位差",
        "两张照片的感知指纹相差不超过此值视为相似；可比较的上限为 7 位，更大的值按 7 位处理。",
        ("bits",),
    ),
    RuleKind(
        "villager_words_village",
        "每村每日村民反映上限",
        "一个村一天至多记录多少人次村民反映；超过的不再记录，以防刷量。",
        ("words",),
    ),
    RuleKind(
        "villager_words_network",
        "每网络每日村民反映上限",
        "同一网络一天对一个村至多记录多少人次反映；一户或一处热点可能共用一个网络。",
        ("words",),
    ),
    RuleKind(
        "villager_absent_look",
        "村民反映未到提示",
        "打卡之后仍有多少人次反映当天没来，该次打卡在审核台提示查看；反映本身不构成未达标。",
        ("words",),
    ),
)
BY_CODE = {rule.code: rule for rule in RULES}

LAW_FROM, STANDARD_FROM, ALWAYS = date(2015, 4, 24), date(2017, 3, 1), date(2000, 1, 1)
VERSIONS = (
    Seed("delivery_floor", "1", "per day", LAW_FROM, LAW, "urban", verified=True),
    Seed("delivery_floor", "5", "per week", LAW_FROM, LAW, "township_seat", verified=True),
    Seed("delivery_floor", "3", "per week", STANDARD_FROM, STANDARD, "rural"),
    Seed("delivery_floor", "1", "per week", STANDARD_FROM, STANDARD, "remote"),
    Seed("part_week_rule", "floor", "method", ALWAYS, DEFAULT),
    Seed("settle_days", "10", "days", ALWAYS, DEFAULT),
    Seed("too_far_m", "5000", "m", ALWAYS, f"{DEFAULT}（取农村值）", "urban"),
    Seed("too_far_m", "5000", "m", ALWAYS, f"{DEFAULT}（取农村值）", "township_seat"),
    Seed("too_far_m", "5000", "m", ALWAYS, DEFAULT, "rural"),
    Seed("too_far_m", "30000", "m", ALWAYS, DEFAULT, "remote"),
    Seed("no_position_share", "0.30", "share", ALWAYS, DEFAULT),
    Seed("implausible_speed_kmh", "120", "km/h", ALWAYS, DEFAULT),
    Seed("one_spot_radius_m", "50", "m", ALWAYS, DEFAULT),
    Seed("one_spot_villages", "3", "villages", ALWAYS, DEFAULT),
    Seed("coarse_accuracy_m", "500", "m", ALWAYS, DEFAULT),
    Seed("stale_hours", "72", "hours", ALWAYS, DEFAULT),
    Seed("plan_forecast_confidence", "0.9", "share", ALWAYS, DEFAULT),
    Seed("rectification_weeks", "4", "weeks", ALWAYS, DEFAULT),
    Seed("supervisor_rural_share", "0.6", "share", ALWAYS, DEFAULT),
    *(Seed(f"supervisor_points_{deed}", "1", "points", ALWAYS, DEFAULT) for deed in SUPERVISOR_DEEDS),
    Seed("supervisor_term_years", "3", "years", ALWAYS, DEFAULT),
    Seed("feedback_repeat_days", "90", "days", ALWAYS, DEFAULT),
    Seed("announcement_days", "30", "days", ALWAYS, f"{DEFAULT}（参照民事诉讼公告送达的期间）"),
    Seed("series_break_share", "0.5", "share", ALWAYS, DEFAULT),
    Seed("feedback_silence_days", "7", "days", ALWAYS, DEFAULT),
    Seed("feedback_escalate_days", "5", "days", ALWAYS, DEFAULT),
    Seed("feedback_denominator", "settled", "method", ALWAYS, DEFAULT),
    Seed("nothing_today_counts", "yes", "method", ALWAYS, DEFAULT),
    Seed("skew_seconds", "600", "seconds", ALWAYS, DEFAULT),
    Seed("audit_confidence", "0.95", "share", ALWAYS, DEFAULT),
    Seed("audit_enough", "30", "visits", ALWAYS, DEFAULT),
    Seed("audit_least", "2", "visits", ALWAYS, DEFAULT),
    Seed("appeal_days", "15", "working days", ALWAYS, DEFAULT),
    Seed("desk_score", "50", "points", ALWAYS, f"{DEFAULT}（依模拟数据选定）"),
    Seed("photo_asked", "not_asked", "method", ALWAYS, DEFAULT),
    Seed("score_days", "60", "days", ALWAYS, DEFAULT),
    Seed("phone_silent_hours", "2", "hours", ALWAYS, DEFAULT),
    Seed("keep_visit_days", "1095", "days", ALWAYS, DEFAULT),
    Seed("keep_track_days", "365", "days", ALWAYS, DEFAULT),
    Seed("keep_photo_days", "365", "days", ALWAYS, DEFAULT),
    Seed("keep_review_days", "1095", "days", ALWAYS, DEFAULT),
    Seed("keep_device_days", "1095", "days", ALWAYS, DEFAULT),
    Seed("photo_similar_bits", "7", "bits", ALWAYS, DEFAULT),
    Seed("villager_words_village", "60", "words", ALWAYS, DEFAULT),
    Seed("villager_words_network", "10", "words", ALWAYS, DEFAULT),
    Seed("villager_absent_look", "2", "words", ALWAYS, DEFAULT),
)
