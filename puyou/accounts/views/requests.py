"""What a request tells about where it comes from."""

from ipaddress import ip_address

from django.http import HttpRequest


def address(request: HttpRequest) -> str | None:
    """The peer's network address; None when there is none (a local socket)."""
    try:
        return str(ip_address(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return None
