"""Who really asked, when a reverse proxy of ours hands requests over: limits and locks count callers, not the proxy."""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from puyou.core.security import Handler

SOCKET = "unix"
Proxy = IPv4Network | IPv6Network | str


@lru_cache
def proxies_of(said: str) -> tuple[Proxy, ...]:
    """The networks that ``PUYOU_PROXIES`` names, by commas, and ``unix``; ValueError when one is neither."""
    named = [one.strip() for one in said.split(",") if one.strip()]
    return tuple(one if one == SOCKET else ip_network(one) for one in named)


def caller(remote: str, forwarded: str, trusted: tuple[Proxy, ...]) -> str:
    """The nearest address that is no proxy of ours.

    ``forwarded`` (X-Forwarded-For) is read from the right, as far as our proxies wrote it; what callers wrote further
    left is not believed. What is no address is not believed either: the proxy that sent it stays the caller.
    """
    for said in [*reversed([one.strip() for one in forwarded.split(",") if one.strip()]), ""]:
        if not _within(remote, trusted) or not said or not _is_address(said):
            break
        remote = said
    return remote


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _within(text: str, trusted: tuple[Proxy, ...]) -> bool:
    """Whether ``text`` is a proxy of ours; what is no address came through the socket."""
    if not _is_address(text):
        return SOCKET in trusted
    return any(ip_address(text) in one for one in trusted if not isinstance(one, str))


def named_callers(get_response: Handler) -> Handler:
    """Put the caller's own address where the rest of the site reads it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        trusted = proxies_of(settings.PROXIES)
        if trusted:
            remote, forwarded = (
                request.META.get("REMOTE_ADDR", ""),
                request.headers.get("X-Forwarded-For", ""),
            )
            request.META["REMOTE_ADDR"] = caller(remote, forwarded, trusted)
        return get_response(request)

    return middleware
