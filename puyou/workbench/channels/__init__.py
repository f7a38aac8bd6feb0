"""Ways by which a word reaches people outside the product; each module says what it asks for and how it sends."""

from puyou.workbench.channels import dingtalk, mail, sms, wecom
from puyou.workbench.channels.kinds import Channel

CHANNELS: dict[str, Channel] = {
    one.code: one for one in (mail.CHANNEL, sms.CHANNEL, wecom.CHANNEL, dingtalk.CHANNEL)
}
PERSONAL = tuple(code for code, one in CHANNELS.items() if one.personal)
ROBOTS = tuple(code for code, one in CHANNELS.items() if not one.personal)
CHOICES = [(code, one.name) for code, one in CHANNELS.items()]
