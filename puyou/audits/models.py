"""A draw of visits to be checked again, what was drawn, and what each re-check found."""

from django.db import models
from django.db.models import F, Q


class AuditDraw(models.Model):
    """A frame frozen first, its digest said in the event log, and a seed only afterwards.

    ``strata`` maps each stratum's name to how many visits it holds and how many are drawn; ``least`` and ``desk_score``
    are the rules' values of the day it was frozen.
    """

    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    first_day = models.DateField()
    last_day = models.DateField()
    size = models.IntegerField()
    least = models.IntegerField()
    desk_score = models.SmallIntegerField()
    frame_rows = models.BigIntegerField()
    frame_digest = models.CharField(max_length=64)
    strata: "models.JSONField[dict[str, list[int]], dict[str, list[int]]]" = models.JSONField()
    frozen_by = models.CharField(max_length=60)
    frozen_at = models.DateTimeField()
    seed = models.CharField(max_length=100, blank=True)
    seeded_by = models.CharField(max_length=60, blank=True)
    seeded_at = models.DateTimeField(null=True)
    repeats = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "抽核批次"
        constraints = [
            models.CheckConstraint(
                name="audits_frame_before_seed",
                condition=Q(seed="", seeded_at=None) | (~Q(seed="") & Q(seeded_at__gte=F("frozen_at"))),
            )
        ]


class AuditItem(models.Model):
    """A visit that was drawn. ``flagged``: the score would have sent it to the desk; the checker is not told."""

    draw = models.ForeignKey(AuditDraw, models.PROTECT, related_name="items")
    visit_id = models.UUIDField(db_index=True)
    day = models.DateField()
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    courier = models.ForeignKey("registry.Courier", models.PROTECT, null=True, related_name="+")
    stratum = models.CharField(max_length=60)
    ticket = models.CharField(max_length=64)
    score = models.SmallIntegerField(null=True)
    flagged = models.BooleanField(default=False)

    class Meta:
        verbose_name = "抽核件"
        constraints = [models.UniqueConstraint(fields=["draw", "visit_id"], name="audits_item_once")]


class AuditResult(models.Model):
    """What a re-check found; the latest holds, and none is edited."""

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", "属实"
        REFUTED = "refuted", "不属实"
        NOT_ESTABLISHED = "not_established", "无法认定"
        UNREACHABLE = "unreachable", "未联系上"

    class Method(models.TextChoices):
        TELEPHONE = "telephone", "电话"
        ON_SITE = "on_site", "现场"

    item = models.ForeignKey(AuditItem, models.PROTECT, related_name="results")
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    method = models.CharField(max_length=10, choices=Method.choices)
    checked_on = models.DateField()
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "抽核结果"
