"""What may go wrong in the field and at its desk."""

from puyou.core.problems import declare

NOT_BUILT = declare("fieldwork.not_built", "现场应用尚未构建，请管理员执行 make assets", status=404)
MISSING_FIELD = declare("fieldwork.missing_field", "缺少字段 {field}")
UNKNOWN_FIELD = declare("fieldwork.unknown_field", "字段 {field} 不属于这种信封")
BAD_FIELD = declare("fieldwork.bad_field", "字段 {field}：{expected}")
UNKNOWN_VERSION = declare("fieldwork.unknown_version", "字段 version：没有“{version}”这一版知情同意书")
BAD_MONTH = declare("fieldwork.bad_month", "月份“{month}”应写作 2026-11")
BAD_DAY = declare("fieldwork.bad_day", "日期“{day}”应写作 2026-11-20", status=400)
NOTHING_ARRANGED = declare("fieldwork.nothing_arranged", "请选择代班人和村，或勾选请假")
UNKNOWN_LEAVE = declare("fieldwork.unknown_leave", "没有这次请假，或不在您的管辖范围", status=404)
BAD_PICTURE = declare("fieldwork.bad_picture", "照片无法读出：应为 JPEG 或 PNG，至多 15 MB")
