"""What the room scrutiny says happened."""

from puyou.core import events

VISITS_SCORED = events.declare("visits.scored", "一批到村打卡已评证据分")
WEIGHTING_PUBLISHED = events.declare("weighting.published", "评分权重已发布")
