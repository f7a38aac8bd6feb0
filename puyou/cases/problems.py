"""What may go wrong with procedures and cases."""

from puyou.core.problems import declare

UNKNOWN_PROCEDURE = declare("cases.unknown_procedure", "没有“{code}”这个办理程序", status=404)
UNKNOWN_VERSION = declare("cases.unknown_version", "找不到这个程序版本", status=404)
NOT_PUBLISHED = declare("cases.not_published", "办理程序“{name}”在 {on} 没有生效的版本")
BAD_DEFINITION = declare("cases.bad_definition", "程序定义有误：{faults}")
NOT_A_DRAFT = declare("cases.not_a_draft", "只有草稿可以{verb}，这一版本{status}", status=409)
BACKWARDS = declare("cases.backwards", "生效日期 {on} 不能早于现行版本的生效日期 {current}")
UNKNOWN_CASE = declare("cases.unknown_case", "找不到这个案件，或不在您的权限之内", status=404)
UNKNOWN_ACTION = declare("cases.unknown_action", "这个案件没有“{code}”这一办理事项", status=404)
STALE = declare("cases.stale", "案件已有变化（{changes}），请看过最新情况再办理", status=409)
DENIED = declare("cases.denied", "不能办理“{action}”：{reason}", status=409)
BAD_DATA = declare("cases.bad_data", "{field}：{reason}")
NO_OFFICE = declare("cases.no_office", "“{place}”没有可以受理的邮政管理部门")
NOT_YOURS = declare("cases.not_yours", "这一事项不由您办理", status=403)
CLOSED = declare("cases.closed", "案件已办结，不能再改动", status=409)
UNKNOWN_MATERIAL = declare("cases.unknown_material", "材料清单上没有“{code}”", status=404)
MATERIAL_STANDS = declare("cases.material_stands", "“{name}”{status}，不必再提交", status=409)
NOTHING_TO_REVIEW = declare("cases.nothing_to_review", "没有待审查的材料", status=409)
REVIEW_WHOLE = declare("cases.review_whole", "待审查的材料须一并决定，以便一次告知：{names}")
RETURN_GROUND = declare("cases.return_ground", "退回“{name}”须写明应如何补正，1 至 {limit} 个字")
