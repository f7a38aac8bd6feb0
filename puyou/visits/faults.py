"""What may be wrong with a row of an imported file: a test in SQL, a column, a code and a Chinese sentence."""

from dataclasses import dataclass

from puyou.visits.batches import SOURCES
from puyou.visits.validators import ACCURACY_LIMIT_M, EAST, NORTH, SOUTH, WEST

MOMENT = r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}([.]\d{1,9})?"
OFFSET = r"(Z|[+-]([01]\d|2[0-3])(:?[0-5]\d)?)"
EARLIEST = -86_400_000_000  # one day before 1970: a reset clock in any time zone
KNOWN_SOURCES = ", ".join(f"'{source}'" for source in SOURCES)


@dataclass(frozen=True)
class Fault:
    """``test`` is true for a row that has it; earlier faults hide later ones. {} stands for the cell's text."""

    column: str
    code: str
    test: str
    sentence: str


def _missing(column: str) -> Fault:
    return Fault(column, "missing", f"{column} IS NULL", f"{column} 不能为空")


def _too_long(column: str, limit: int) -> Fault:
    return Fault(column, "too_long", f"length({column}) > {limit}", f"{column} 超过 {limit} 个字符")


FAULTS = (
    _missing("visit_id"),
    _too_long("visit_id", 64),
    _missing("village_code"),
    Fault(
        "village_code", "bad_code", "length(village_code) <> 12 OR try_cast(village_code AS BIGINT) IS NULL",
        "“{}”不是 12 位村级区划代码",
    ),
    Fault("village_code", "unknown_village", "place_id IS NULL", "没有代码为“{}”的村"),
    _missing("courier_no"),
    _too_long("courier_no", 40),
    _missing("device_id"),
    _too_long("device_id", 64),
    _missing("happened_at"),
    Fault(
        "happened_at", "no_offset", f"regexp_full_match(happened_at, '{MOMENT}')",
        "时间“{}”没有时区偏移，应形如 2026-10-01T09:30:00+08:00",
    ),
    Fault(
        "happened_at", "bad_time",
        f"happened IS NULL OR NOT regexp_full_match(happened_at, '{MOMENT}{OFFSET}')",
        "“{}”不是时间，应形如 2026-10-01T09:30:00+08:00",
    ),
    Fault("happened_at", "too_early", f"happened < {EARLIEST}", "时间“{}”早于 1970 年"),
    Fault("happened_at", "future", "happened > $future", "时间“{}”晚于导入时间 10 分钟以上"),
    Fault("lon", "bad_number", "lon IS NOT NULL AND (x IS NULL OR NOT isfinite(x))", "经度“{}”不是数"),
    Fault("lat", "bad_number", "lat IS NOT NULL AND (y IS NULL OR NOT isfinite(y))", "纬度“{}”不是数"),
    Fault("lon", "half_position", "lon IS NULL AND lat IS NOT NULL", "有纬度而没有经度"),
    Fault("lat", "half_position", "lat IS NULL AND lon IS NOT NULL", "有经度而没有纬度"),
    Fault("lon", "null_island", "x = 0 AND y = 0", "经纬度为 0/0，不是真实位置"),
    Fault("lon", "outside_china", f"x NOT BETWEEN {WEST} AND {EAST}", "经度“{}”不在中国境内（73–136°E）"),
    Fault("lat", "outside_china", f"y NOT BETWEEN {SOUTH} AND {NORTH}", "纬度“{}”不在中国境内（3–54°N）"),
    Fault(
        "accuracy_m", "bad_number", "accuracy_m IS NOT NULL AND (blur IS NULL OR NOT isfinite(blur))",
        "定位精度“{}”不是数",
    ),
    Fault(
        "accuracy_m", "out_of_range", f"blur NOT BETWEEN 0 AND {ACCURACY_LIMIT_M}",
        "定位精度“{}”超出范围，应为不小于 0 的米数",
    ),
    Fault(
        "source", "unknown_source", f"source NOT IN ({KNOWN_SOURCES})",
        "来源“{}”应为 app、pda、paper、receiver、inspector 之一",
    ),
    _too_long("organisation_no", 64),
    _too_long("round_no", 40),
)  # fmt: skip
CONFLICT = ("visit_id", "conflict", "编号“{}”已用于内容不同的到村打卡")


def first_fault(future: int) -> str:
    """SQL: the number (from 1) of a row's first fault, 0 when it has none. ``future``: microseconds since 1970."""
    cases = " ".join(f"WHEN {fault.test} THEN {number}" for number, fault in enumerate(FAULTS, start=1))
    return f"CASE {cases.replace('$future', str(future))} ELSE 0 END"


def told_fault(number: str) -> str:
    """SQL: column, code and message of a fault by the SQL expression of its number; joins as ``named``."""
    rows = ", ".join(
        f"({index}, '{fault.column}', '{fault.code}', '{fault.sentence}')"
        for index, fault in enumerate(FAULTS, start=1)
    )
    return f'JOIN (VALUES {rows}) AS named(number, "column", code, sentence) ON named.number = {number}'


def offending_cell() -> str:
    """SQL: the text of the cell that a ``named`` fault is about, shortened."""
    columns = sorted({fault.column for fault in FAULTS})
    cases = " ".join(f"""WHEN '{name}' THEN "{name}" """ for name in columns)
    return f"coalesce(left(CASE named.\"column\" {cases} END, 40), '')"
