"""A small line of a place's last weeks, drawn on the server so that it prints and needs no script."""

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

from puyou.core import formats

WIDTH, HEIGHT, MARGIN = 108, 22, 2
LEAST_SPAN = 0.04  # a flat line stays flat: two percentage points either way


def draw(shares: Sequence[float | None]) -> SafeString:
    """Shares of 0 to 1 in order, gaps where a week has none; says its ends in words."""
    known = [share for share in shares if share is not None]
    if not known:
        return format_html('<span class="quiet">{}</span>', formats.NO_DATA)
    top = max(known)
    bottom = max(0.0, min(*known, top - LEAST_SPAN))
    points = [_point(at, len(shares), share, bottom, top) for at, share in enumerate(shares)]
    last = next(point for point in reversed(points) if point)
    told = f"最低 {formats.rate(min(known))}，最高 {formats.rate(top)}，最近 {formats.rate(known[-1])}"
    return format_html(
        '<svg class="sparkline" viewBox="0 0 {} {}" role="img" aria-label="{}"><title>{}</title>'
        '<path d="{}"/><circle class="last" cx="{}" cy="{}" r="2"/></svg>',
        WIDTH,
        HEIGHT,
        told,
        told,
        _path(points),
        *last,
    )


def _point(at: int, count: int, share: float | None, bottom: float, top: float) -> tuple[str, str] | None:
    if share is None:
        return None
    x = MARGIN + (WIDTH - 2 * MARGIN) * (at / max(1, count - 1))
    y = MARGIN + (HEIGHT - 2 * MARGIN) * (top - share) / ((top - bottom) or 1)
    return f"{x:.1f}", f"{y:.1f}"


def _path(points: Sequence[tuple[str, str] | None]) -> str:
    steps, pen_down = [], False
    for point in points:
        if point:
            steps.append(f"{'L' if pen_down else 'M'}{point[0]} {point[1]}")
        pen_down = point is not None
    return "".join(steps)
