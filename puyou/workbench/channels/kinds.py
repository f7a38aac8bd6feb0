"""What a channel is: whom it reaches, what an organisation must say to use it, and how it sends one message."""

from collections.abc import Callable
from dataclasses import dataclass

from puyou.core.outward import Failed, Refused

__all__ = ["Channel", "Failed", "Message", "Refused", "Setting", "check_code"]


@dataclass(frozen=True)
class Message:
    """One message: ``to`` is a mail address or a telephone number, empty for a group's robot."""

    to: str
    subject: str
    text: str


@dataclass(frozen=True)
class Setting:
    """What an organisation said: plain ``values`` by field, and its secret."""

    values: dict[str, str]
    secret: str = ""


@dataclass(frozen=True)
class Channel:
    """``fields``: code → label of what is asked; ``secret``: the label of its secret, empty without one.

    ``send`` raises Failed (try again later) or Refused (never).
    """

    code: str
    name: str
    personal: bool
    fields: dict[str, str]
    secret: str
    help: str
    send: Callable[[Setting, Message], None]


def check_code(answer: object, name: str) -> None:
    """Both robots and gateways say ``{"errcode": 0}`` or ``{"code": 0}`` when a message was taken."""
    if not isinstance(answer, dict):
        raise Failed("对方的答复不是约定的格式")
    code = answer.get(name)
    if isinstance(code, bool) or code not in (0, "0"):
        said = str(answer.get("errmsg") or answer.get("message") or "")[:100]
        raise Failed(f"对方没有收下：{str(code)[:20]} {said}".strip())
