"""Codes to be scanned, as SVG that stands in a page without any style of its own."""

import segno
from django.utils.safestring import SafeString, mark_safe


def draw(text: str) -> SafeString:
    """The QR code of a text; made of digits and paths only, so that it is safe in a page."""
    made = segno.make(text, error="m", micro=False)
    # drawn here from numbers, no markup of anybody goes in
    return mark_safe(made.svg_inline(border=2, omitsize=True, svgclass=None, lineclass=None))  # nosec B308, B703
