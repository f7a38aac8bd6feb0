"""What the room says: rules published and verified, the calendar extended."""

from puyou.core.events import declare

RULE_PUBLISHED = declare("rule.published", "发布准则")
RULE_VERIFIED = declare("rule.verified", "核实准则")
STANDARDS_LOADED = declare("standards.loaded", "载入准则初始值")
CALENDAR_EXTENDED = declare("calendar.extended", "更新日历")
