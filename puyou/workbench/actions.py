"""What people decide about being told outside: an office's channels, one's own wishes, a test."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from puyou.accounts.models import Organisation, User
from puyou.accounts.scopes import Scope
from puyou.core import events as log
from puyou.core import sealed
from puyou.workbench import events, problems, sending
from puyou.workbench.channels import CHANNELS
from puyou.workbench.models import ChannelSetting, Delivery, NoticePreference

MANAGE = "accounts.manage"


@transaction.atomic
def save_setting(
    *,
    organisation: Organisation,
    channel: str,
    values: dict[str, str],
    secret: str,
    switches: dict[str, bool],
    by: User,
    scope: Scope,
    now: datetime,
) -> ChannelSetting:
    """Say how an organisation sends by a channel. An empty ``secret`` keeps the one before.

    ``switches``: enabled, at_once, digest. The log says that it changed, never the secret.
    """
    scope.require(organisation.place.path, MANAGE)
    if channel not in CHANNELS:
        raise problems.UNKNOWN_CHANNEL()
    held = ChannelSetting.objects.filter(organisation=organisation, channel=channel).first()
    made = held or ChannelSetting(organisation=organisation, channel=channel)
    made.values = {code: values.get(code, "") for code in CHANNELS[channel].fields}
    made.secret = sealed.seal(secret, channel) or made.secret
    made.enabled, made.at_once, made.digest = (switches[one] for one in ("enabled", "at_once", "digest"))
    made.changed_at, made.changed_by = now, by
    made.save()
    said = {"organisation": organisation.pk, "channel": channel, "new_secret": bool(secret)} | switches
    log.append(
        events.CHANNEL_SET, subject=f"organisation:{organisation.pk}", actor=scope.name, now=now, data=said
    )
    return made


@transaction.atomic
def save_preference(
    *, user: User, channel: str, address: str, at_once: bool, digest: bool, now: datetime
) -> None:
    """Say how one wants to be told by a channel; neither at once nor by digest, or no address, ends it.

    What stays as it was is not said again.
    """
    kept = bool(address) and (at_once or digest)
    given = {"address": address, "at_once": at_once, "digest": digest}
    held = NoticePreference.objects.filter(user=user, channel=channel).values(*given).first()
    if held == (given if kept else None):
        return
    if kept:
        NoticePreference.objects.update_or_create(
            user=user, channel=channel, defaults=given, create_defaults=given | {"since": now}
        )
    else:
        NoticePreference.objects.filter(user=user, channel=channel).delete()
    said = {"channel": channel, "at_once": kept and at_once, "digest": kept and digest}
    log.append(
        events.NOTICES_PREFERRED, subject=f"user:{user.pk}", actor=f"user:{user.pk}", now=now, data=said
    )


def test_setting(*, setting: ChannelSetting, by: User, now: datetime) -> Delivery:
    """Send one message at once by a setting, to the group or to oneself, and say what became of it; one try only."""
    channel = CHANNELS[setting.channel]
    if channel.personal and not NoticePreference.objects.filter(user=by, channel=setting.channel).exists():
        raise problems.NO_ADDRESS(channel=channel.name)
    made = Delivery.objects.create(
        key=f"test:{uuid4()}",
        kind=Delivery.Kind.TEST,
        channel=setting.channel,
        user=by if channel.personal else None,
        setting=setting,
        text=f"【普邮】这是一条测试消息，由{by.name}发出。",
        attempts=1,
        due_at=now + sending.LEASE,
        created_at=now,
    )
    return sending.send(made, now=now)
