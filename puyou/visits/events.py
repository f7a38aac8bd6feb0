"""What the room visits says happened."""

from puyou.core import events

VISITS_TAKEN_IN = events.declare("visits.taken_in", "一批到村打卡已接收")
SLIP_RECORDED = events.declare("slip.recorded", "纸质交接单已补录")
VISITS_WITHDRAWN = events.declare("visits.withdrawn", "到村打卡已撤回")
VISIT_REVIEWED = events.declare("visit.reviewed", "到村打卡已审核")
DAY_SETS_LOADED = events.declare("day_sets.loaded", "整年投递日集已载入")
VISITS_SCREENED_AGAIN = events.declare("visits.screened_again", "到村打卡已重新核验")
POSITION_REVIEW_OPENED = events.declare("position_review.opened", "无定位占比已转入审核")
POSITION_REVIEW_CLOSED = events.declare("position_review.closed", "无定位占比审核已结")
