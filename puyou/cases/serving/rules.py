"""What an attempt to serve must tell, and the day from which it counts."""

from dataclasses import dataclass
from datetime import date, timedelta

WITNESSED, NUMBERED, ANNOUNCED = "left", "mail", "announced"


@dataclass(frozen=True)
class Attempt:
    """What somebody says of an attempt. ``issued``: the day of the document, ``today``: the day it is written down."""

    how: str
    served: bool
    on: date
    number: str
    witnesses: str
    remark: str
    proven: bool
    issued: date
    today: date


def fault(said: Attempt) -> str | None:
    """What is amiss, in Chinese; None when it is whole."""
    if not said.issued <= said.on <= said.today:
        return "送达日期应在文书制发之后、今天或之前"
    if not said.served:
        return None if said.remark else "未送达须写明原因"
    if said.how == WITNESSED and not said.witnesses:
        return "留置送达须写明见证人，或注明以拍照、录像记录"
    if said.how == NUMBERED and not said.number:
        return "邮寄送达须填写邮件号码"
    if said.how != ANNOUNCED and not (said.proven or said.remark):
        return "须附送达回证等证明，或在说明中写明"
    return None


def effective_on(how: str, on: date, announcement_days: int) -> date:
    """The day from which it counts: an announcement, once so many days have passed since it was made."""
    return on + timedelta(days=announcement_days) if how == ANNOUNCED else on
