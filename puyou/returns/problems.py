"""What may go wrong with returns."""

from puyou.core import problems

UNKNOWN_FORM = problems.declare("returns.unknown_form", "没有代码为“{code}”的填报表", status=404)
UNKNOWN_RETURN = problems.declare("returns.unknown_return", "没有这份填报表，或不在您的管辖范围", status=404)
BAD_FORM = problems.declare("returns.bad_form", "填报表“{code}”的定义有误：{reason}")
NOT_IN_FORCE = problems.declare("returns.not_in_force", "{form}在{period}不在有效期内")
WRONG_PERIOD = problems.declare("returns.wrong_period", "{form}按{kind}填报，{period}不是")
NOT_OVER = problems.declare("returns.not_over", "{period}还没有结束，不能下达")
NOBODY = problems.declare("returns.nobody", "您的管辖范围内没有须填{form}的单位")
PLACE_GONE = problems.declare(
    "returns.place_gone", "{place}已于 {day} 撤销，不能再填报；请由承接的地区填报", status=409
)
NOT_FILLER = problems.declare("returns.not_filler", "这份表由{filler}填报", status=403)
NOT_CHECKER = problems.declare("returns.not_checker", "这份表现在由{level}以上审核", status=403)
WRONG_STATE = problems.declare("returns.wrong_state", "这份表{state}，不能{verb}", status=409)
TURNED = problems.declare(
    "returns.turned", "这份表在您打开之后有了变化：{what}。请看过现在的内容再办理", status=409
)
CLASH = problems.declare(
    "returns.clash",
    "{who}同时填了这份表，{count} 格与您填的不同：{cells}。您填的都还在下面，请逐格核对后再保存",
    status=409,
)
HAS_FAULTS = problems.declare("returns.has_faults", "还有 {count} 处须改正或说明，第一处：{first}")
SAME_PERSON = problems.declare(
    "returns.same_person", "填表人和负责人须是两个人；请由另一位负责人签发", status=403
)
OWN_RETURN = problems.declare("returns.own_return", "本人填报或签发的须由他人审核", status=403)
NO_GROUND = problems.declare("returns.no_ground", "请写明理由")
NOTHING_CHOSEN = problems.declare("returns.nothing_chosen", "请先勾选要通过的填报表")
OTHER_SHEET = problems.declare("returns.other_sheet", "这份文件是“{found}”的表，不是“{wanted}”的，没有读入")
NO_HEADING = problems.declare(
    "returns.no_heading", "前 30 行里找不到列标题；须有“指标”列和至少一个数值列，请用下载的模板"
)
TOO_MANY_LINES = problems.declare("returns.too_many_lines", "最多 {limit} 行，现有 {count} 行")
