"""What may go wrong with rules and the calendar."""

from puyou.core.problems import declare

UNKNOWN_RULE = declare("standards.unknown_rule", "没有代码为“{code}”的准则", status=404)
NO_VALUE = declare("standards.no_value", "准则“{code}”在 {on} 没有有效版本（区域类别：{area_class}）")
UNKNOWN_VERSION = declare("standards.unknown_version", "没有这个准则版本", status=404)
OVERLAPS = declare("standards.overlaps", "与已有版本的有效期（{first} 起）重叠，请先结束原版本或更改生效日期")
ENDS_BEFORE_START = declare("standards.ends_before_start", "失效日期 {last} 必须晚于生效日期 {first}")
VALUE_NOT_A_NUMBER = declare("standards.value_not_a_number", "“{value}”不是有效的数值，应为不小于零的数")
VALUE_NOT_OFFERED = declare("standards.value_not_offered", "“{value}”不在可选值之内，可选：{options}")
UNIT_NOT_OFFERED = declare("standards.unit_not_offered", "单位“{unit}”不适用于该准则，可选：{units}")
AREA_CLASS_UNFIT = declare("standards.area_class_unfit", "区域类别“{area_class}”不适用于该准则")
SOURCE_MISSING = declare("standards.source_missing", "请写明依据（文件名称、文号或条款）")
ALREADY_VERIFIED = declare("standards.already_verified", "该版本已核实，无需再次核实")
NEEDS_A_PERSON = declare("standards.needs_a_person", "核实准则须由具名人员办理", status=403)
TERM_UNCLEAR = declare("standards.term_unclear", "期限“{term}”无法理解，应如 20wd（工作日）或 90d（自然日）")
TERM_TOO_LONG = declare("standards.term_too_long", "期限“{term}”超出了日历所能表示的范围")
SUSPENSION_BACKWARDS = declare("standards.suspension_backwards", "中止期间的终日 {last} 早于始日 {first}")
SUSPENSION_UNCLEAR = declare(
    "standards.suspension_unclear", "中止期间“{text}”无法理解，应如 2026-09-29..2026-10-12"
)
DATE_UNCLEAR = declare("standards.date_unclear", "日期“{text}”无法理解，应如 2026-09-24")
CALENDAR_REFUSED = declare("standards.calendar_refused", "日历文件第 {row} 行“{column}”有误：{reason}")
CALENDAR_EMPTY = declare("standards.calendar_empty", "日历文件里没有任何一天")
