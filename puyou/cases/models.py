"""Procedures and the cases that run on them: state, clocks, parties, papers, and the chain of what was done."""

from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from puyou.accounts.models import never_backwards


class Procedure(models.Model):
    """A kind of case; what holds at a time is one of its versions."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=40)

    class Meta:
        verbose_name = "办理程序"

    def __str__(self) -> str:
        return self.name


class ProcedureVersion(models.Model):
    """A definition (definition.Definition as JSON) in ``[valid_from, valid_to)``; a published one never changes."""

    class Status(models.TextChoices):
        DRAFT = "draft", "草稿"
        PUBLISHED = "published", "已发布"
        SUPERSEDED = "superseded", "已被替代"

    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="versions")
    number = models.IntegerField()
    definition = models.JSONField(encoder=DjangoJSONEncoder)
    digest = models.CharField(max_length=64)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.DRAFT)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=60)
    published_at = models.DateTimeField(null=True)
    published_by = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = "程序版本"
        constraints = [
            models.UniqueConstraint(fields=["procedure", "number"], name="cases_version_number"),
            models.UniqueConstraint(
                fields=["procedure"], name="cases_one_current_version", condition=models.Q(status="published")
            ),
        ]


class Awaiting(models.Model):
    """Whom a state of a version waits for; written once, when the version is published. Queues join it."""

    version = models.ForeignKey(ProcedureVersion, models.PROTECT, related_name="awaiting")
    state = models.CharField(max_length=40)
    relation = models.CharField(max_length=40)

    class Meta:
        verbose_name = "待办关系"
        constraints = [
            models.UniqueConstraint(fields=["version", "state", "relation"], name="cases_awaiting_once")
        ]


class Case(models.Model):
    """One matter on its way through a version of a procedure. Only ``performing`` writes it.

    ``path`` is the place's own, written by the database alone and moved with the place (decisions/0095): what somebody
    may see is a range of it. ``revision`` counts what was done; ``operator`` sees the case once ``shared`` is true.
    """

    version = models.ForeignKey(ProcedureVersion, models.PROTECT, related_name="cases")
    number = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=120)
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    path = models.CharField(max_length=24, db_collation="C", editable=False, default="")
    office = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    operator = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    shared = models.BooleanField(default=False)
    handler = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=40)
    flags = ArrayField(models.CharField(max_length=40), default=list)
    outcome = models.CharField(max_length=40, blank=True)
    fields = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    subject = models.CharField(max_length=80, blank=True, db_index=True)
    revision = models.IntegerField(default=0)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    warn_on = models.DateField(null=True)
    retain_until = models.DateField(null=True)
    words = models.TextField(blank=True)

    class Meta:
        verbose_name = "案件"
        indexes = [
            models.Index(fields=["path", "-opened_at"], name="cases_case_path"),
            # Desks count open cases in many ways: this index answers without touching the rows.
            models.Index(
                fields=["path", "due_on", "id"],
                include=["version", "state", "flags", "warn_on", "office", "operator", "shared", "handler"],
                name="cases_case_desk",
                condition=models.Q(closed_at=None),
            ),
            models.Index(
                fields=["due_on", "id"],
                include=["warn_on", "path"],
                name="cases_case_due_soon",
                condition=models.Q(closed_at=None),
            ),
            models.Index(
                fields=["operator", "-opened_at", "-id"], include=["path", "shared"], name="cases_case_list"
            ),
            models.Index(fields=["closed_at"], name="cases_case_closed", condition=~models.Q(closed_at=None)),
            models.Index(
                fields=["operator", "due_on"], name="cases_case_operator", condition=models.Q(closed_at=None)
            ),
            models.Index(
                fields=["handler", "due_on"], name="cases_case_handler", condition=models.Q(closed_at=None)
            ),
            models.Index(
                fields=["office", "due_on"], name="cases_case_office", condition=models.Q(closed_at=None)
            ),
            models.Index(fields=["-opened_at", "-id"], include=["path"], name="cases_case_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class CaseEvent(models.Model):
    """办理记录: one action done, with who did it in which role for which office; chained by digest, append-only."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    revision = models.IntegerField()
    action = models.CharField(max_length=40)
    name = models.CharField(max_length=40)
    source = models.CharField(max_length=40)
    target = models.CharField(max_length=40)
    flags = ArrayField(models.CharField(max_length=40), default=list)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    actor = models.CharField(max_length=60)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=60, blank=True)
    organisation = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = "办理记录"
        constraints = [models.UniqueConstraint(fields=["case", "revision"], name="cases_event_revision")]
        indexes = [models.Index(fields=["-at", "-id"], name="cases_event_at")]


class CaseClock(models.Model):
    """A term running on a case; ``due_on`` is derived from it and its pauses and extensions."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="clocks")
    code = models.CharField(max_length=40)
    started_on = models.DateField()
    allowance = models.CharField(max_length=8)
    stopped_on = models.DateField(null=True)
    due_on = models.DateField()
    provisional = models.BooleanField(default=False)

    class Meta:
        verbose_name = "办理期限"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "code"], name="cases_one_running_clock", condition=models.Q(stopped_on=None)
            )
        ]


class ClockPause(models.Model):
    """Days that a term leaves out, both ends included; no end yet: it still pauses."""

    clock = models.ForeignKey(CaseClock, models.PROTECT, related_name="pauses")
    first = models.DateField()
    last = models.DateField(null=True)
    ground = models.CharField(max_length=300)

    class Meta:
        verbose_name = "期限中止"


class ClockExtension(models.Model):
    """A further allowance for a term, with its ground and who approved it."""

    clock = models.ForeignKey(CaseClock, models.PROTECT, related_name="extensions")
    allowance = models.CharField(max_length=8)
    ground = models.CharField(max_length=300)
    approved_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "期限延长"


class Party(models.Model):
    """Somebody with a part in a case in ``[valid_from, valid_to)``: a user, a company, or a name."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="parties")
    role = models.CharField(max_length=40)
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=100, blank=True)
    contact = models.CharField(max_length=100, blank=True)
    hidden = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        verbose_name = "当事人"
        constraints = [never_backwards("cases_party_forwards")]
        indexes = [models.Index(fields=["user", "case"], name="cases_party_user")]


class Watch(models.Model):
    """A person follows a case."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="watches")
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    since = models.DateTimeField()

    class Meta:
        verbose_name = "关注"
        constraints = [models.UniqueConstraint(fields=["case", "user"], name="cases_watch_once")]


class CaseNotice(models.Model):
    """A word to one person about a case, in the product; other channels copy it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="notices")
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    sentence = models.CharField(max_length=300)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "办理通知"
        indexes = [models.Index(fields=["user", "-at"], name="cases_notice_user")]


class CaseSequence(models.Model):
    """The last number given to cases of a procedure in a year by an office."""

    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="+")
    office = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    last = models.IntegerField(default=0)

    class Meta:
        verbose_name = "案号序列"
        constraints = [
            models.UniqueConstraint(fields=["procedure", "office", "year"], name="cases_sequence_once")
        ]


from puyou.cases.archive import models as archive  # noqa: E402 - Django finds them by this
from puyou.cases.beside import models as beside  # noqa: E402 - Django finds them by this
from puyou.cases.officers import models as officers  # noqa: E402
from puyou.cases.papers import models as papers  # noqa: E402
from puyou.cases.publicity import models as publicity  # noqa: E402
from puyou.cases.serving import models as serving  # noqa: E402

Attachment = papers.Attachment
CaseArchive = archive.CaseArchive
CaseDocument = papers.CaseDocument
CaseLink = beside.CaseLink
CaseNote = beside.CaseNote
CaseTransfer = beside.CaseTransfer
DocumentDraft = papers.DocumentDraft
DocumentScan = papers.DocumentScan
DocumentSequence = papers.DocumentSequence
DocumentTemplate = papers.DocumentTemplate
MaterialRecord = papers.MaterialRecord
Qualification = officers.Qualification
Recusal = officers.Recusal
Service = serving.Service
Publication = publicity.Publication
