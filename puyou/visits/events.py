"""What the room visits says happened."""

from puyou.core import events

VISITS_TAKEN_IN = events.declare("visits.taken_in", "一批到村打卡已接收")
VISIT_REVIEWED = events.declare("visit.reviewed", "到村打卡已审核")
DAY_SETS_LOADED = events.declare("day_sets.loaded", "整年投递日集已载入")
