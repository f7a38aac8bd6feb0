"""What may go wrong with drawing, verifying and re-checking."""

from puyou.core import problems

# Drawing.
BAD_DATES = problems.declare("audits.bad_dates", "起始日期 {first} 晚于终止日期 {last}")
NOT_SETTLED = problems.declare(
    "audits.not_settled", "{last} 所在的周要到 {settled} 才定论，其后才能抽核；迟到的打卡此前还会补传"
)
EMPTY_FRAME = problems.declare("audits.empty_frame", "{place}在这段时间没有计入的到村打卡，无从抽取")
BAD_SIZE = problems.declare("audits.bad_size", "抽取件数应为 1 至 {most} 之间的整数")
BAD_SEED = problems.declare("audits.bad_seed", "种子应为 1 至 100 个字符，首尾不含空格")
NEEDS_REASON = problems.declare(
    "audits.needs_reason", "这个地区、这段时间已有抽核批次（第 {number} 号）；再抽一次须写明理由，并记入日志"
)
ALREADY_SEEDED = problems.declare("audits.already_seeded", "这一批已经抽取，种子不能更改", status=409)
UNKNOWN_DRAW = problems.declare("audits.unknown_draw", "没有这个抽核批次，或不在您的管辖范围", status=404)
FRAME_GONE = problems.declare("audits.frame_gone", "抽样框文件不在，或与公布的摘要不符，不能抽取", status=409)

# Verifying published files.
UNREADABLE = problems.declare("audits.unreadable", "文件“{name}”不是抽核批次文件：{reason}")

# Re-checking.
UNKNOWN_ITEM = problems.declare("audits.unknown_item", "没有这个抽核件，或不在您的管辖范围", status=404)
OWN_VISIT = problems.declare("audits.own_visit", "不能核查本人的到村打卡", status=403)
CHECKED_TOO_EARLY = problems.declare("audits.checked_too_early", "核查日期不能早于打卡当天，也不能晚于今天")
NO_NOTE = problems.declare("audits.no_note", "不属实、无法认定时须写明情况")
CHANGED = problems.declare(
    "audits.changed", "{name}已在 {at} 录入“{outcome}”，本次没有写入，请核对后再录", status=409
)
UNKNOWN_OUTCOME = problems.declare("audits.unknown_outcome", "结果应为：属实、不属实、无法认定、未联系上")
UNKNOWN_METHOD = problems.declare("audits.unknown_method", "方式应为：电话、现场")
BAD_DAY = problems.declare("audits.bad_day", "日期“{text}”应形如 2026-10-08")
TOO_MANY_ROWS = problems.declare("audits.too_many_rows", "一次最多 {limit} 行，这份文件有 {rows} 行")
NO_FILE = problems.declare("audits.no_file", "请选择要录入的文件")
