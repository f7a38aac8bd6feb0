"""A series drawn on the server: from zero, gaps where a period has no value; it prints and needs no script."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 720, 220, 56, 14, 26
TICKS = 4
MOST_LABELS = 14


@dataclass(frozen=True)
class Point:
    """One period: ``value`` None is missing and leaves a gap; ``shown`` is its value for people."""

    label: str
    value: Decimal | None
    shown: str


def draw(points: Sequence[Point], title: str, *, bars: bool) -> SafeString:
    """Bars for what adds up over time, a line for everything else; nothing at all without a value."""
    known = [point.value for point in points if point.value is not None]
    if not known:
        return SafeString("")
    ticks = _ticks(min(*known, Decimal(0)), max(*known, Decimal(0)))
    frame = _Frame(len(points), ticks[0], ticks[-1])
    drawn = _bars(points, frame) if bars else _line(points, frame)
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}"><title>{}</title>{}{}{}</svg>',
        WIDTH, HEIGHT, title, title, _grid(frame, ticks), drawn, _labels(points, frame),
    )  # fmt: skip


@dataclass(frozen=True)
class _Frame:
    count: int
    low: Decimal
    high: Decimal

    @property
    def step(self) -> float:
        return (WIDTH - LEFT - 8) / max(1, self.count)

    def x(self, at: int) -> float:
        return LEFT + self.step * (at + 0.5)

    def y(self, value: Decimal) -> float:
        span = float(self.high - self.low) or 1.0
        return TOP + (HEIGHT - TOP - BOTTOM) * (float(self.high - value) / span)


def _ticks(low: Decimal, high: Decimal) -> list[Decimal]:
    """Round numbers from at most ``low`` to at least ``high``, zero among them."""
    rough = (high - low) / TICKS or Decimal(1)
    power = Decimal(10) ** (rough.adjusted())
    step = next(power * each for each in (1, 2, 5, 10) if power * each >= rough)
    first, last = (
        (low / step).to_integral_value("ROUND_FLOOR"),
        (high / step).to_integral_value("ROUND_CEILING"),
    )
    return [step * at for at in range(int(first), int(last) + 1)]


def _grid(frame: _Frame, ticks: Sequence[Decimal]) -> SafeString:
    return format_html_join(
        "",
        '<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/><text class="tick" x="{}" y="{}">{}</text>',
        (
            (
                "zero" if not tick else "grid", LEFT, WIDTH, f"{frame.y(tick):.1f}", f"{frame.y(tick):.1f}",
                LEFT - 6, f"{frame.y(tick) + 4:.1f}", _short(tick),
            )
            for tick in ticks
        ),
    )  # fmt: skip


def _short(value: Decimal) -> str:
    for scale, word in ((8, "亿"), (4, "万")):
        if abs(value) >= Decimal(10) ** scale:
            return f"{value.scaleb(-scale).normalize():f}{word}"
    return f"{value.normalize():f}"


def _bars(points: Sequence[Point], frame: _Frame) -> SafeString:
    zero, width = frame.y(Decimal(0)), frame.step * 0.64
    rows = []
    for at, point in enumerate(points):
        if point.value is not None:
            end = frame.y(point.value)
            box = (frame.x(at) - width / 2, min(zero, end), width, max(abs(zero - end), 0.8))
            rows.append((*(f"{each:.1f}" for each in box), point.label, point.shown))
    return format_html_join(
        "",
        '<rect class="bar-value" x="{}" y="{}" width="{}" height="{}"><title>{} {}</title></rect>',
        rows,
    )


def _line(points: Sequence[Point], frame: _Frame) -> SafeString:
    dots = [
        (f"{frame.x(at):.1f}", f"{frame.y(point.value):.1f}", point.label, point.shown)
        for at, point in enumerate(points)
        if point.value is not None
    ]
    return format_html(
        '<path class="line" d="{}"/>{}',
        " ".join(_steps(points, frame)),
        format_html_join("", '<circle cx="{}" cy="{}" r="3"><title>{} {}</title></circle>', dots),
    )


def _steps(points: Sequence[Point], frame: _Frame) -> Iterator[str]:
    down = False
    for at, point in enumerate(points):
        if point.value is not None:
            yield f"{'L' if down else 'M'}{frame.x(at):.1f} {frame.y(point.value):.1f}"
        down = point.value is not None


def _labels(points: Sequence[Point], frame: _Frame) -> SafeString:
    every = -(-len(points) // MOST_LABELS)
    return format_html_join(
        "",
        '<text class="label{}" x="{}" y="{}">{}</text>',
        (
            (" missing" if point.value is None else "", f"{frame.x(at):.1f}", HEIGHT - 8, point.label)
            for at, point in enumerate(points)
            if (len(points) - 1 - at) % every == 0
        ),
    )
