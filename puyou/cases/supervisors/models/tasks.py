"""任务: what supervisors are asked to look at, by which list of points, and what they found."""

from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class TaskKind(models.TextChoices):
    """What a task is about; a questionnaire asks for an opinion instead of an observation."""

    OUTLET_HOURS = "outlet_hours", "网点营业时间"
    TEST_LETTER = "test_letter", "试投信件"
    PARTY_NEWSPAPERS = "party_newspapers", "党报党刊投递"
    STAMP_SALE = "stamp_sale", "邮票销售"
    VILLAGE_DELIVERY = "village_delivery", "建制村投递"
    QUESTIONNAIRE = "questionnaire", "满意度问卷"


class Checklist(models.Model):
    """A list of points (or of questions) in one version, in force in ``[valid_from, valid_to)``; never changed.

    ``items``: each ``{code, text, answer, required, standard, choices, bad}``; see rules.ITEM.
    """

    code = models.SlugField(max_length=40)
    number = models.IntegerField()
    kind = models.CharField(max_length=20, choices=TaskKind.choices)
    name = models.CharField(max_length=60)
    source = models.CharField(max_length=200)
    items = models.JSONField(encoder=DjangoJSONEncoder)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        verbose_name = "检查清单"
        constraints = [
            models.UniqueConstraint(fields=["code", "number"], name="supervisors_checklist_version"),
            models.UniqueConstraint(
                fields=["code"], name="supervisors_one_open_checklist", condition=models.Q(valid_to=None)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SupervisorTask(models.Model):
    """A task given out by an office for a place and below it, to be done by ``due_on``."""

    office = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    checklist = models.ForeignKey(Checklist, models.PROTECT, related_name="tasks")
    title = models.CharField(max_length=100)
    words = models.TextField(blank=True)
    opens_on = models.DateField()
    due_on = models.DateField()
    issued_by = models.CharField(max_length=60)
    issued_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_words = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "监督任务"

    def __str__(self) -> str:
        return self.title


class TaskAssignment(models.Model):
    """任务分派: a supervisor is asked to do a task."""

    task = models.ForeignKey(SupervisorTask, models.PROTECT, related_name="assignments")
    supervisor = models.ForeignKey("supervisors.Supervisor", models.PROTECT, related_name="assignments")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "任务分派"
        constraints = [
            models.UniqueConstraint(fields=["task", "supervisor"], name="supervisors_assignment_once")
        ]


class TaskResult(models.Model):
    """任务结果: what a supervisor found, answer by answer; a lead, never evidence by itself. The latest holds.

    ``bad``: codes of the points that were found wanting. ``cost_cents``: what a test letter cost, by its slip.
    """

    assignment = models.ForeignKey(TaskAssignment, models.PROTECT, related_name="results")
    client_id = models.UUIDField(unique=True)
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    answers = models.JSONField(encoder=DjangoJSONEncoder)
    bad = ArrayField(models.CharField(max_length=40), default=list)
    note = models.TextField(blank=True)
    cost_cents = models.IntegerField(null=True)
    photos = ArrayField(models.CharField(max_length=64), default=list)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    accuracy_m = models.FloatField(null=True)
    happened_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = "任务结果"
        indexes = [models.Index(fields=["assignment", "-id"], name="supervisors_result_latest")]
