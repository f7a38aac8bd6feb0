"""Bulletins as they are written, and their frozen revisions."""

from django.db import models

from puyou.indicators.periods import Period


class Bulletin(models.Model):
    """公文稿: a paper of a kind about a place and a period (and a company); ``sections`` hold links, never numbers."""

    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=80)
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    period = models.CharField(max_length=24)
    company = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    office = models.CharField(max_length=60)
    document_number = models.CharField(max_length=40, blank=True)
    sections = models.JSONField(default=list)
    version = models.IntegerField(default=1)
    changed_by = models.CharField(max_length=60)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "公文稿"
        indexes = [models.Index(fields=["-changed_at"], name="reports_bulletin_latest")]

    def __str__(self) -> str:
        return self.title

    @property
    def when(self) -> Period:
        """The period it is about."""
        return Period.parse(self.period)


class BulletinRevision(models.Model):
    """公文定稿: a bulletin as it was frozen; append-only, superseded by the next number.

    ``content``: every sentence in pieces, every figure with its parts and links. ``docx`` and ``pdf`` are kept as made.
    """

    bulletin = models.ForeignKey(Bulletin, models.PROTECT, related_name="revisions")
    number = models.IntegerField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    docx = models.BinaryField()
    pdf = models.BinaryField()
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "公文定稿"
        constraints = [
            models.UniqueConstraint(fields=["bulletin", "number"], name="reports_bulletinrevision_number")
        ]

    def __str__(self) -> str:
        return f"{self.content['title']}（第{self.number}版）"
