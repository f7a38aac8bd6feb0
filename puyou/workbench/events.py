"""What the room of the workbench says happened."""

from puyou.core import events

STUCK_CHANGED = events.declare("stuck.changed", "停滞案件有变化")
