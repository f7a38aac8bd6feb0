"""An estimate as a point with its interval, drawn on the server so that it prints and needs no script."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from puyou.audits.estimates import Estimate
from puyou.core import formats

WIDTH, HEIGHT, MARGIN = 160, 18, 4


def draw(estimate: Estimate, right: float) -> SafeString:
    """The point and the interval, thinner the widest limits; ``right`` is the share at the right edge."""
    if estimate.share is None or estimate.interval is None or estimate.outer is None:
        return SafeString("")
    low, high = (f"{_x(value, right):.1f}" for value in estimate.interval)
    least, most = (f"{_x(value, right):.1f}" for value in estimate.outer)
    said = "，区间 ".join((formats.rate(estimate.share), "至".join(map(formats.rate, estimate.interval))))
    return format_html(
        '<svg class="whisker" viewBox="0 0 {} {}" role="img" aria-label="{}"><title>{}</title>'
        '<line class="outer" x1="{}" x2="{}" y1="9" y2="9"/><line class="inner" x1="{}" x2="{}" y1="9" y2="9"/>'
        '<circle cx="{}" cy="9" r="3.5"/></svg>',
        WIDTH, HEIGHT, said, said, least, most, low, high, f"{_x(estimate.share, right):.1f}",
    )  # fmt: skip


def _x(share: float, right: float) -> float:
    return MARGIN + (WIDTH - 2 * MARGIN) * min(1.0, share / (right or 1.0))
