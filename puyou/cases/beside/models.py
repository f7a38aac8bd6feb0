"""Rows beside a case's way; none of them is removed, what was taken back says so."""

from django.db import models


class CaseNote(models.Model):
    """办案备注: words written beside the record. ``side``: whose; ``shared``: whether every party reads it."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="notes")
    text = models.TextField()
    side = models.CharField(max_length=40)
    shared = models.BooleanField(default=False)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    withdrawn_ground = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "办案备注"
        indexes = [models.Index(fields=["case", "-at"], name="cases_note_case")]


class CaseLink(models.Model):
    """案件关联: one case and another it has to do with, in a direction that the kind says."""

    class Kind(models.TextChoices):
        RELATED = "related", "相关"
        DUPLICATE_OF = "duplicate_of", "与之重复"
        FOLLOWS_FROM = "follows_from", "由其引出"
        MERGED_INTO = "merged_into", "并入"

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="links")
    other = models.ForeignKey("cases.Case", models.PROTECT, related_name="links_here")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    ground = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    ended_ground = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "案件关联"
        constraints = [
            models.CheckConstraint(condition=~models.Q(case=models.F("other")), name="cases_link_to_another"),
            models.UniqueConstraint(
                fields=["case", "other", "kind"], name="cases_link_once", condition=models.Q(ended_at=None)
            ),
            models.UniqueConstraint(
                fields=["case"],
                name="cases_merged_once",
                condition=models.Q(ended_at=None, kind="merged_into"),
            ),
        ]


class CaseTransfer(models.Model):
    """案件移送: from one office to another, with its ground; append-only.

    ``place_before`` is where the case lay when the move put its place right, too.
    """

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="transfers")
    source = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    target = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    place_before = models.ForeignKey("places.Place", models.PROTECT, null=True, related_name="+")
    ground = models.CharField(max_length=1000)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "案件移送"
