"""Template filters and tags of the shell: figures, dates, weeks, assets and icons."""

from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from puyou.core import clock as core_clock
from puyou.core import formats, ramp
from puyou.core.assets import asset_url
from puyou.core.explanations import Explanation, explanation_of
from puyou.core.periods import Week
from puyou.core.problems import Problem

register = template.Library()

register.filter("count", formats.count)
register.filter("rate", formats.rate)
register.filter("points", formats.points)
register.filter("day", formats.day)
register.filter("short_day", formats.short_day)
register.filter("moment", formats.moment)
register.filter("clock", formats.clock)
register.filter("week", formats.week)
register.filter("metres", formats.metres)


@register.filter
def big(value: float | None) -> SafeString | str:
    """万 or 亿 with the exact figure on hover: ``<span title="487,144">48.71万</span>``."""
    shown, exact = formats.big(value), formats.count(value)
    return shown if shown == exact else format_html('<span class="big" title="{}">{}</span>', exact, shown)


@register.filter
def relative(value: datetime | None) -> SafeString | str:
    """``2 小时前`` with the exact moment on hover."""
    if value is None:
        return ""
    exact = formats.moment(value)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        value.isoformat(),
        exact,
        formats.relative(value, core_clock.now()),
    )


@register.filter
def service_step(rate: float | None) -> str:
    """The step of the service scale a share belongs to (core.ramp)."""
    return ramp.step_of(rate)


@register.filter
def day_before(value: date) -> date:
    """The day before: the last day of a span whose end is the first day no longer in it."""
    return value - timedelta(days=1)


@register.filter
def week_before(week: Week) -> Week:
    """The week before."""
    return week.shift(-1)


@register.filter
def week_after(week: Week) -> Week | None:
    """The week after, unless it has not begun yet."""
    after = week.shift(1)
    return after if after.monday <= core_clock.today() else None


@register.filter
def attribute(value: Any, name: str) -> Any:
    """An attribute or key by a name held in a variable."""
    return value.get(name) if isinstance(value, dict) else getattr(value, name, None)


@register.simple_tag
def figure(value: Any, href: str = "", unit: str = "", kind: str = "count") -> SafeString:
    """A figure that links to the list it was counted from: ``{% figure 112 '/visits/?…' unit='个' %}``."""
    shown = getattr(formats, kind)(value)
    unit_html = (
        format_html('<span class="unit">{}</span>', unit) if unit and not formats.is_unknown(value) else ""
    )
    if not href:
        return format_html('<span class="figure">{}</span>{}', shown, unit_html)
    return format_html('<a class="figure" href="{}">{}</a>{}', href, shown, unit_html)


@register.simple_tag
def verdict_badge(code: str) -> SafeString:
    """A verdict or its provisional miss as a mark and its word: ``{% verdict_badge 'missed' %}``."""
    return format_html('<span class="badge {}">{}</span>', code, ramp.WORDS[code])


@register.simple_tag
def asset(name: str) -> str:
    """The address of a built front-end file: ``{% asset 'shell.js' %}``."""
    return asset_url(name)


@register.simple_tag
def icon(name: str) -> SafeString:
    """A small drawing from the sprite; decorative, so hidden from screen readers."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        asset_url("icons.svg"),
        name,
    )


@register.simple_tag
def explain(problem: Problem | None) -> Explanation:
    """What is safe and what to do about a problem: ``{% explain problem as told %}``."""
    return explanation_of(problem.status if problem else 500)


@register.simple_tag
def service_scale() -> dict[str, Any]:
    """The legend's steps: ``{steps, others, verdicts}``."""
    return {"steps": ramp.STEPS, "others": ramp.OTHERS, "verdicts": ramp.VERDICTS}
