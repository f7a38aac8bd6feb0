"""The event log's rows: append-only, chained by a seal beside them."""

from typing import Any

from django.db import models


class Event(models.Model):
    """One thing that happened. Partitioned by month of ``at``; never updated or deleted (triggers refuse)."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    actor = models.CharField(max_length=120)
    data: "models.JSONField[Any, Any]" = models.JSONField(default=dict)

    class Meta:
        verbose_name = "事件"
        managed = False
        db_table = "core_event"


class Seal(models.Model):
    """An event's place in the chain: digest over the event and the seal before it."""

    sequence = models.BigIntegerField(primary_key=True)
    event_id = models.BigIntegerField(unique=True)
    event_at = models.DateTimeField()
    digest = models.BinaryField()
    sm3 = models.BinaryField(null=True)  # null: sealed before there was a second chain

    class Meta:
        verbose_name = "封存"


class Anchor(models.Model):
    """日根: the Merkle roots over the seals since the anchor before, made once a day, to be kept outside."""

    day = models.DateField(primary_key=True)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    sha256 = models.BinaryField()
    sm3 = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = "日根"


class Notice(models.Model):
    """A standing notice about the data themselves, such as 模拟数据; shown on every page and export."""

    code = models.CharField(max_length=40, primary_key=True)
    sentence = models.CharField(max_length=200)
    since = models.DateTimeField()

    class Meta:
        verbose_name = "公示提示"
