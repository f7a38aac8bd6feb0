"""Rows of a case's papers; each is added and never changed."""

from django.db import models


class MaterialRecord(models.Model):
    """What became of one paper on a case's checklist; the latest row of a code is how it stands."""

    class Status(models.TextChoices):
        HANDED_IN = "handed_in", "已提交，待审查"
        ACCEPTED = "accepted", "已接受"
        RETURNED = "returned", "需补正"

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="material_records")
    code = models.CharField(max_length=40)
    status = models.CharField(max_length=12, choices=Status.choices)
    ground = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "材料记录"
        indexes = [models.Index(fields=["case", "code", "-id"], name="cases_material_latest")]
