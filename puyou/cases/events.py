"""What the room of cases says happened."""

from puyou.core import events

PROCEDURE_PUBLISHED = events.declare("procedure.published", "发布办理程序")
CASE_OPENED = events.declare("case.opened", "立案")
CASE_ACTED = events.declare("case.acted", "办理案件")
MATERIAL_HANDED_IN = events.declare("material.handed_in", "提交材料")
MATERIALS_REVIEWED = events.declare("materials.reviewed", "审查材料")
CASE_CLOSED = events.declare("case.closed", "办结")
DOCUMENT_ISSUED = events.declare("document.issued", "制发文书")
REPORT_FILED = events.declare("report.filed", "收到反映")
REPORT_CONFIRMED = events.declare("report.confirmed", "反映人确认")
REPORT_RATED = events.declare("report.rated", "反映人评价")
CATEGORIES_LOADED = events.declare("categories.loaded", "装载反映类别")
ATTACHMENT_ADDED = events.declare("attachment.added", "添加附件")
ATTACHMENT_WITHDRAWN = events.declare("attachment.withdrawn", "撤回附件")
ATTACHMENT_VIEWED = events.declare("attachment.viewed", "取用附件原件")
NOTE_ADDED = events.declare("note.added", "添加备注")
NOTE_WITHDRAWN = events.declare("note.withdrawn", "撤回备注")
CASE_LINKED = events.declare("case.linked", "关联案件")
CASE_UNLINKED = events.declare("case.unlinked", "解除关联")
