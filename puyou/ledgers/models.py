"""Kinds of ledgers with their versions, and entries with everything that was ever said about them."""

from django.db import models
from django.db.models import Q

from puyou.ledgers import rules


class LedgerKind(models.Model):
    """A kind of ledger; what it asks for stands in its versions, the latest of which holds for new entries."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    group = models.CharField(max_length=40)

    class Meta:
        verbose_name = "台账类别"

    def __str__(self) -> str:
        return self.name


class LedgerVersion(models.Model):
    """A published definition (definition.Definition as JSON); never changed, superseded by a higher number."""

    kind = models.ForeignKey(LedgerKind, models.PROTECT, related_name="versions")
    number = models.IntegerField()
    definition: "models.JSONField[dict[str, object], dict[str, object]]" = models.JSONField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=60)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "台账类别版本"
        constraints = [models.UniqueConstraint(fields=["kind", "number"], name="ledgers_version_number")]


class LedgerEntry(models.Model):
    """One entry as it stands. ``side``: who fills it; ``key``: what makes it the same as another, empty without.

    ``title``, ``words``, ``begins_on``, ``ends_on``, ``lon``, ``lat`` repeat what ``data`` says, for lists and maps.
    ``origin``: the entry that gave rise to it. ``revision`` grows with what it says, ``turn`` with whatever happens.
    It has a number from its first submission on.
    """

    class Status(models.TextChoices):
        DRAFT = rules.DRAFT, rules.STATUS_NAMES[rules.DRAFT]
        SUBMITTED = rules.SUBMITTED, rules.STATUS_NAMES[rules.SUBMITTED]
        CONFIRMED = rules.CONFIRMED, rules.STATUS_NAMES[rules.CONFIRMED]
        RETURNED = rules.RETURNED, rules.STATUS_NAMES[rules.RETURNED]
        WITHDRAWN = rules.WITHDRAWN, rules.STATUS_NAMES[rules.WITHDRAWN]

    kind = models.ForeignKey(LedgerKind, models.PROTECT, related_name="entries")
    version = models.ForeignKey(LedgerVersion, models.PROTECT, related_name="+")
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    operator = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    office = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    side = models.CharField(max_length=10)
    number = models.CharField(max_length=60, null=True, unique=True)
    status = models.CharField(max_length=10, choices=Status.choices)
    revision = models.IntegerField(default=1)
    turn = models.IntegerField(default=1)
    data: "models.JSONField[dict[str, object], dict[str, object]]" = models.JSONField()
    title = models.CharField(max_length=200)
    words = models.TextField()
    begins_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    key = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    origin = models.ForeignKey("self", models.PROTECT, null=True, related_name="follow_ups")
    created_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "台账记录"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                name="ledgers_entry_once",
                condition=~Q(key="") & ~Q(status="withdrawn"),
            )
        ]
        indexes = [
            models.Index(fields=["kind", "-begins_on", "-id"], name="ledgers_entry_dates"),
            models.Index(fields=["kind", "place"], name="ledgers_entry_place"),
            models.Index(fields=["kind", "digest"], name="ledgers_entry_digest"),
            models.Index(fields=["kind", "status"], name="ledgers_entry_status"),
        ]

    def __str__(self) -> str:
        return self.number or self.title


class LedgerRevision(models.Model):
    """What an entry said at a time; append-only. ``ground``: why it was said anew."""

    entry = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="revisions")
    number = models.IntegerField()
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    operator = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    data: "models.JSONField[dict[str, object], dict[str, object]]" = models.JSONField()
    ground = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "台账修订"
        constraints = [models.UniqueConstraint(fields=["entry", "number"], name="ledgers_revision_number")]


class LedgerStep(models.Model):
    """An entry came into a state; append-only, the latest holds. ``revision``: what it said then."""

    entry = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="steps")
    status = models.CharField(max_length=10, choices=LedgerEntry.Status.choices)
    revision = models.IntegerField()
    ground = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "台账办理记录"
        indexes = [models.Index(fields=["entry", "id"], name="ledgers_step_entry")]


class LedgerSequence(models.Model):
    """The last number given to entries of a kind in a year by an office."""

    kind = models.ForeignKey(LedgerKind, models.PROTECT, related_name="+")
    office = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    last = models.IntegerField(default=0)

    class Meta:
        verbose_name = "台账编号序列"
        constraints = [
            models.UniqueConstraint(fields=["kind", "office", "year"], name="ledgers_sequence_once")
        ]


class LedgerFile(models.Model):
    """A file kept with an entry by its hash; its bytes never change. One taken back is shown no more, its row stays."""

    entry = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="files")
    field = models.CharField(max_length=40)
    name = models.CharField(max_length=100)
    type = models.CharField(max_length=80)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    sm3 = models.CharField(max_length=64)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    withdrawn_ground = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "台账附件"
        indexes = [models.Index(fields=["entry"], name="ledgers_file_entry")]


class LedgerImport(models.Model):
    """A handed-in sheet, read but not yet taken in until ``applied_at``; ``sheet`` holds its cells as written."""

    kind = models.ForeignKey(LedgerKind, models.PROTECT, related_name="+")
    version = models.ForeignKey(LedgerVersion, models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64, db_index=True)
    sheet: "models.JSONField[dict[str, object], dict[str, object]]" = models.JSONField()
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    created = models.IntegerField(default=0)
    corrected = models.IntegerField(default=0)
    same = models.IntegerField(default=0)

    class Meta:
        verbose_name = "台账导入"
