"""What the room ledgers says happened."""

from puyou.core import events

KIND_PUBLISHED = events.declare("ledger_kind.published", "发布台账类别")
ENTRY_CREATED = events.declare("ledger_entry.created", "登记台账")
ENTRY_EDITED = events.declare("ledger_entry.edited", "修改台账")
ENTRY_MOVED = events.declare("ledger_entry.moved", "办理台账")
ENTRIES_IMPORTED = events.declare("ledger_entries.imported", "导入台账")
FILE_ADDED = events.declare("ledger_file.added", "添加台账附件")
FILE_WITHDRAWN = events.declare("ledger_file.withdrawn", "撤回台账附件")
