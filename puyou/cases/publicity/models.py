"""Rows about what was published; a snapshot never changes, what was withdrawn says so."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class Publication(models.Model):
    """办理结果公开: what everybody reads of a case, frozen with its hash, from when to when."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="publications")
    title = models.CharField(max_length=120)
    path = models.CharField(max_length=24, db_collation="C")
    snapshot = models.JSONField(encoder=DjangoJSONEncoder)
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    withdrawn_ground = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "办理结果公开"
        constraints = [
            models.UniqueConstraint(
                fields=["case"], name="cases_published_once", condition=models.Q(withdrawn_at=None)
            )
        ]
        indexes = [
            models.Index(
                fields=["-at", "-id"], name="cases_public_new", condition=models.Q(withdrawn_at=None)
            )
        ]
