"""Files from the field by their hash: what of them has come, who mentioned them, what is held back from deletion."""

from django.db import models


class EvidenceFile(models.Model):
    """A photo or voice note whose bytes are whole and on disk (or were, until they expired), known by its SHA-256.

    Hash-partitioned by hash. The row outlives the bytes.
    """

    sha256 = models.BinaryField(primary_key=True)
    type = models.CharField(max_length=20)
    size = models.IntegerField()
    owner = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    complete_at = models.DateTimeField()
    expired_at = models.DateTimeField(null=True)
    examined_at = models.DateTimeField(null=True)
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    perceptual = models.BigIntegerField(null=True)
    has_exif = models.BooleanField(default=False)
    has_gps = models.BooleanField(default=False)
    problem = models.CharField(max_length=20, default="")

    class Meta:
        verbose_name = "证据文件"
        managed = False
        db_table = "evidence_file"


class EvidenceMention(models.Model):
    """Somebody's word that a file belongs to a subject such as ``visit:<uuid>``; may come before the bytes.

    Append-only, one for each file and subject, hash-partitioned by the file's hash.
    """

    id = models.BigAutoField(primary_key=True)
    sha256 = models.BinaryField()
    subject = models.CharField(max_length=60)
    owner = models.CharField(max_length=60)
    role = models.CharField(max_length=10)
    taken_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "证据引用"
        managed = False
        db_table = "evidence_mention"


class EvidenceUpload(models.Model):
    """A file on its way from one owner: how much of it is safe here. Gone when the file is whole."""

    id = models.BigAutoField(primary_key=True)
    sha256 = models.BinaryField()
    owner = models.CharField(max_length=60)
    type = models.CharField(max_length=20)
    size = models.IntegerField()
    received = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    touched_at = models.DateTimeField()

    class Meta:
        verbose_name = "上传进度"
        db_table = "evidence_upload"
        constraints = [models.UniqueConstraint(fields=["sha256", "owner"], name="evidence_upload_once")]
        indexes = [models.Index(fields=["owner"], name="evidence_upload_owner")]


class EvidenceHold(models.Model):
    """A subject whose files are kept beyond their time, such as a visit under review, until released."""

    id = models.BigAutoField(primary_key=True)
    subject = models.CharField(max_length=60)
    ground = models.CharField(max_length=200)
    since = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "证据留存"
        db_table = "evidence_hold"
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], name="evidence_hold_once", condition=models.Q(released_at=None)
            )
        ]
