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
