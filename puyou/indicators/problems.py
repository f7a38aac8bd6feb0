"""What may go wrong with definitions, reported values and questions about figures."""

from puyou.core import problems

# Definitions.
BAD_FORMULA = problems.declare("indicators.bad_formula", "算式有误：{reason}")
BAD_UNIT = problems.declare("indicators.bad_unit", "计量单位有误：{reason}")
WRONG_UNIT = problems.declare(
    "indicators.wrong_unit", "算式的单位是“{found}”，指标的单位是“{wanted}”，两者须相同"
)
WRONG_NATURE = problems.declare(
    "indicators.wrong_nature", "算式得出的是{found}数，指标定义为{wanted}数，两者须相同"
)
CIRCLE = problems.declare("indicators.circle", "算式循环引用：{way}")
BACKWARDS = problems.declare("indicators.backwards", "新版本须晚于第 {number} 版的启用日期 {day}")
UNKNOWN_INDICATOR = problems.declare("indicators.unknown", "没有代码为“{code}”的指标", status=404)
UNKNOWN_ITEM = problems.declare("indicators.unknown_item", "没有代码为“{code}”的填报项", status=404)
UNKNOWN_LIST = problems.declare("indicators.unknown_list", "没有代码为“{code}”的指标清单", status=404)

# Periods.
BAD_PERIOD = problems.declare(
    "indicators.bad_period",
    "“{text}”不是时期，请写成 2026、2026-Q3、2026-09、2026-W40、2026-09-24 或 2016..2020",
)

# Reported values.
NEEDS_GROUND = problems.declare(
    "indicators.needs_ground", "{item} {period} 已填报 {value}，更正须写明理由", status=409
)
NEEDS_SOURCE = problems.declare("indicators.needs_source", "须写明数据来源")
NEGATIVE = problems.declare("indicators.negative", "{item}不能为负数")
BAD_VALUE = problems.declare("indicators.bad_value", "“{text}”不是数值，或位数过多")
BAD_QUALIFIER = problems.declare("indicators.bad_qualifier", "“{text}”不是认可的修饰语，只能是约、多或空")
BAD_FILE = problems.declare("indicators.bad_file", "数据文件有误：{reason}")

# Values for and from other systems.
TOO_MANY_VALUES = problems.declare(
    "indicators.too_many_values", "一次最多 {limit} 个数值，请缩小地区或时期的范围", status=413
)
NEEDS_PERIOD = problems.declare("indicators.needs_period", "读取计算指标须给出时期（period）")
BAD_EXCHANGE_PERIOD = problems.declare(
    "indicators.bad_exchange_period", "“{text}”不是时期，请写成 2026、2026Q4、202611、2026W48 或 20261126"
)
NOT_REPORTED_BUT_COMPUTED = problems.declare(
    "indicators.not_reported", "“{code}”是计算指标，数值由系统得出，不接收报送"
)
BAD_STRATEGY = problems.declare(
    "indicators.bad_strategy",
    "不支持导入方式“{text}”，只支持 CREATE_AND_UPDATE、CREATE、UPDATE；填报值不可删除，只可更正",
)
EXISTS = problems.declare("indicators.exists", "{item} {period} 已有数值，导入方式 CREATE 不更正", status=409)
NOTHING_TO_UPDATE = problems.declare(
    "indicators.nothing_to_update", "{item} {period} 还没有数值，导入方式 UPDATE 不新增", status=409
)
TWICE = problems.declare("indicators.twice", "{item} {period} 在本次导入中出现两次且数值不同")
MISSING_PART = problems.declare("indicators.missing_part", "缺少 {name}")
