"""A plan's indicator over the years, drawn on the server: values, targets and what is expected, from zero."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from puyou.plans.forecasting import Forecast

WIDTH, HEIGHT, LEFT, TOP, BOTTOM, RIGHT = 720, 240, 76, 14, 28, 16
TICKS = 4


class Frame:
    """Where years and values lie; the axis holds zero."""

    def __init__(self, years: Sequence[int], values: Sequence[float]) -> None:
        self.years = years
        low, high = min(0.0, *values), max(0.0, *values)
        step = _step((high - low) / TICKS or 1.0)
        self.low = (low // step) * step
        self.ticks = [self.low + step * at for at in range(int((high - self.low) / step - 1e-9) + 2)]
        self.high = self.ticks[-1]

    def x(self, year: int) -> float:
        span = max(1, self.years[-1] - self.years[0])
        return LEFT + (WIDTH - LEFT - RIGHT) * (year - self.years[0] + 0.5) / (span + 1)

    def y(self, value: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (self.high - value) / (self.high - self.low or 1.0)


def _step(rough: float) -> float:
    power = 10.0 ** (len(str(int(rough))) - 1) if rough >= 1 else 10.0 ** -len(f"{1 / rough:.0f}")
    return next(power * each for each in (1, 2, 5, 10, 20, 50, 100) if power * each >= rough)


def draw(
    years: Sequence[int], values: Mapping[int, Decimal], targets: Mapping[int, Decimal], expected: Forecast | None,
    title: str,
) -> SafeString:  # fmt: skip
    """Values as a line with gaps where a year has none, targets as open squares, the interval as a bar."""
    amounts = [float(each) for each in (*values.values(), *targets.values())]
    if expected is not None:
        amounts += [expected.low, expected.high]
    if not amounts:
        return SafeString("")
    frame = Frame(years, amounts)
    return format_html(
        '<svg class="plan-chart" viewBox="0 0 {} {}" role="img" aria-label="{}"><title>{}</title>{}{}{}{}{}</svg>',
        WIDTH, HEIGHT, title, title, _grid(frame), _interval(frame, expected), _line(frame, values),
        _targets(frame, targets), _labels(frame),
    )  # fmt: skip


def _grid(frame: Frame) -> SafeString:
    return format_html_join(
        "",
        '<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/><text class="tick" x="{}" y="{}">{}</text>',
        (
            (
                "zero" if not tick else "grid", LEFT, WIDTH - RIGHT, f"{frame.y(tick):.1f}", f"{frame.y(tick):.1f}",
                LEFT - 8, f"{frame.y(tick) + 4:.1f}", _short(tick),
            )
            for tick in frame.ticks
        ),
    )  # fmt: skip


def _short(value: float) -> str:
    for size, word in ((1e8, "亿"), (1e4, "万")):
        if abs(value) >= size:
            return f"{value / size:,.6g}{word}"
    return f"{value:.6g}"


def _line(frame: Frame, values: Mapping[int, Decimal]) -> SafeString:
    steps, down = [], False
    for year in frame.years:
        if year in values:
            steps.append(f"{'L' if down else 'M'}{frame.x(year):.1f} {frame.y(float(values[year])):.1f}")
        down = year in values
    dots = [
        (f"{frame.x(year):.1f}", f"{frame.y(float(value)):.1f}", year, f"{value.normalize():,f}")
        for year, value in values.items()
    ]
    return format_html(
        '<path class="line" d="{}"/>{}',
        " ".join(steps),
        format_html_join("", '<circle cx="{}" cy="{}" r="3.5"><title>{}年 {}</title></circle>', dots),
    )


def _targets(frame: Frame, targets: Mapping[int, Decimal]) -> SafeString:
    rows = [
        (f"{frame.x(year) - 5:.1f}", f"{frame.y(float(value)) - 5:.1f}", year, f"{value.normalize():,f}")
        for year, value in sorted(targets.items())
    ]
    return format_html_join(
        "",
        '<rect class="target" x="{}" y="{}" width="10" height="10"><title>{}年目标 {}</title></rect>',
        rows,
    )


def _interval(frame: Frame, expected: Forecast | None) -> SafeString:
    if expected is None:
        return SafeString("")
    x = frame.x(expected.year)
    return format_html(
        '<line class="interval" x1="{}" x2="{}" y1="{}" y2="{}"><title>预测区间</title></line>'
        '<line class="expected" x1="{}" x2="{}" y1="{}" y2="{}"/>',
        f"{x:.1f}", f"{x:.1f}", f"{frame.y(expected.low):.1f}", f"{frame.y(expected.high):.1f}",
        f"{x - 9:.1f}", f"{x + 9:.1f}", f"{frame.y(expected.value):.1f}", f"{frame.y(expected.value):.1f}",
    )  # fmt: skip


def _labels(frame: Frame) -> SafeString:
    return format_html_join(
        "",
        '<text class="label" x="{}" y="{}">{}</text>',
        ((f"{frame.x(year):.1f}", HEIGHT - 8, year) for year in frame.years),
    )
