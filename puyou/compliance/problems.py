"""What may go wrong when judging, excusing and reading figures."""

from puyou.core.problems import declare

LEVEL_ABOVE_PLACE = declare("compliance.level_above_place", "“{level}”高于“{place}”本身的级别，不能按它分列")
UNKNOWN_LEVEL = declare(
    "compliance.unknown_level",
    "不认识的级别“{level}”：请用 nation、province、city、county、township、village 或 0–5",
)
BAD_DATES = declare("compliance.bad_dates", "起始日期 {first} 晚于终止日期 {last}")
TOO_MANY_WEEKS = declare("compliance.too_many_weeks", "一次最多查询 {limit} 周，您要的是 {weeks} 周")
UNKNOWN_AREA_CLASS = declare("compliance.unknown_area_class", "不认识的区域类别“{area_class}”")
EMPTY_EXCUSE = declare("compliance.empty_excuse", "免责起始日期须早于终止日期（终止日期当天不再免责）")
NO_PLACES = declare("compliance.no_places", "请至少选择一个地点")
NO_DOCUMENT = declare("compliance.no_document", "请填写文件编号")
UNKNOWN_GROUND = declare("compliance.unknown_ground", "不认识的免责理由“{ground}”")
UNKNOWN_EXCUSE = declare("compliance.unknown_excuse", "找不到这条免责情形，或不在您的管辖范围", status=404)
# What a phone reports; the receipt says ``refused`` with the part of the code behind the dot.
MISSING_FIELD = declare("compliance.missing_field", "缺少字段 payload.{field}")
UNKNOWN_FIELD = declare("compliance.unknown_field", "字段 payload.{field} 不属于受阻上报")
BAD_FIELD = declare("compliance.bad_field", "字段 payload.{field}：{expected}")
UNKNOWN_VILLAGE = declare("compliance.unknown_village", "字段 payload.village：没有代码为“{code}”的村")
NOT_UNDERSTOOD = declare("compliance.not_understood", "受阻上报无法处理")

DECIDED = declare("compliance.decided", "这条免责情形已是“{status}”，不能再{verb}", status=409)
OWN_APPLICATION = declare("compliance.own_application", "不能审批本人或本企业提出的免责情形", status=403)
NOT_A_REGULATOR = declare("compliance.not_a_regulator", "只有邮政管理部门能审批免责情形", status=403)
NOT_THE_APPLICANT = declare("compliance.not_the_applicant", "只有提出人能撤回待批准的免责情形", status=403)
