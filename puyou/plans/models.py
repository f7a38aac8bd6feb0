"""Plans with their indicators and targets, and task lists with their parts, measures, reports and revisions."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from puyou.plans import rules

VALUE: dict[str, Any] = {"max_digits": 26, "decimal_places": 8}


class Verification(models.TextChoices):
    VERIFIED = "verified", "已核实"
    UNVERIFIED = "unverified", "未经核实"


RELATIONS = list(rules.RELATIONS.items())


class Plan(models.Model):
    """A plan of some years. ``announced``: how many indicators it is said to have, however many are known here."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    first_year = models.SmallIntegerField()
    last_year = models.SmallIntegerField()
    issuer = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=300)
    published_on = models.DateField(null=True)
    verification = models.CharField(max_length=12, choices=Verification.choices)
    announced = models.SmallIntegerField(null=True)
    note = models.CharField(max_length=600, blank=True)
    follows = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "规划"
        constraints = [
            models.CheckConstraint(condition=Q(first_year__lte=F("last_year")), name="plans_plan_forwards")
        ]

    def __str__(self) -> str:
        return self.name


class PlanIndicator(models.Model):
    """What a plan sets a target for, called as published. Without ``indicator`` its values are not known here."""

    class Kind(models.TextChoices):
        BINDING = "binding", "约束性"
        EXPECTED = "expected", "预期性"
        NOT_SAID = "", "未载明"

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="indicators")
    position = models.IntegerField()
    aspect = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=80)
    indicator = models.ForeignKey("indicators.Indicator", models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices, blank=True)
    unit = models.CharField(max_length=20, blank=True)
    relation = models.CharField(max_length=10, choices=RELATIONS)
    said = models.CharField(max_length=120, blank=True)
    base_year = models.SmallIntegerField(null=True)
    base_value = models.DecimalField(null=True, **VALUE)
    base_source = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=300)
    verification = models.CharField(max_length=12, choices=Verification.choices)
    owner = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "规划指标"
        constraints = [
            models.UniqueConstraint(fields=["plan", "position"], name="plans_indicator_position"),
            models.UniqueConstraint(fields=["plan", "name"], name="plans_indicator_name"),
        ]

    def __str__(self) -> str:
        return self.name


class PlanTarget(models.Model):
    """What an indicator of a plan ought to come to at a place in a year; the last year's is what the plan is about."""

    plan_indicator = models.ForeignKey(PlanIndicator, models.PROTECT, related_name="targets")
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    value = models.DecimalField(**VALUE)
    source = models.CharField(max_length=300)
    verification = models.CharField(max_length=12, choices=Verification.choices)
    set_by = models.CharField(max_length=60)
    set_at = models.DateTimeField()

    class Meta:
        verbose_name = "规划目标值"
        constraints = [
            models.UniqueConstraint(fields=["plan_indicator", "place", "year"], name="plans_target_once")
        ]


class PlanEvaluation(models.Model):
    """How a plan ended, frozen as it was found; a later one supersedes it, none is changed."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="evaluations")
    number = models.SmallIntegerField()
    content: "models.JSONField[dict[str, object], dict[str, object]]" = models.JSONField()
    digest = models.CharField(max_length=64)
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "规划评估"
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plans_evaluation_number")]


class PlanScenario(models.Model):
    """Targets tried out for the years after a plan, as somebody kept them; nothing follows from one."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="scenarios")
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    year = models.SmallIntegerField()
    wanted: "models.JSONField[dict[str, str], dict[str, str]]" = models.JSONField()
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "规划测算"
        constraints = [models.UniqueConstraint(fields=["plan", "place", "name"], name="plans_scenario_name")]


class TaskList(models.Model):
    """The tasks that an office sets for a period."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    first_on = models.DateField()
    last_on = models.DateField()
    issuer = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=300)
    published_on = models.DateField(null=True)
    verification = models.CharField(max_length=12, choices=Verification.choices)
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, related_name="task_lists")

    class Meta:
        verbose_name = "任务表"
        constraints = [
            models.CheckConstraint(condition=Q(first_on__lte=F("last_on")), name="plans_list_forwards")
        ]

    def __str__(self) -> str:
        return self.name


class Task(models.Model):
    """One task of a list, or a sub-task of one. ``deepest``: the level of place down to which it is shared out."""

    task_list = models.ForeignKey(TaskList, models.PROTECT, related_name="tasks")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    number = models.CharField(max_length=12)
    position = models.IntegerField()
    title = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    owner = models.CharField(max_length=120, blank=True)
    due_on = models.DateField(null=True)
    deepest = models.SmallIntegerField()
    plan_indicator = models.ForeignKey(PlanIndicator, models.PROTECT, null=True, related_name="tasks")

    class Meta:
        verbose_name = "任务"
        constraints = [models.UniqueConstraint(fields=["task_list", "number"], name="plans_task_number")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class TaskMeasure(models.Model):
    """By what a task is judged: an indicator's value, or at which share of the places beneath it is as wanted.

    ``members``: ``wanted`` is asked of each member (of ``place_set``, else each place beneath), and at least
    ``numerator``/``denominator`` of them must have it; a place beneath is judged by its own value.
    ``everywhere``: ``wanted`` holds for each place itself and not for the list's place alone.
    """

    class Mode(models.TextChoices):
        VALUE = "value", "指标值"
        MEMBERS = "members", "达到的下级占比"

    task = models.ForeignKey(Task, models.PROTECT, related_name="measures")
    position = models.IntegerField()
    name = models.CharField(max_length=120)
    indicator = models.ForeignKey("indicators.Indicator", models.PROTECT, null=True, related_name="+")
    mode = models.CharField(max_length=8, choices=Mode.choices)
    relation = models.CharField(max_length=10, choices=RELATIONS)
    wanted = models.DecimalField(null=True, **VALUE)
    unit = models.CharField(max_length=20, blank=True)
    numerator = models.SmallIntegerField(null=True)
    denominator = models.SmallIntegerField(null=True)
    place_set = models.ForeignKey("places.PlaceSet", models.PROTECT, null=True, related_name="+")
    everywhere = models.BooleanField(default=False)
    said = models.CharField(max_length=120, blank=True)
    period = models.CharField(max_length=24)
    source = models.CharField(max_length=300)
    verification = models.CharField(max_length=12, choices=Verification.choices)

    class Meta:
        verbose_name = "任务指标"
        constraints = [
            models.UniqueConstraint(fields=["task", "position"], name="plans_measure_position"),
            models.CheckConstraint(
                condition=~Q(mode="members") | Q(numerator__gt=0, denominator__gte=F("numerator")),
                name="plans_measure_fraction",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TaskPart(models.Model):
    """A task at a place: whose it is there, and by when. The list's own place has one; others descend from it."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="parts")
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    owner = models.CharField(max_length=120)
    due_on = models.DateField()
    note = models.CharField(max_length=300, blank=True)
    assigned_by = models.CharField(max_length=60)
    assigned_at = models.DateTimeField()

    class Meta:
        verbose_name = "任务分解"
        constraints = [models.UniqueConstraint(fields=["task", "place"], name="plans_part_once")]
        indexes = [models.Index(fields=["place", "due_on"], name="plans_part_due")]


class TaskTarget(models.Model):
    """What a measure of a task asks of a place that a part was given to."""

    part = models.ForeignKey(TaskPart, models.PROTECT, related_name="targets")
    measure = models.ForeignKey(TaskMeasure, models.PROTECT, related_name="targets")
    wanted = models.DecimalField(**VALUE)
    set_by = models.CharField(max_length=60)
    set_at = models.DateTimeField()

    class Meta:
        verbose_name = "任务目标值"
        constraints = [models.UniqueConstraint(fields=["part", "measure"], name="plans_task_target_once")]


class TaskReport(models.Model):
    """What a place reported upwards of its part, and what the office above made of it."""

    class Status(models.TextChoices):
        SUBMITTED = "submitted", "已上报，待审"
        ACCEPTED = "accepted", "已接受"
        RETURNED = "returned", "已退回"

    part = models.ForeignKey(TaskPart, models.PROTECT, related_name="reports")
    number = models.SmallIntegerField()
    text = models.TextField()
    complete = models.BooleanField()
    status = models.CharField(max_length=10, choices=Status.choices)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    ground = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "任务报告"
        constraints = [models.UniqueConstraint(fields=["part", "number"], name="plans_report_number")]


class TaskEvidence(models.Model):
    """What a report rests on: a case, an entry of a ledger, or a file kept by its hash."""

    class Kind(models.TextChoices):
        CASE = "case", "案件"
        ENTRY = "entry", "台账记录"
        FILE = "file", "文件"

    report = models.ForeignKey(TaskReport, models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    name = models.CharField(max_length=200)
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, related_name="+")
    entry = models.ForeignKey("ledgers.LedgerEntry", models.PROTECT, null=True, related_name="+")
    type = models.CharField(max_length=80, blank=True)
    size = models.BigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    sm3 = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = "任务佐证"


class TaskRevision(models.Model):
    """A task list as it was published: frozen, numbered, superseded by the next and never changed."""

    task_list = models.ForeignKey(TaskList, models.PROTECT, related_name="revisions")
    number = models.SmallIntegerField()
    content: "models.JSONField[dict[str, object], dict[str, object]]" = models.JSONField()
    digest = models.CharField(max_length=64)
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "任务表发布版"
        constraints = [models.UniqueConstraint(fields=["task_list", "number"], name="plans_revision_number")]
