"""Sending what waits in the queue: each try on its own, outside any transaction, with growing pauses between tries."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from puyou.accounts.models import Appointment, Organisation, User, in_force
from puyou.core import sealed
from puyou.core.periods import day_of
from puyou.workbench.channels import CHANNELS
from puyou.workbench.channels.kinds import Failed, Message, Refused, Setting
from puyou.workbench.models import ChannelSetting, Delivery, NoticePreference

PAUSES = [
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
]
LEASE = timedelta(minutes=5)  # longer than any try lasts: whoever died over one gives it back
SUBJECT = "普邮"
Status = Delivery.Status


@dataclass(frozen=True)
class Way:
    """Where a message goes and by whose setting."""

    setting: Setting
    to: str


def send_due(*, now: datetime, most: int = 50) -> int:
    """Try what is due, one after the other; how many were tried."""
    for tried in range(most):
        held = _take(now)
        if held is None:
            return tried
        send(held, now=now)
    return most


@transaction.atomic
def _take(now: datetime) -> Delivery | None:
    """The next message, lent to this process for a while; processes side by side take different ones."""
    waiting = Delivery.objects.select_for_update(skip_locked=True, of=("self",))
    held = waiting.filter(status=Status.WAITING, due_at__lte=now).order_by("due_at", "pk").first()
    if held is not None:
        held.attempts += 1
        held.due_at = now + LEASE
        held.save(update_fields=["attempts", "due_at"])
    return held


def send(held: Delivery, *, now: datetime) -> Delivery:
    """Try one message and write down what became of it."""
    try:
        way = way_of(held, now)
        if way is None:
            return _end(held, Status.DROPPED, "已不再要求接收，或机构没有启用这一渠道", now)
        held.sent_to = masked(way.to)
        CHANNELS[held.channel].send(way.setting, Message(way.to, SUBJECT, held.text))
    except Refused as error:
        return _end(held, Status.FAILED, str(error), now)
    except Failed as error:
        return _later(held, str(error), now)
    except Exception as error:
        return _later(held, f"发送程序出错：{type(error).__name__}", now)
    return _end(held, Status.SENT, "", now)


def _end(held: Delivery, status: str, error: str, now: datetime) -> Delivery:
    held.status, held.error, held.ended_at = status, error[:200], now
    held.save(update_fields=["status", "error", "ended_at", "sent_to"])
    return held


def _later(held: Delivery, error: str, now: datetime) -> Delivery:
    if held.kind == Delivery.Kind.TEST or held.attempts > len(PAUSES):
        return _end(held, Status.FAILED, error, now)
    held.due_at, held.error = now + PAUSES[held.attempts - 1], error[:200]
    held.save(update_fields=["due_at", "error", "sent_to"])
    return held


def way_of(held: Delivery, now: datetime) -> Way | None:
    """Where a message goes as things stand now; None when nobody wants it any more."""
    if held.setting is not None and not (held.setting.enabled or held.kind == Delivery.Kind.TEST):
        return None
    if held.setting is not None and held.user is None:
        return Way(opened(held.setting), "")
    if held.user is None or not held.user.is_active:
        return None
    wanted = NoticePreference.objects.filter(user=held.user, channel=held.channel).first()
    setting = held.setting or setting_for(held.user, held.channel, now)
    if wanted is None or setting is None or not _wants(wanted, held.kind):
        return None
    return Way(opened(setting), wanted.address)


def _wants(wanted: NoticePreference, kind: str) -> bool:
    return kind == Delivery.Kind.TEST or (wanted.digest if kind == Delivery.Kind.DIGEST else wanted.at_once)


def opened(setting: ChannelSetting) -> Setting:
    """A setting with its secret in the clear, for sending only."""
    return Setting(dict(setting.values), sealed.unseal(setting.secret, setting.channel))


def setting_for(user: User, channel: str, now: datetime) -> ChannelSetting | None:
    """By whose setting a person is told: their own organisation's, else the nearest of its kind above."""
    day = day_of(now)
    held = Appointment.objects.filter(in_force(day), user=user).values_list(
        "post__organisation__kind", "post__organisation__place__path"
    )
    seats = list(held) or _home(user)
    found = [
        one
        for one in ChannelSetting.objects.filter(channel=channel, enabled=True).select_related(
            "organisation__place"
        )
        if any(
            one.organisation.kind == kind and path.startswith(one.organisation.place.path)
            for kind, path in seats
        )
    ]
    return max(found, key=lambda one: len(one.organisation.place.path), default=None)


def _home(user: User) -> list[tuple[str, str]]:
    if user.organisation_id is None:
        return []
    return list(Organisation.objects.filter(pk=user.organisation_id).values_list("kind", "place__path"))


def masked(address: str) -> str:
    """Enough of an address to know it again: ``139****2345``, ``z***@post.cn``."""
    name, sign, host = address.partition("@")
    if sign:
        return f"{name[:1]}***@{host}"
    return f"{address[:3]}****{address[-4:]}" if len(address) >= 11 else ""
