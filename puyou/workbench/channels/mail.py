"""电子邮件: through the mail server that the deployment names (PUYOU_MAIL_HOST …)."""

from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from puyou.workbench.channels.kinds import Channel, Failed, Message, Refused, Setting


def send(setting: Setting, message: Message) -> None:
    """One mail in plain text."""
    if settings.EMAIL_BACKEND.endswith("smtp.EmailBackend") and not settings.EMAIL_HOST:
        raise Refused("没有配置邮件服务器（PUYOU_MAIL_HOST）")
    sender = setting.values.get("sender") or settings.DEFAULT_FROM_EMAIL
    mail = EmailMessage(message.subject, message.text, sender, [message.to], connection=get_connection())
    try:
        mail.send()
    except SMTPRecipientsRefused as error:
        raise Refused("邮件服务器不接收这个收件地址") from error
    except OSError as error:
        raise Failed(f"邮件服务器没有收下：{type(error).__name__}") from error


CHANNEL = Channel(
    code="mail",
    name="电子邮件",
    personal=True,
    fields={"sender": "发件地址"},
    secret="",
    help="邮件服务器由系统管理员在部署时配置。",
    send=send,
)
