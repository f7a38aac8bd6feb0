"""Reports of supervisors and the public, where they are sent, how they were verified, and what reporters say of it."""

from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from puyou.accounts.models import never_backwards


class Category(models.Model):
    """What a report can be about; the vocabulary of Open311 as well.

    ``attributes``: further questions, each ``{code, datatype, required, order, description, values}``;
    ``by_visits``: later visits in the village can verify it.
    """

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    group = models.CharField(max_length=40)
    description = models.CharField(max_length=300, blank=True)
    keywords = ArrayField(models.CharField(max_length=20), default=list)
    attributes = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    by_visits = models.BooleanField(default=False)
    order = models.SmallIntegerField(default=0)
    ended_on = models.DateField(null=True)

    class Meta:
        verbose_name = "反映类别"

    def __str__(self) -> str:
        return self.name


class Route(models.Model):
    """Whose it is to answer reports at a place and below it in ``[valid_from, valid_to)``; of a category, or of all."""

    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, models.PROTECT, null=True, related_name="+")
    operator = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        verbose_name = "转办去向"
        constraints = [
            never_backwards("feedback_route_forwards"),
            models.UniqueConstraint(
                fields=["place", "category"],
                name="feedback_one_route",
                condition=models.Q(valid_to=None),
                nulls_distinct=False,
            ),
        ]


class Report(models.Model):
    """One report; its case says how far it is. Who reported stands here alone, never on the case.

    ``text`` is as the reporter wrote it; ``told`` is what the company reads. ``tracking`` and a code (kept as a keyed
    hash) let a reporter without account follow it. ``repeats``: an earlier report of the same at the same place.
    """

    class Source(models.TextChoices):
        SUPERVISOR = "supervisor", "监督员"
        PUBLIC = "public", "公众"
        VILLAGE_CODE = "village_code", "村码"
        OFFICER = "officer", "监管人员登记"

    class Cause(models.TextChoices):
        STAFF = "staff", "人员不足或离岗"
        VEHICLE = "vehicle", "车辆故障"
        ROAD = "road", "道路或天气"
        DEVICE = "device", "设备或系统"
        FACILITY = "facility", "场所设施"
        TRAINING = "training", "业务不熟"
        MANAGEMENT = "management", "管理疏漏"
        RULES = "rules", "制度缺陷"
        NONE = "none", "不属实，无原因"
        OTHER = "other", "其他"

    case = models.OneToOneField("cases.Case", models.PROTECT, related_name="report")
    client_id = models.UUIDField(unique=True)
    digest = models.CharField(max_length=64)
    source = models.CharField(max_length=20, choices=Source.choices)
    category = models.ForeignKey(Category, models.PROTECT, related_name="reports")
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    text = models.TextField()
    told = models.TextField(blank=True)
    attributes = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    photos = ArrayField(models.CharField(max_length=64), default=list)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    accuracy_m = models.FloatField(null=True)
    happened_at = models.DateTimeField()
    filed_at = models.DateTimeField()
    hidden = models.BooleanField(default=True)
    reporter = models.CharField(max_length=60, blank=True)
    contact = models.CharField(max_length=100, blank=True)
    tracking = models.CharField(max_length=12, unique=True)
    code_hash = models.CharField(max_length=64)
    accepted_at = models.DateTimeField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answer_due_on = models.DateField(null=True)
    reopened = models.SmallIntegerField(default=0)
    cause = models.CharField(max_length=20, choices=Cause.choices, blank=True)
    other_body = models.CharField(max_length=100, blank=True)
    repeats = models.ForeignKey("self", models.PROTECT, null=True, related_name="repeated_by")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")

    class Meta:
        verbose_name = "社会监督反映"
        indexes = [
            models.Index(fields=["place", "category", "-filed_at"], name="feedback_report_place"),
            models.Index(fields=["-filed_at", "-id"], name="feedback_report_newest"),
        ]

    def __str__(self) -> str:
        return self.tracking


class Verification(models.Model):
    """核实: how an office looked for itself whether a report is true or made good; append-only."""

    class Method(models.TextChoices):
        ON_SITE = "on_site", "现场核实"
        PHOTO = "photo", "照片核实"
        CALL = "call", "电话回访"
        VISITS = "visits", "由此后到村投递证实"

    class Result(models.TextChoices):
        FIXED = "fixed", "已整改"
        NOT_FIXED = "not_fixed", "未整改"
        REFUTED = "refuted", "不属实"
        NOT_ESTABLISHED = "not_established", "无法核实"

    report = models.ForeignKey(Report, models.PROTECT, related_name="verifications")
    method = models.CharField(max_length=12, choices=Method.choices)
    result = models.CharField(max_length=20, choices=Result.choices)
    text = models.TextField(blank=True)
    evidence = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    revision = models.IntegerField()
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "反映核实"


class Confirmation(models.Model):
    """反映人确认: whether the reporter finds it fixed; append-only, the last one speaks."""

    class Channel(models.TextChoices):
        APP = "app", "监督员应用"
        TRACKING = "tracking", "查询码"
        CALL = "call", "电话"

    report = models.ForeignKey(Report, models.PROTECT, related_name="confirmations")
    fixed = models.BooleanField()
    text = models.TextField(blank=True)
    channel = models.CharField(max_length=12, choices=Channel.choices)
    client_id = models.UUIDField(unique=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "反映人确认"


class Rating(models.Model):
    """How content a reporter is with what became of it, 1 to 5; append-only, the last one speaks."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="ratings")
    score = models.SmallIntegerField()
    text = models.TextField(blank=True)
    channel = models.CharField(max_length=12, choices=Confirmation.Channel.choices)
    client_id = models.UUIDField(unique=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "满意评价"
        constraints = [
            models.CheckConstraint(condition=models.Q(score__range=(1, 5)), name="feedback_rating_score")
        ]
