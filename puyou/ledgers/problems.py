"""What may go wrong with kinds, entries, files and sheets of ledgers."""

from puyou.core import problems

# Kinds.
UNKNOWN_KIND = problems.declare("ledgers.unknown_kind", "没有“{code}”这类台账", status=404)
BAD_DEFINITION = problems.declare("ledgers.bad_definition", "台账定义不能发布：{faults}")
OLD_VERSION = problems.declare(
    "ledgers.old_version",
    "这类台账已有第 {number} 版，您修改的是第 {expected} 版；请在新版上修改",
    status=409,
)
SAME_DEFINITION = problems.declare("ledgers.same_definition", "内容与现行第 {number} 版相同，不必发布")

# Entries.
UNKNOWN_ENTRY = problems.declare("ledgers.unknown_entry", "没有这条台账，或不在您的管辖范围", status=404)
BAD_ENTRY = problems.declare("ledgers.bad_entry", "台账内容不对：{faults}")
STALE = problems.declare(
    "ledgers.stale",
    "这条台账在您打开之后已被修改（现为第 {revision} 次修订，{status}），本次没有写入；请核对后再办",
    status=409,
)
WRONG_STATE = problems.declare("ledgers.wrong_state", "{status}的台账不能{verb}", status=409)
NOT_FILLER = problems.declare("ledgers.not_filler", "“{kind}”由{who}填报", status=403)
NOT_OWN_OPERATOR = problems.declare("ledgers.not_own_operator", "只能填报本企业的台账", status=403)
NOT_CONFIRMER = problems.declare("ledgers.not_confirmer", "“{kind}”由{who}确认", status=403)
OWN_ENTRY = problems.declare("ledgers.own_entry", "本人提交的台账须由他人确认", status=403)
NO_GROUND = problems.declare("ledgers.no_ground", "请写明理由")
NO_OFFICE = problems.declare("ledgers.no_office", "您的账号没有所属机构，无法编号；请与系统管理员联系")
BAD_LEVEL = problems.declare("ledgers.bad_level", "“{kind}”的{name}应为{levels}的地区")
NO_OPERATOR = problems.declare("ledgers.no_operator", "请写明企业")
NO_FILE = problems.declare("ledgers.no_file", "须先上传附件：{names}")
DUPLICATE = problems.declare("ledgers.duplicate", "已有相同的台账（{number}），请在那一条上修改", status=409)
NO_FOLLOW_UP = problems.declare("ledgers.no_follow_up", "这类台账没有这样的后续台账", status=404)
BAD_PERIOD = problems.declare("ledgers.bad_period", "起始日期 {first} 晚于终止日期 {last}")
NO_MEASURE = problems.declare("ledgers.no_measure", "没有“{code}”这个台账指标", status=404)

# Files.
UNKNOWN_FILE = problems.declare("ledgers.unknown_file", "没有这个附件，或已撤回", status=404)
UNFIT_FILE = problems.declare("ledgers.unfit_file", "附件不能接收：{reason}")
TOO_MANY_FILES = problems.declare("ledgers.too_many_files", "一条台账最多 {limit} 个附件")
FILE_LOST = problems.declare(
    "ledgers.file_lost", "附件的内容缺失或与登记的哈希不符，请与系统管理员联系", status=409
)

# Sheets.
NO_HEADING = problems.declare(
    "ledgers.no_heading", "前 {rows} 行里找不到列标题；请用下载的模板，或保留原来的列名（应有：{names}）"
)
MISSING_COLUMNS = problems.declare("ledgers.missing_columns", "缺少必填的列：{columns}；列名请与模板一致")
REPEATED_COLUMNS = problems.declare("ledgers.repeated_columns", "有重复的列：{columns}；请删去一个")
NO_ROWS = problems.declare("ledgers.no_rows", "列标题下面没有内容")
UNKNOWN_IMPORT = problems.declare("ledgers.unknown_import", "没有这次导入", status=404)
APPLIED = problems.declare("ledgers.applied", "这次导入已在 {at} 写入", status=409)
NOT_CLEAN = problems.declare(
    "ledgers.not_clean", "还有 {count} 处错误，没有写入任何一行；请改正文件后重新上传", status=409
)
