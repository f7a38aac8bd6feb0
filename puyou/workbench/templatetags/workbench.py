"""How the desk says a state and a due date."""

from datetime import date

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from puyou.cases import tables
from puyou.cases.models import Case
from puyou.core import formats

register = template.Library()


@register.simple_tag
def state(case: Case) -> str:
    """The state of a case in words."""
    return tables.state_name(case)


@register.simple_tag
def due(due_on: date, today: date) -> SafeString:
    """``11月30日 周一，还有 4 天``; what has passed is marked."""
    left = (due_on - today).days
    if left < 0:
        return format_html('{} <span class="badge danger">超 {} 天</span>', formats.short_day(due_on), -left)
    if left == 0:
        return format_html('{} <span class="badge provisional">今天</span>', formats.short_day(due_on))
    return format_html('{} <span class="quiet">还有 {} 天</span>', formats.short_day(due_on), left)
