"""The phones of supervisors: a link that an office gives, the phone that came by it, and what it said. Append-only."""

from django.db import models


class SupervisorLink(models.Model):
    """开通链接: an office's word that a supervisor may bring a phone; only a keyed hash of its code is kept.

    The latest link of a supervisor holds: a new one ends the phone that came by an earlier one.
    """

    supervisor = models.ForeignKey("supervisors.Supervisor", models.PROTECT, related_name="links")
    digest = models.BinaryField(unique=True)
    issued_by = models.CharField(max_length=60)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = "监督员开通链接"
        indexes = [models.Index(fields=["supervisor", "-id"], name="supervisors_link_latest")]


class SupervisorPhone(models.Model):
    """监督员手机: a phone that came by a link, with the key it signs with; of its token only a hash is kept."""

    link = models.OneToOneField(SupervisorLink, models.PROTECT, related_name="phone")
    device = models.CharField(max_length=64)
    key_id = models.CharField(max_length=43)
    public_key = models.JSONField()
    label = models.CharField(max_length=60, blank=True)
    digest = models.BinaryField(unique=True)
    enrolled_at = models.DateTimeField()

    class Meta:
        verbose_name = "监督员手机"


class SupervisorEnvelope(models.Model):
    """监督员信封: what a supervisor's phone said, in its canonical form with its signature, taken in once."""

    id = models.UUIDField(primary_key=True)
    phone = models.ForeignKey(SupervisorPhone, models.PROTECT, related_name="envelopes")
    kind = models.CharField(max_length=30)
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()
    body = models.BinaryField()

    class Meta:
        verbose_name = "监督员信封"
