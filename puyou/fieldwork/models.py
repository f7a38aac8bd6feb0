"""What a phone said about its courier's round and rights: rounds begun and ended, consent given or withheld."""

from django.db import models


class RoundMark(models.Model):
    """出班收班: a courier began or ended the day's round. Known by the envelope that said it; append-only."""

    class Kind(models.TextChoices):
        START = "start", "出班"
        END = "end", "收班"

    id = models.UUIDField(primary_key=True)
    courier = models.ForeignKey("registry.Courier", models.PROTECT, related_name="+")
    device = models.ForeignKey("registry.Device", models.PROTECT, related_name="+")
    day = models.DateField()
    kind = models.CharField(max_length=5, choices=Kind.choices)
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        verbose_name = "出班收班"
        indexes = [models.Index(fields=["courier", "day"], name="fieldwork_mark_of_day")]


class Consent(models.Model):
    """知情同意: what a courier answered to one version of the consent text; the latest answer holds."""

    id = models.UUIDField(primary_key=True)
    courier = models.ForeignKey("registry.Courier", models.PROTECT, related_name="+")
    device = models.ForeignKey("registry.Device", models.PROTECT, related_name="+")
    version = models.CharField(max_length=20)
    agreed = models.BooleanField()
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        verbose_name = "知情同意"
        indexes = [models.Index(fields=["courier", "-happened_at"], name="fieldwork_consent_latest")]
