"""短信: an HTTP gateway that takes a template and its parameters, signed by a shared secret.

It is asked by ``POST`` with JSON ``{"to", "template", "signature", "parameters": {"text"}}`` and the headers
``X-Puyou-Timestamp`` (seconds) and ``X-Puyou-Signature``: HMAC-SHA256 in hex over ``timestamp + "." + body``.
It answers ``{"code": 0}`` when the message was taken.
"""

import hashlib
import hmac
import json

from puyou.core import clock, outward
from puyou.workbench.channels.kinds import Channel, Message, Setting, check_code


def send(setting: Setting, message: Message) -> None:
    """One short message."""
    values = setting.values
    said = {
        "to": message.to,
        "template": values.get("template", ""),
        "signature": values.get("signature", ""),
        "parameters": {"text": message.text[:200]},
    }
    body = json.dumps(said, ensure_ascii=False).encode()
    stamp = str(int(clock.now().timestamp()))
    mark = hmac.new(setting.secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {"X-Puyou-Timestamp": stamp, "X-Puyou-Signature": mark}
    check_code(outward.post_json(values.get("url", ""), body, headers), "code")


CHANNEL = Channel(
    code="sms",
    name="短信",
    personal=True,
    fields={"url": "网关地址", "template": "模板编号", "signature": "短信签名"},
    secret="网关密钥",
    help="网关地址须在部署时允许的外部地址之内（PUYOU_OUTWARD）。",
    send=send,
)
