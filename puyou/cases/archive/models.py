"""The row of an archive: what stood in it, never changed."""

from django.db import models


class CaseArchive(models.Model):
    """案卷归档: a closed case as it was put away. ``texts``: the index and the other written parts, by path.

    The files it names lie on the shelf by their hashes; the ZIP is put together from both and is always the same.
    """

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="archives")
    revision = models.IntegerField()
    retain_until = models.DateField()
    files = models.IntegerField()
    size = models.BigIntegerField()
    texts = models.JSONField()
    sha256 = models.CharField(max_length=64)
    sm3 = models.CharField(max_length=64)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "案卷归档"
        constraints = [models.UniqueConstraint(fields=["case", "sha256"], name="cases_archive_once")]
