"""Which field app we know: the oldest that may go on, and the newest; the app is told, never refused."""

import msgspec

MINIMUM, CURRENT = 1, 1
UPDATE = "通邮应用已有必须更新的版本，请在有信号时打开应用，按提示更新；没有上传的记录不会丢失。"
RENEW = "通邮应用有新版本，方便时更新即可。"


class App(msgspec.Struct):
    """The versions that matter, as answers carry them."""

    minimum: int
    current: int


def app() -> App:
    """The versions of now."""
    return App(MINIMUM, CURRENT)


def number(text: str | None) -> int | None:
    """The version in a ``Puyou-App`` header; None when there is none or it is nonsense."""
    return int(text) if text and len(text) <= 6 and text.isascii() and text.isdecimal() else None


def message(version: int | None) -> str:
    """What to tell an app of this version; empty when there is nothing to tell."""
    if version is None:
        return ""
    if version < MINIMUM:
        return UPDATE
    return RENEW if version < CURRENT else ""
