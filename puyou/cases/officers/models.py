"""Rows about officers: their qualification to enforce, and that somebody keeps away from a case."""

from django.db import models

from puyou.accounts.models import never_backwards


class Qualification(models.Model):
    """执法资格: an officer's certificate to enforce the law, in ``[valid_from, valid_to)``; ended early: why."""

    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="qualifications")
    office = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    number = models.CharField(max_length=40, unique=True)
    valid_from = models.DateField()
    valid_to = models.DateField()
    ended_ground = models.CharField(max_length=200, blank=True)
    by = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "执法资格"
        constraints = [never_backwards("cases_qualification_forwards")]
        indexes = [models.Index(fields=["office", "valid_to"], name="cases_qualification_office")]


class Recusal(models.Model):
    """案件回避: an officer should keep away from a case; who asked, why, and what was decided."""

    class Decision(models.TextChoices):
        WAITING = "", "待决定"
        UPHELD = "upheld", "决定回避"
        REFUSED = "refused", "驳回"

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="recusals")
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    ground = models.CharField(max_length=500)
    asked_at = models.DateTimeField()
    decision = models.CharField(max_length=8, choices=Decision.choices, blank=True)
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_ground = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = "案件回避"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "user"], name="cases_recusal_once", condition=~models.Q(decision="refused")
            )
        ]
