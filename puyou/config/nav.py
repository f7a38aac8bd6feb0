"""What stands in the navigation, and the shell's share of every page's context."""

from typing import Any

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of every page."""
    return {}
