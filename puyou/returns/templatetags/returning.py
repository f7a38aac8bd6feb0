"""How a reported number is shown: with thousands, without zeros that nobody wrote."""

from decimal import Decimal

from django import template

register = template.Library()


@register.filter
def plain_figure(value: Decimal) -> str:
    """``1,234.5``; never an exponent."""
    return f"{value.normalize():,f}"
