"""Callers behind our own proxy are told apart; nobody else is believed about who he is."""

import pytest
from django.test import Client

from puyou.config import proxies

OURS = proxies.proxies_of("127.0.0.1, 10.0.0.0/8, ::1")


@pytest.mark.parametrize(
    ("remote", "forwarded", "caller"),
    [
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7"),  # the left one was written by the caller
        ("127.0.0.1", "203.0.113.7, 10.1.2.3", "203.0.113.7"),  # two proxies of ours
        ("::1", "2001:db8::5", "2001:db8::5"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.7, <script>", "127.0.0.1"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # no proxy of ours
        ("", "198.51.100.1", ""),
    ],
)
def test_the_nearest_that_is_none_of_ours(remote: str, forwarded: str, caller: str) -> None:
    assert proxies.caller(remote, forwarded, OURS) == caller


@pytest.mark.parametrize("socket", ["", "unix:/run/puyou/web.sock"])
def test_whoever_uses_the_socket_is_believed_when_said(socket: str) -> None:
    assert proxies.caller(socket, "203.0.113.7", proxies.proxies_of("unix")) == "203.0.113.7"
    assert proxies.caller(socket, "203.0.113.7", OURS) == socket


def test_a_network_that_is_none_is_told_at_once() -> None:
    with pytest.raises(ValueError, match="10.0.0"):
        proxies.proxies_of("10.0.0")


@pytest.mark.django_db
def test_a_lock_counts_callers_not_the_proxy(settings) -> None:
    settings.PROXIES = "127.0.0.1"

    def tried(address: str) -> int:
        said = {"username": "nobody.here", "password": "wrong"}
        return Client().post("/login/", said, headers={"X-Forwarded-For": address}).status_code

    assert [tried("203.0.113.7") for _ in range(6)][-1] == 429
    assert tried("203.0.113.8") != 429
