"""钉钉: a group's robot with signature: HMAC-SHA256 over the milliseconds and the secret itself, as DingTalk asks."""

import base64
import hashlib
import hmac
import json
from urllib.parse import quote

from puyou.core import clock, outward
from puyou.workbench.channels.kinds import Channel, Message, Setting, check_code

URL = "https://oapi.dingtalk.com/robot/send"


def signature(stamp: str, secret: str) -> str:
    """As in DingTalk's documentation: Base64 of the HMAC over ``stamp + "\\n" + secret``."""
    made = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    return base64.b64encode(made).decode()


def send(setting: Setting, message: Message) -> None:
    """One text to the group. The secret holds token and signing secret, apart by a space."""
    token, _, secret = setting.secret.partition(" ")
    stamp = str(int(clock.now().timestamp() * 1000))
    address = f"{setting.values.get('url') or URL}?access_token={quote(token, safe='')}"
    if secret:
        address += f"&timestamp={stamp}&sign={quote(signature(stamp, secret), safe='')}"
    body = json.dumps({"msgtype": "text", "text": {"content": message.text[:600]}}, ensure_ascii=False)
    check_code(outward.post_json(address, body.encode()), "errcode")


CHANNEL = Channel(
    code="dingtalk",
    name="钉钉群机器人",
    personal=False,
    fields={"url": "地址（空白为钉钉的地址）"},
    secret="access_token 与加签密钥，中间空一格",
    help="在钉钉群里添加自定义机器人，安全设置选“加签”。",
    send=send,
)
