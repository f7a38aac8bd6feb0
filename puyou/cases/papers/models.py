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


class DocumentTemplate(models.Model):
    """文书模板: the first words and the layout of a kind of document, from a day on; never changed."""

    kind = models.CharField(max_length=40)
    version = models.IntegerField()
    text = models.TextField()
    data = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    valid_from = models.DateField()
    by = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "文书模板"
        constraints = [models.UniqueConstraint(fields=["kind", "version"], name="cases_template_version")]


class DocumentDraft(models.Model):
    """文书稿: words that the office still writes on; ``action``: what was done when it began."""

    class Status(models.TextChoices):
        DRAFT = "draft", "拟稿"
        ISSUED = "issued", "已制发"
        DROPPED = "dropped", "已作废"

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="drafts")
    kind = models.CharField(max_length=40)
    template = models.ForeignKey(DocumentTemplate, models.PROTECT, related_name="+")
    action = models.CharField(max_length=40, blank=True)
    to = models.CharField(max_length=100, blank=True)
    text = models.TextField()
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.DRAFT)
    ground = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    changed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "文书稿"


class CaseDocument(models.Model):
    """An issued document: its number, bytes and hashes; never changed and never made again.

    ``type``: PDF/A, or the docx that the office prints and stamps.
    """

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=40)
    office = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    order = models.IntegerField()
    number = models.CharField(max_length=60)
    type = models.CharField(max_length=80, default="application/pdf")
    template = models.ForeignKey(DocumentTemplate, models.PROTECT, null=True, related_name="+")
    draft = models.OneToOneField(DocumentDraft, models.PROTECT, null=True, related_name="document")
    data = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    sm3 = models.CharField(max_length=64)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "案件文书"
        constraints = [
            models.UniqueConstraint(fields=["office", "kind", "year", "order"], name="cases_document_number")
        ]


class DocumentSequence(models.Model):
    """The last number given to documents of a kind in a year by an office."""

    office = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    year = models.SmallIntegerField()
    last = models.IntegerField(default=0)

    class Meta:
        verbose_name = "文书序列"
        constraints = [
            models.UniqueConstraint(fields=["office", "kind", "year"], name="cases_document_sequence")
        ]


class Attachment(models.Model):
    """A file kept with a case by its hash. ``side``: who brought it; ``shared``: whether every party sees it.

    Its bytes never change. One that was taken back is shown no more; its row stays.
    """

    class Scanned(models.TextChoices):
        NOT_SCANNED = "not_scanned", "未扫描"
        CLEAN = "clean", "已扫描，未发现病毒"

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=100)
    type = models.CharField(max_length=80)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    sm3 = models.CharField(max_length=64)
    scanned = models.CharField(max_length=12, choices=Scanned.choices)
    material = models.CharField(max_length=40, blank=True)
    side = models.CharField(max_length=40)
    shared = models.BooleanField(default=False)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    withdrawn_ground = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "附件"


class DocumentScan(models.Model):
    """文书扫描件: the stamped copy of a document, a file of the case; append-only."""

    document = models.ForeignKey(CaseDocument, models.PROTECT, related_name="scans")
    attachment = models.OneToOneField(Attachment, models.PROTECT, related_name="scan_of")
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "文书扫描件"
