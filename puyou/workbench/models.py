"""What the desk keeps: cases that were found to stand still."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class StuckCase(models.Model):
    """停滞案件: an open case that nobody can carry on, with why. Derived: found and ended by the hourly look.

    ``wanted``: the relations whose turn it is, such as ``office`` or ``operator``.
    """

    class Reason(models.TextChoices):
        NO_STEP = "no_step", "没有可办的事项"
        NOBODY = "nobody", "无人可以办理"
        OFFICE_EMPTY = "office_empty", "主管部门无人"

    case = models.OneToOneField("cases.Case", models.CASCADE, related_name="+")
    reason = models.CharField(max_length=12, choices=Reason.choices)
    wanted: "ArrayField[list[str], list[str]]" = ArrayField(models.CharField(max_length=40), default=list)
    found_at = models.DateTimeField()

    class Meta:
        verbose_name = "停滞案件"


class ChannelSetting(models.Model):
    """通知渠道: what an organisation said to send by one channel; the secret is sealed (core.sealed)."""

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    channel = models.CharField(max_length=12)
    values = models.JSONField(default=dict)
    secret = models.TextField(blank=True)
    enabled = models.BooleanField(default=True)
    at_once = models.BooleanField(default=False)
    digest = models.BooleanField(default=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "通知渠道"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "channel"], name="workbench_channel_once")
        ]


class NoticePreference(models.Model):
    """接收设置: how a person wants to be told outside the product, since when."""

    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    channel = models.CharField(max_length=12)
    address = models.CharField(max_length=120)
    at_once = models.BooleanField(default=False)
    digest = models.BooleanField(default=False)
    since = models.DateTimeField()

    class Meta:
        verbose_name = "接收设置"
        constraints = [models.UniqueConstraint(fields=["user", "channel"], name="workbench_preference_once")]


class Digest(models.Model):
    """每日摘要: that a person's day was summed up, and in which words; empty when there was nothing to say."""

    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    on = models.DateField()
    text = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "每日摘要"
        constraints = [models.UniqueConstraint(fields=["user", "on"], name="workbench_digest_once")]


class Delivery(models.Model):
    """发送记录: one message on its way. ``key`` names what it is about, so that nothing is queued twice.

    ``due_at``: when it is tried next; while it is being tried, until when nobody else does.
    """

    class Kind(models.TextChoices):
        NOTICE = "notice", "办理通知"
        DIGEST = "digest", "每日摘要"
        TEST = "test", "测试"

    class Status(models.TextChoices):
        WAITING = "waiting", "待发送"
        SENT = "sent", "已发送"
        FAILED = "failed", "未能送达"
        DROPPED = "dropped", "不再发送"

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    channel = models.CharField(max_length=12)
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    setting = models.ForeignKey(ChannelSetting, models.PROTECT, null=True, related_name="+")
    text = models.CharField(max_length=300)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.WAITING)
    attempts = models.SmallIntegerField(default=0)
    due_at = models.DateTimeField()
    sent_to = models.CharField(max_length=120, blank=True)
    error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "发送记录"
        indexes = [
            models.Index(
                fields=["due_at"], name="workbench_delivery_due", condition=models.Q(status="waiting")
            ),
            models.Index(fields=["user", "-created_at"], name="workbench_delivery_user"),
            models.Index(fields=["-created_at", "-id"], name="workbench_delivery_newest"),
        ]
