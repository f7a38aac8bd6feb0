"""The small chart of a tile: bars from zero, a period without a value left open; it prints and needs no script."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, HEIGHT, FOOT = 240, 64, 14


def draw(points: Sequence[dict[str, Any]], title: str) -> SafeString:
    """Bars with the first and last period named below; nothing without points."""
    if not points:
        return SafeString("")
    rows = [_bar(at, point, points) for at, point in enumerate(points)]
    zero = f"{_height(Decimal(0), points):.1f}"
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" role="img" aria-label="{}">{}<line class="zero" x1="0" x2="{}" '
        'y1="{}" y2="{}"/><text x="0" y="{}">{}</text><text class="end" x="{}" y="{}">{}</text></svg>',
        WIDTH, HEIGHT, title,
        format_html_join("", '<rect class="{}" x="{}" y="{}" width="{}" height="{}"><title>{} {}</title></rect>', rows),
        WIDTH, zero, zero, HEIGHT - 2, points[0]["label"], WIDTH, HEIGHT - 2, points[-1]["label"],
    )  # fmt: skip


def _bar(at: int, point: dict[str, Any], points: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    step = WIDTH / len(points)
    zero = _height(Decimal(0), points)
    end = zero if point["value"] is None else _height(Decimal(point["value"]), points)
    kind = "missing" if point["value"] is None else "now" if at == len(points) - 1 else "before"
    box = (step * at + step * 0.15, min(zero, end), step * 0.7, max(abs(zero - end), 1.0))
    return (kind, *(f"{each:.1f}" for each in box), point["label"], point["shown"])


def _height(value: Decimal, points: Sequence[dict[str, Any]]) -> float:
    known = [Decimal(point["value"]) for point in points if point["value"] is not None]
    low, high = min(*known, Decimal(0)), max(*known, Decimal(0))
    if low == high:
        high = Decimal(1)  # nothing but noughts: the line of zero lies below, as on every other chart
    span = float(high - low)
    return 2 + (HEIGHT - FOOT - 4) * float(high - value) / span
