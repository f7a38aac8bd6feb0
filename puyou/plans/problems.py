"""What may go wrong with plans, task lists and lists of places."""

from puyou.core import problems

# Lists of places.
NO_HEADING = problems.declare(
    "plans.no_heading", "前 {rows} 行里找不到列标题；须有“区划代码”或“地区”列（也可分为“省”“市”“县”几列）"
)
NO_ROWS = problems.declare("plans.no_rows", "列标题下面没有内容")
NOT_YOUR_SET = problems.declare(
    "plans.not_your_set", "“{name}”含有您管辖范围以外的地区，只能由上级修改；可另取代码新建", status=403
)

# Plans.
UNKNOWN_PLAN = problems.declare("plans.unknown_plan", "没有这个规划，或不在您的管辖范围", status=404)
UNKNOWN_INDICATOR = problems.declare("plans.unknown_indicator", "规划中没有这项指标", status=404)
UNKNOWN_CODE = problems.declare("plans.unknown_code", "没有代码为“{code}”的指标")
BAD_YEARS = problems.declare("plans.bad_years", "起始年份 {first} 晚于终止年份 {last}")
TAKEN = problems.declare("plans.taken", "{what}“{code}”已经有了，请换一个", status=409)
NO_SOURCE = problems.declare("plans.no_source", "请写明来源")
OUTSIDE_YEARS = problems.declare("plans.outside_years", "{year} 年不在规划期 {first}—{last} 之内")
OTHER_PLACE = problems.declare("plans.other_place", "{place}不在{of}之内")
BAD_VALUE = problems.declare("plans.bad_value", "“{text}”不是数值，或位数过多")
NOT_OVER = problems.declare(
    "plans.not_over", "规划期到 {year} 年底才结束，现在不能作终期评估定稿", status=409
)
NOTHING_TO_EVALUATE = problems.declare("plans.nothing_to_evaluate", "规划中还没有指标，无从评估")
NO_GAP = problems.declare("plans.no_gap", "请先选择要补齐的项目")
BAD_FILE = problems.declare("plans.bad_file", "数据文件有误：{reason}")

# Task lists.
UNKNOWN_LIST = problems.declare("plans.unknown_list", "没有这份任务表，或不在您的管辖范围", status=404)
UNKNOWN_TASK = problems.declare("plans.unknown_task", "任务表中没有这项任务", status=404)
UNKNOWN_PART = problems.declare("plans.unknown_part", "没有这项任务分解，或不在您的管辖范围", status=404)
UNKNOWN_REPORT = problems.declare("plans.unknown_report", "没有这份报告，或不在您的管辖范围", status=404)
UNKNOWN_REVISION = problems.declare(
    "plans.unknown_revision", "没有这个发布版，或不在您的管辖范围", status=404
)
UNKNOWN_EVIDENCE = problems.declare("plans.unknown_evidence", "没有这份佐证文件", status=404)
HAS_PARTS = problems.declare("plans.has_parts", "“{task}”已分解、已上报或有指标，不能再分子任务")
TOO_DEEP = problems.declare("plans.too_deep", "“{task}”只分解到{level}一级")
NO_PLACES = problems.declare("plans.no_places", "请选择要分解到的地区")
NOT_BELOW = problems.declare("plans.not_below", "{place}不是{above}的直接下级")
LATER_THAN_ABOVE = problems.declare("plans.later_than_above", "完成期限 {due} 晚于上级的期限 {above}")
NO_TEXT = problems.declare("plans.no_text", "请写明进展情况")
WAITING = problems.declare("plans.waiting", "上一份报告还在等待审核，审核之后才能再报", status=409)
DECIDED = problems.declare("plans.decided", "这份报告已{status}，不能再审", status=409)
OWN_REPORT = problems.declare("plans.own_report", "本人上报的须由他人审核", status=403)
NO_GROUND = problems.declare("plans.no_ground", "退回须写明理由")
NO_CASE = problems.declare("plans.no_case", "没有编号为“{number}”的案件，或您不能查看")
NO_ENTRY = problems.declare("plans.no_entry", "没有编号为“{number}”的台账记录，或您不能查看")
TOO_MUCH = problems.declare("plans.too_much", "一份报告最多附 {limit} 项佐证")
UNFIT_FILE = problems.declare("plans.unfit_file", "佐证文件不能接收：{reason}")
FILE_LOST = problems.declare(
    "plans.file_lost", "文件的内容缺失或与登记的哈希不符，请与系统管理员联系", status=409
)
SAME_AS_BEFORE = problems.declare("plans.same_as_before", "内容与第 {number} 版相同，不必发布", status=409)
