"""What may go wrong with divisions."""

from puyou.core import problems

BAD_CODE = problems.declare(
    "places.bad_code", "“{code}”不是区划代码：应为 2、4、6、9 或 12 位数字（全国为 000000000000）"
)
UNKNOWN = problems.declare("places.unknown", "没有代码为“{code}”的行政区划", status=404)
CODE_CHANGED = problems.declare(
    "places.code_changed", "代码“{code}”自{day}起已变更为“{now}”（{name}）", status=404
)
RETIRED = problems.declare("places.retired", "{name}（{code}）已于{day}撤销{successor}", status=404)
NOT_LOADED = problems.declare("places.not_loaded", "还没有装载行政区划，请先运行 puyou init", status=503)
FUTURE = problems.declare("places.future", "生效日期 {day} 还没有到，请在生效当日登记")
TOO_EARLY = problems.declare("places.too_early", "{name}现有记录自 {since} 起，不能登记更早的变更（{day}）")
NO_GROUND = problems.declare("places.no_ground", "请写明变更依据（批复文号）")
NO_NAME = problems.declare("places.no_name", "名称应为 1 至 100 个字，不能含控制字符")
CODE_TAKEN = problems.declare("places.code_taken", "代码“{code}”已由{name}使用")
SAME = problems.declare("places.same", "{name}没有变化：新旧相同")
INTO_ITSELF = problems.declare("places.into_itself", "{name}不能划入自身或其下辖的区划")
WRONG_LEVEL = problems.declare("places.wrong_level", "{name}不能划入同级或更低级的{parent}")
HAS_CHILDREN = problems.declare("places.has_children", "{name}仍有 {count} 个下级区划，请先划出或撤销")
IS_NATION = problems.declare("places.is_nation", "全国不能改名、改码、划转或撤销")
OTHER_VINTAGE = problems.declare(
    "places.other_vintage", "已装载版本“{loaded}”，不能再装载“{wanted}”：请登记改名、改码、划转或撤销"
)
NO_DATA = problems.declare("places.no_data", "缺少区划数据文件“{name}”", status=503)
NO_SUCH_PROVINCE = problems.declare("places.no_such_province", "区划数据中没有这些省级代码：{codes}")
NO_SUCH_SET = problems.declare("places.no_such_set", "没有名为“{code}”的区域集合", status=404)
BAD_SET_CODE = problems.declare(
    "places.bad_set_code", "区域集合代码“{code}”应为 1 至 40 个小写字母、数字、连字符或下划线"
)
NO_SUCH_CHECK = problems.declare("places.no_such_check", "没有名为“{code}”的检查项", status=404)
BAD_DATE = problems.declare("places.bad_date", "“{text}”不是日期：应形如 2026-11-23")
EMPTY_TERM = problems.declare("places.empty_term", "止日应晚于起日")
