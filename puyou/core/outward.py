"""Asking machines outside: only those the deployment allows, at the address that was checked, for a short time.

``settings.OUTWARD`` lists whom. A bare host is asked by HTTPS on port 443 and only at public addresses; a whole origin
(``http://10.1.2.3:8080``) is allowed as it stands, inner network or not. Redirects are not followed.
"""

import http.client
import ipaddress
import json
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

SECONDS, WHOLE_SECONDS, MOST_BYTES = 10, 20, 64 * 1024


class Refused(Exception):
    """It will never be asked, or said that it never will: trying again is no use."""


class Failed(Exception):
    """It did not work this time."""


@dataclass(frozen=True)
class Target:
    """Where to ask: the name for the certificate, and the one address that was checked."""

    scheme: str
    host: str
    port: int
    address: str
    path: str


def post_json(url: str, body: bytes, headers: dict[str, str] | None = None) -> Any:
    """POST a JSON document and read the JSON that comes back; Refused or Failed with a Chinese sentence."""
    target = find_target(url)
    connection = _connection(target)
    watch = threading.Timer(WHOLE_SECONDS, _cut, [connection])
    watch.daemon = True
    try:
        watch.start()
        connection.request("POST", target.path, body, {"Content-Type": "application/json"} | (headers or {}))
        answer = connection.getresponse()
        told = answer.read(MOST_BYTES + 1)
    except (OSError, http.client.HTTPException) as error:
        raise Failed(f"对方没有应答：{type(error).__name__}") from error
    finally:
        watch.cancel()
        connection.close()
    return _read(answer.status, told)


def _cut(connection: http.client.HTTPConnection) -> None:
    """End an exchange that drips on and on."""
    if connection.sock is not None:
        with suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)


def _read(status: int, told: bytes) -> Any:
    if status in (408, 425, 429) or status >= 500:
        raise Failed(f"对方答复 {status}，稍后再试")
    if status >= 300:
        raise Refused(f"对方答复 {status}，不再重试")
    try:
        return json.loads(told[:MOST_BYTES]) if len(told) <= MOST_BYTES else json.loads(b"")
    except (ValueError, RecursionError) as error:
        raise Failed("对方的答复不是约定的格式") from error


def find_target(url: str) -> Target:
    """The checked address of a URL; Refused when it is not allowed."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    except ValueError as error:
        raise Refused("地址格式不对") from error
    host = (parts.hostname or "").lower()
    if not host or parts.username or parts.password or parts.scheme not in ("http", "https"):
        raise Refused("地址格式不对")
    whole = f"{parts.scheme}://{host}:{port}" in {_spelled(one) for one in settings.OUTWARD if "://" in one}
    bare = parts.scheme == "https" and port == 443 and host in settings.OUTWARD
    if not whole and not bare:
        raise Refused(f"“{host}”不在允许的外部地址之内，请系统管理员在 PUYOU_OUTWARD 中列出")
    address = _resolve(host, port, inner=whole)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, address, path)


def _spelled(origin: str) -> str:
    parts = urlsplit(origin)
    return f"{parts.scheme}://{parts.hostname}:{parts.port or {'https': 443}.get(parts.scheme, 80)}"


def _resolve(host: str, port: int, *, inner: bool) -> str:
    try:
        found = [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except OSError as error:
        raise Failed(f"找不到“{host}”") from error
    fitting = [one for one in found if inner or ipaddress.ip_address(one.split("%")[0]).is_global]
    if not fitting or len(fitting) < len(found):
        raise Refused(f"“{host}”指向内部网络，不予访问")
    return fitting[0]


def _connection(target: Target) -> http.client.HTTPConnection:
    """A connection to the checked address, so that a name cannot point elsewhere between checking and asking."""
    made = http.client.HTTPConnection(target.host, target.port, timeout=SECONDS)
    try:
        line = socket.create_connection((target.address, target.port), SECONDS)
        if target.scheme == "https":
            line = ssl.create_default_context().wrap_socket(line, server_hostname=target.host)
    except OSError as error:
        raise Failed(f"连接不上：{type(error).__name__}") from error
    made.sock = line
    return made
