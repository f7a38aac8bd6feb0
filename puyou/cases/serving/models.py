"""Rows about documents being served; append-only: what failed stays beside what was tried next."""

from django.db import models


class Service(models.Model):
    """文书送达: one attempt to hand a document to somebody, and how it ended."""

    class How(models.TextChoices):
        DIRECT = "direct", "直接送达"
        LEFT = "left", "留置送达"
        MAIL = "mail", "邮寄送达"
        ELECTRONIC = "electronic", "电子送达"
        ENTRUSTED = "entrusted", "委托送达"
        ANNOUNCED = "announced", "公告送达"

    class Result(models.TextChoices):
        SERVED = "served", "已送达"
        FAILED = "failed", "未送达"

    document = models.ForeignKey("cases.CaseDocument", models.PROTECT, related_name="services")
    how = models.CharField(max_length=12, choices=How.choices)
    to = models.CharField(max_length=100)
    on = models.DateField()
    effective_on = models.DateField(null=True)
    result = models.CharField(max_length=8, choices=Result.choices)
    number = models.CharField(max_length=60, blank=True)
    witnesses = models.CharField(max_length=200, blank=True)
    remark = models.CharField(max_length=300, blank=True)
    proof = models.ForeignKey("cases.Attachment", models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "文书送达"
        indexes = [models.Index(fields=["document", "-id"], name="cases_service_document")]
