"""Supervisors, their terms and letters, and what is written to their credit. Rows of credit are append-only."""

from django.db import models

from puyou.accounts.models import never_backwards
from puyou.cases.supervisors.models.recruiting import Background
from puyou.registry.models import AreaClass


class Supervisor(models.Model):
    """监督员: a citizen who watches the post at a place, without power or pay; ``number`` is the certificate's.

    ``area_class``: that of the place when appointed. Active is whoever has a term in force.
    """

    number = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    phone = models.CharField(max_length=30)
    background = models.CharField(max_length=12, choices=Background.choices)
    employer = models.CharField(max_length=100, blank=True)
    office = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    area_class = models.CharField(max_length=16, choices=AreaClass.choices)
    candidate = models.OneToOneField(
        "supervisors.Candidate", models.PROTECT, null=True, related_name="supervisor"
    )
    user = models.OneToOneField("accounts.User", models.PROTECT, null=True, related_name="+")
    appointed_at = models.DateTimeField()

    class Meta:
        verbose_name = "监督员"

    def __str__(self) -> str:
        return f"{self.name}（{self.number}）"


class SupervisorTerm(models.Model):
    """聘期 ``[valid_from, valid_to)``; when it ended before its time, ``end_ground`` says why."""

    class Kind(models.TextChoices):
        APPOINTMENT = "appointment", "聘任"
        RENEWAL = "renewal", "续聘"

    class End(models.TextChoices):
        RESIGNED = "resigned", "本人辞任"
        MOVED = "moved", "迁离"
        INTEREST = "interest", "利益冲突"
        MISCONDUCT = "misconduct", "违反管理办法"
        DIED = "died", "去世"
        OTHER = "other", "其他"

    supervisor = models.ForeignKey(Supervisor, models.PROTECT, related_name="terms")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    valid_from = models.DateField()
    valid_to = models.DateField()
    given_by = models.CharField(max_length=60)
    given_at = models.DateTimeField()
    end_ground = models.CharField(max_length=12, choices=End.choices, blank=True)
    end_words = models.CharField(max_length=300, blank=True)
    ended_by = models.CharField(max_length=60, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "监督员聘期"
        constraints = [
            never_backwards("supervisors_term_forwards"),
            models.UniqueConstraint(fields=["supervisor", "valid_from"], name="supervisors_term_once"),
        ]
        indexes = [models.Index(fields=["supervisor", "valid_to"], name="supervisors_term_open")]


class AppointmentLetter(models.Model):
    """聘书: number, bytes and hashes of the letter of a term; never changed and never made again."""

    term = models.OneToOneField(SupervisorTerm, models.PROTECT, related_name="letter")
    office = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    order = models.IntegerField()
    number = models.CharField(max_length=60)
    data = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    sm3 = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "监督员聘书"
        constraints = [
            models.UniqueConstraint(fields=["office", "year", "order"], name="supervisors_letter_number")
        ]


class Commendation(models.Model):
    """表扬: an honour for a supervisor; append-only."""

    supervisor = models.ForeignKey(Supervisor, models.PROTECT, related_name="commendations")
    title = models.CharField(max_length=60)
    ground = models.CharField(max_length=300)
    day = models.DateField()
    by = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "监督员表扬"


class TrainingCompletion(models.Model):
    """培训: a supervisor finished one version of a lesson; append-only."""

    supervisor = models.ForeignKey(Supervisor, models.PROTECT, related_name="trainings")
    lesson = models.SlugField(max_length=40)
    version = models.SmallIntegerField()
    score = models.SmallIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "培训记录"
        constraints = [
            models.UniqueConstraint(
                fields=["supervisor", "lesson", "version"], name="supervisors_training_once"
            )
        ]


class PointEntry(models.Model):
    """积分: points for a deed, never for pay; append-only, one for each ``about`` and deed."""

    class Deed(models.TextChoices):
        TASK = "task", "完成任务"
        REPORT = "report", "反映被受理"
        VERIFIED = "verified", "反映促成整改"
        TRAINING = "training", "完成培训"
        CORRECTION = "correction", "更正"

    supervisor = models.ForeignKey(Supervisor, models.PROTECT, related_name="points")
    deed = models.CharField(max_length=12, choices=Deed.choices)
    about = models.CharField(max_length=60)
    points = models.SmallIntegerField()
    words = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "监督员积分"
        constraints = [
            models.UniqueConstraint(fields=["supervisor", "deed", "about"], name="supervisors_points_once")
        ]


class InterestDeclaration(models.Model):
    """利益声明: what a supervisor says about ties with postal companies; append-only, the latest holds."""

    supervisor = models.ForeignKey(Supervisor, models.PROTECT, related_name="declarations")
    client_id = models.UUIDField(unique=True)
    version = models.SmallIntegerField()
    tied = models.BooleanField()
    words = models.CharField(max_length=500, blank=True)
    happened_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = "利益声明"
        indexes = [models.Index(fields=["supervisor", "-id"], name="supervisors_interest_latest")]


class SupervisorReport(models.Model):
    """监督员反映: which supervisor a report came from; kept apart from the case, and only the office reads it."""

    supervisor = models.ForeignKey(Supervisor, models.PROTECT, related_name="reports")
    report = models.OneToOneField("feedback.Report", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "监督员反映"
