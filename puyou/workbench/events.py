"""What the room of the workbench says happened."""

from puyou.core import events

STUCK_CHANGED = events.declare("stuck.changed", "停滞案件有变化")
CHANNEL_SET = events.declare("channel.set", "设置通知渠道")
NOTICES_PREFERRED = events.declare("notices.preferred", "更改接收设置")
