"""What may go wrong on the public's pages."""

from puyou.core.problems import declare

SLOW_DOWN = declare("portal.slow_down", "操作太频繁，请稍等 {seconds} 秒再试", status=429)
UNKNOWN_CODE_ROW = declare("portal.unknown_notice", "没有这张公示码，或不在您的管辖范围", status=404)
