"""What may go wrong with scores and weightings."""

from puyou.core import problems

BAD_WEIGHTING = problems.declare("scrutiny.bad_weighting", "评分权重有误：{reason}")
NO_WEIGHTING = problems.declare("scrutiny.no_weighting", "{day} 没有有效的评分权重", status=404)
