"""企业微信: a group's robot, by its webhook; the key is the secret."""

import json
from urllib.parse import quote

from puyou.core import outward
from puyou.workbench.channels.kinds import Channel, Message, Setting, check_code

URL = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"


def send(setting: Setting, message: Message) -> None:
    """One text to the group."""
    address = f"{setting.values.get('url') or URL}?key={quote(setting.secret, safe='')}"
    body = json.dumps({"msgtype": "text", "text": {"content": message.text[:600]}}, ensure_ascii=False)
    check_code(outward.post_json(address, body.encode()), "errcode")


CHANNEL = Channel(
    code="wecom",
    name="企业微信群机器人",
    personal=False,
    fields={"url": "地址（空白为企业微信的地址）"},
    secret="机器人的 key",
    help="在企业微信群里添加群机器人，复制其地址中 key= 之后的一段。",
    send=send,
)
